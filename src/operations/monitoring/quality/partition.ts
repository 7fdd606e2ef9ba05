import type { QualityRow } from '../../../core/contracts/quality.ts'
import { TABLE_SCHEMAS } from '../../../core/contracts/tables.ts'
import { qualityKey } from '../../../core/keys.ts'
import { loadSql } from '../../../core/sql.ts'
import { dsOf, type EpochSeconds } from '../../../core/time.ts'
import type { Column, Platform } from '../../../platform/ports.ts'

const QUALITY_ROWS_SQL = loadSql(import.meta.url, './quality-rows.sql')

/** Writes the rows of one revision of a window: a file of its own, which is never changed. */
export async function writeRevision(
  { warehouse }: Pick<Platform, 'warehouse'>,
  rows: readonly QualityRow[],
): Promise<void> {
  const [first] = rows
  if (!first) throw new Error('a window has at least the row of all predictions')
  const columns: Column[] = TABLE_SCHEMAS.monitoring_quality.map(({ name, type }) => ({
    name,
    type,
    values: rows.map((row) => row[name as keyof QualityRow]),
  }))
  await warehouse.writeRows(qualityKey(first.endpoint, first.city, first.ends_at, first.revision), columns)
}

/** Which rows to read: of batches in `[from, to]`. */
export interface QualityQuery {
  readonly city: string
  readonly endpoint?: string
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  /** Only this kind. */
  readonly kind?: QualityRow['kind']
}

/** Published rows of all revisions, by endpoint, batch and revision, each in the order they were written. */
export async function readRows(
  { warehouse }: Pick<Platform, 'warehouse'>,
  { city, endpoint, from, to, kind }: QualityQuery,
): Promise<QualityRow[]> {
  return warehouse.rows<QualityRow>({
    name: 'published quality',
    sql: QUALITY_ROWS_SQL,
    tables: {
      published: {
        dataset: 'monitoring_quality',
        city,
        dsFrom: dsOf(from),
        dsTo: dsOf(to),
        since: from,
        until: to,
      },
    },
    params: { endpoint: endpoint ?? null, kind: kind ?? null, from, to },
  })
}
