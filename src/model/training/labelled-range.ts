import { loadSql } from '../../core/sql.ts'
import { dsOf, type EpochSeconds } from '../../core/time.ts'
import type { ModelRows } from '../../data/features/model-rows.ts'
import type { Warehouse } from '../../platform/ports.ts'

const LABELLED_RANGE_SQL = loadSql(import.meta.url, './labelled-range.sql')

/** How many rows a model may see, how many of them are positives, and their first and last slot. */
export interface LabelledRange {
  readonly rows: number
  readonly positives: number
  readonly first: EpochSeconds
  readonly last: EpochSeconds
}

/** What the rows are that `trainingRowsStatement` gives; undefined when it gives none. */
export async function labelledRange(
  warehouse: Pick<Warehouse, 'rows'>,
  { city, target, from, until }: ModelRows,
): Promise<LabelledRange | undefined> {
  if (until <= from) return undefined
  const [found] = await warehouse.rows<{
    row_count: number
    positives: number
    first_slot: number | null
    last_slot: number | null
  }>({
    name: 'labelled range',
    sql: LABELLED_RANGE_SQL,
    tables: { features: { dataset: 'features', city, dsFrom: dsOf(from), dsTo: dsOf(until - 1) } },
    params: { target, from, until },
  })
  if (!found || found.first_slot === null || found.last_slot === null) return undefined
  return {
    rows: found.row_count,
    positives: found.positives,
    first: found.first_slot,
    last: found.last_slot,
  }
}
