import { loadSql } from '../../core/sql.ts'
import { dsOf, dtOf } from '../../core/time.ts'
import type { Statement, TableRef, Warehouse } from '../../platform/ports.ts'
import type { SlotRange } from './feature-statement.ts'

const UNIQUE_SQL = loadSql(import.meta.url, './check-unique.sql')
const RANGE_SQL = loadSql(import.meta.url, './check-range.sql')
const MISSING_SQL = loadSql(import.meta.url, './check-missing.sql')

/** The missing check looks this far before the day to tell a new station from one that was there. */
const ARRIVAL_SECONDS = 8100

/** The tables that a check of one day's rows needs: the rows themselves, and what they were made of. */
export interface CheckedTables {
  readonly features: TableRef
  readonly calendar: TableRef
}

/**
 * Runs the data checks over the feature rows of a day, as SQL that returns what offends. Returns one sentence for each
 * check that failed, with its figures; none when the rows may be published.
 */
export async function failedChecks(
  warehouse: Warehouse,
  slots: SlotRange,
  { features, calendar }: CheckedTables,
): Promise<string[]> {
  const failures: string[] = []
  const check = (name: string, sql: string): Statement => ({ name, sql, tables: { features } })

  const [repeated] = await warehouse.rows<{ slot: number; station_id: string; times: number }>(
    check('check-unique', UNIQUE_SQL),
  )
  if (repeated)
    failures.push(`station ${repeated.station_id} occurs ${repeated.times} times at ${dtOf(repeated.slot)}`)

  const [outside] = await warehouse.rows<{
    dt: string
    station_id: string
    util_bikes: number
    util_docks: number
  }>(check('check-range', RANGE_SQL))
  if (outside)
    failures.push(
      `a utilisation lies outside 0..1 at station ${outside.station_id}, ${outside.dt}` +
        ` (bikes ${outside.util_bikes}, docks ${outside.util_docks})`,
    )

  const since = slots.from - ARRIVAL_SECONDS
  const status: TableRef = {
    dataset: 'station_status',
    city: calendar.city,
    dsFrom: dsOf(since),
    dsTo: dsOf(slots.to),
    since,
    until: slots.to,
  }
  const missing = await warehouse.rows<{ feature: string; missing: number; of_rows: number }>({
    name: 'check-missing',
    sql: MISSING_SQL,
    tables: { features, status, calendar },
    params: { slot_from: slots.from, slot_to: slots.to },
  })
  for (const { feature, missing: count, of_rows } of missing) {
    const percent = ((100 * count) / of_rows).toFixed(1)
    failures.push(
      `${feature} is missing without a reason in ${count} of ${of_rows} rows (${percent} %, allowed is under 1 %)`,
    )
  }
  return failures
}
