import { join } from 'node:path'
import { TABLE_SCHEMAS } from '../../src/core/contracts/tables.ts'
import { predictionsKey } from '../../src/core/keys.ts'
import { BATCH_SECONDS, dsOf, dtOf, HORIZON_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { localClock } from '../../src/data/features/local-clock.ts'
import { ensureStationTables } from '../../src/data/features/station-tables.ts'
import { QUALITY_SQL, qualityTables } from '../../src/data/lake/views.ts'
import { runEstimate } from '../../src/operations/monitoring/estimate/run-estimate.ts'
import { runQuality } from '../../src/operations/monitoring/quality/run-quality.ts'
import { openQualityWindow, type QualityWindow } from '../../src/operations/monitoring/quality/window.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { withPlatform } from '../harness/lakes.ts'
import { latencies } from '../harness/percentile.ts'
import type { Recording } from '../harness/recordings.ts'

const BATCHES_24H = 144
const ENDPOINT = 'bikeshare-prod'
/** Batches judged one after another with the window kept. */
const KEPT_BATCHES = 12

/**
 * The quality of 24 hours of one endpoint from nothing: joined, judged in all its parts, written. Then batch after batch
 * with the window kept, with the estimate. Against DuckDB doing the join of the view `v_quality` and a count, nothing else.
 */
export async function benchQuality({ folder, inputs }: BenchContext): Promise<Measurement> {
  const recording = await inputs.recording('nyc')
  const root = join(folder, 'lake')
  await inputs.copy('nyc-history', root)
  return withPlatform(root, async (lake) => {
    const { city, to } = recording
    const last = Math.floor(to / BATCH_SECONDS) * BATCH_SECONDS
    const first = last - KEPT_BATCHES * BATCH_SECONDS
    for (
      let slot = first - HORIZON_SECONDS - (BATCHES_24H + 12) * BATCH_SECONDS;
      slot <= last;
      slot += BATCH_SECONDS
    )
      await writeBatch(lake, recording, slot)
    const window = openQualityWindow()
    const fresh = await timed(() => judge(lake, recording, first, window))
    const seconds: number[] = []
    const estimates: number[] = []
    for (let at = first + BATCH_SECONDS; at <= last; at += BATCH_SECONDS) {
      const run = await timed(() => judge(lake, recording, at, window))
      seconds.push(run.seconds)
      const { timezone } = recording
      const { views } = run.result
      estimates.push((await timed(() => runEstimate(lake, { city, timezone, at, now: at, views }))).seconds)
    }
    const peak_rss_mb = peakRssMb()
    const rows = fresh.result.endpoints[0]?.rows[0]
    const { seconds: baseline_seconds } = await timed(() => joinOnly(lake, city, first))
    return {
      rows: (rows?.samples ?? 0) + (rows?.unlabelled ?? 0),
      row_unit: 'predictions',
      seconds: fresh.seconds,
      peak_rss_mb,
      baseline: 'DuckDB joining the same rows and counting them',
      baseline_seconds,
      figures: { ...latencies(seconds, '_kept_window'), ...latencies(estimates, '_estimate') },
    }
  })
}

const judge = (
  lake: Platform,
  { city, timezone }: Recording,
  at: EpochSeconds,
  window: QualityWindow,
): ReturnType<typeof runQuality> =>
  runQuality(lake, { city, timezone, at, now: at, namespace: 'Bikeshare/Model', window, live: false })

/** Predictions of every station that the newest snapshot has, by a score made of the count and a little of the hour. */
async function writeBatch(lake: Platform, { city, timezone }: Recording, slot: EpochSeconds): Promise<void> {
  await ensureStationTables(lake, city, [dsOf(slot)])
  const stations = await lake.warehouse.rows<{ station_id: string; bikes: number }>({
    name: 'stations at a slot',
    sql: `select station_id, num_bikes_available as bikes from status
      where last_updated = (select max(last_updated) from status where last_updated <= $slot)
      order by station_id`,
    tables: { status: { dataset: 'station_status', city, dsFrom: dsOf(slot - 3600), dsTo: dsOf(slot) } },
    params: { slot },
  })
  const { hour } = localClock(timezone)(slot)
  const values: Readonly<Record<string, (row: { station_id: string; bikes: number }, i: number) => unknown>> =
    {
      city: () => city,
      endpoint: () => ENDPOINT,
      target: () => 'bikes',
      slot: () => slot,
      dt: () => dtOf(slot),
      station_id: ({ station_id }) => station_id,
      count_now: ({ bikes }) => bikes,
      score: ({ bikes }, i) => scoreOf(bikes, hour, i),
      threshold: () => 0.3,
      stockout: ({ bikes }, i) => scoreOf(bikes, hour, i) >= 0.3,
      variant: () => 'AllTraffic',
      model_version: () => '20240312T000000Z-01234567',
      features_hash: () => '0123456789abcdef',
      inference_id: (_row, i) => `batch-${slot}-${Math.floor(i / 100)}`,
      shuffle_seed: () => 1,
      made_at: () => slot + 5,
      backfilled: () => false,
    }
  await lake.warehouse.writeRows(
    predictionsKey(ENDPOINT, city, slot),
    TABLE_SCHEMAS.predictions.map(({ name, type }) => ({
      name,
      type,
      values: stations.map((row, i) => values[name]?.(row, i) as string | number | boolean),
    })),
  )
}

const scoreOf = (bikes: number, hour: number, station: number): number =>
  Math.fround(1 / (1 + Math.exp(bikes - 2 + ((station * 7 + hour) % 13) / 6)))

async function joinOnly(lake: Platform, city: string, at: EpochSeconds): Promise<void> {
  const from = at - HORIZON_SECONDS - BATCHES_24H * BATCH_SECONDS
  await lake.warehouse.rows({
    name: 'joined predictions',
    sql: `select count(*) as joined, sum(label) as positives from (${QUALITY_SQL}) as quality
      where slot > $from and slot <= $to`,
    tables: qualityTables(city, dsOf(from), dsOf(at)),
    params: { from, to: at - HORIZON_SECONDS },
  })
}
