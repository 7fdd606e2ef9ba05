import { loadSql } from '../../../core/sql.ts'
import { DAY_SECONDS, dsOf, HORIZON_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { QUALITY_SQL, qualityTables } from '../../../data/lake/views.ts'
import type { Platform } from '../../../platform/ports.ts'
import { WeekHistogram } from './histograms.ts'
import { weekHours } from './week-hour.ts'

const LABELS_SQL = `with quality as (\n${QUALITY_SQL}\n)\n${loadSql(import.meta.url, './label-counts.sql')}`

/** Outcomes that came in the 24 hours before and with `at`, by endpoint: bins 0, 1 and missing, by hour of the week of their slot. */
export async function labelsWithin(
  { warehouse }: Pick<Platform, 'warehouse'>,
  { city, timezone, at }: { readonly city: string; readonly timezone: string; readonly at: EpochSeconds },
): Promise<Map<string, WeekHistogram>> {
  const until = at - HORIZON_SECONDS + 1
  const from = until - DAY_SECONDS
  const rows = await warehouse.rows<{ endpoint: string; slot: number; rows: number; short: number }>({
    name: 'label-counts',
    sql: LABELS_SQL,
    tables: qualityTables(city, dsOf(from), dsOf(until - 1)),
    params: { from, until },
  })
  const weekHour = weekHours(timezone)
  const labels = new Map<string, WeekHistogram>()
  for (const row of rows.toSorted((a, b) => a.slot - b.slot)) {
    let histogram = labels.get(row.endpoint)
    if (histogram === undefined) labels.set(row.endpoint, (histogram = new WeekHistogram(3)))
    histogram.merge([[weekHour(row.slot), [row.rows - row.short, row.short, 0]]])
  }
  return labels
}
