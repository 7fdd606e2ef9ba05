import { join } from 'node:path'
import { HOUR_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { featureTables } from '../../src/data/features/feature-statement.ts'
import { onlineFeatures } from '../../src/data/features/online.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { peakRssMb, type BenchContext, type Measurement } from '../harness/bench.ts'
import { liveFrom, minutesFrom } from '../harness/lakes.ts'
import { latencies, sum } from '../harness/percentile.ts'
import { openPlatform } from '../harness/platform.ts'
import type { Recording } from '../harness/recordings.ts'
import { knownSlots, timesOf } from '../harness/slots.ts'

/**
 * The features of one slot after another from the snapshots before it, each in its own file as a feed leaves them: once as
 * recorded, once with a snapshot every minute. Against DuckDB reading the same rows without computing anything.
 */
export async function benchOnlineFeatures({ folder, inputs }: BenchContext): Promise<Measurement> {
  const recording = await inputs.recording('nyc')
  await inputs.copy('nyc-live', join(folder, 'live'))
  await inputs.copy('nyc-minutes', join(folder, 'minutes'))
  const live = await openPlatform(join(folder, 'live'))
  const minutes = await openPlatform(join(folder, 'minutes'))
  const recorded = await measure(live, recording, liveFrom(recording))
  const everyMinute = await measure(minutes, recording, minutesFrom(recording))
  const peak_rss_mb = peakRssMb()
  const reads = await timesOf(recorded.slots, (slot) => readOnly(live, recording, slot))
  await live.close()
  await minutes.close()
  return {
    rows: recorded.rows,
    row_unit: 'feature rows',
    seconds: sum(recorded.seconds),
    peak_rss_mb,
    baseline: 'DuckDB reading the same rows without computing',
    baseline_seconds: sum(reads),
    figures: {
      slots: recorded.slots.length,
      ...latencies(recorded.seconds),
      ...latencies(everyMinute.seconds, '_minute_feed'),
      first_ms: recorded.firstSeconds * 1000,
    },
  }
}

interface Online {
  readonly slots: readonly EpochSeconds[]
  readonly seconds: readonly number[]
  /** The first of all, not among the others: a process that has just started. */
  readonly firstSeconds: number
  readonly rows: number
}

async function measure(
  lake: Platform,
  { city, timezone, country, to }: Recording,
  from: EpochSeconds,
): Promise<Online> {
  const [first, ...slots] = await knownSlots(lake, city, from + 2 * HOUR_SECONDS, to)
  if (first === undefined) throw new Error('no slot has a known state')
  let rows = 0
  const online = async (slot: EpochSeconds): Promise<void> => {
    rows += (await onlineFeatures(lake, { city, timezone, country, slot })).stationIds.length
  }
  const [firstSeconds = 0] = await timesOf([first], online)
  rows = 0
  return { slots, seconds: await timesOf(slots, online), firstSeconds, rows }
}

/** Every column of every row that the features of a slot are computed from. */
async function readOnly(lake: Platform, { city }: Recording, slot: EpochSeconds): Promise<void> {
  const tables = await featureTables(lake.store, city, { from: slot, to: slot, knownUntil: slot })
  const maxima = Object.keys(tables).map((table) => `(select max(columns(*)) from ${table}) as ${table}_max`)
  await lake.warehouse.rows({
    name: 'read only',
    sql: `select * from ${maxima.join(' cross join ')}`,
    tables,
  })
}
