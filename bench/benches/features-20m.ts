import { join } from 'node:path'
import { silentReporter } from '../../src/core/report.ts'
import { dayKey } from '../../src/core/keys.ts'
import { DAY_SECONDS, dsOf, parseDs, type EpochSeconds } from '../../src/core/time.ts'
import { buildFeatures } from '../../src/data/features/build.ts'
import { statusDays } from '../../src/data/lake/days.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { openPlatform } from '../harness/platform.ts'

const COPIES = 7

/**
 * Features of seven times the recording: its days again and again, each time six weeks later. Against the first of the
 * seven, times seven, so that a ratio of 1 is linear growth.
 */
export async function benchFeatures20m({ folder, inputs }: BenchContext): Promise<Measurement> {
  const root = join(folder, 'lake')
  await inputs.copy('sf-lake', root)
  const { city, timezone, country } = await inputs.recording('sf')
  const lake = await openPlatform(root)
  const days = await statusDays(lake.store, city)
  let rows = 0
  for (let copy = 1; copy < COPIES; copy++)
    for (const ds of days) rows += await copyDay(lake, city, ds, copy * days.length * DAY_SECONDS)
  rows = (rows / (COPIES - 1)) * COPIES
  const last = parseDs(days.at(-1) ?? '')
  const build = (range: { from?: EpochSeconds; to?: EpochSeconds }) =>
    timed(() => buildFeatures(lake, { city, timezone, country, ...range, report: silentReporter }))
  const first = await build({ to: last })
  const first_rss_mb = peakRssMb()
  const rest = await build({ from: last + DAY_SECONDS })
  const peak_rss_mb = peakRssMb()
  await lake.close()
  const seconds = first.seconds + rest.seconds
  return {
    rows,
    row_unit: 'status rows',
    seconds,
    peak_rss_mb,
    baseline: `the first ${days.length} days, times ${COPIES}`,
    baseline_seconds: first.seconds * COPIES,
    figures: { seconds_2m_rows: (seconds / rows) * 2e6, first_rss_mb },
  }
}

/** A day's status again, later. */
async function copyDay(lake: Platform, city: string, ds: string, later: number): Promise<number> {
  const written = await lake.warehouse.write(
    {
      name: 'status again',
      sql: `select * replace (last_updated + cast($later as bigint) as last_updated,
        last_reported + cast($later as bigint) as last_reported) from status`,
      tables: { status: { dataset: 'station_status', city, dsFrom: ds, dsTo: ds } },
      params: { later },
    },
    dayKey('station_status', city, dsOf(parseDs(ds) + later)),
  )
  return written.rows
}
