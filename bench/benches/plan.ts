import { join } from 'node:path'
import { planRebalancing } from '../../src/operations/rebalancing/plan-rebalancing.ts'
import { NO_CONSTRAINTS } from '../../src/operations/rebalancing/constraints-store.ts'
import { planSettings } from '../../src/operations/rebalancing/settings.ts'
import { DAY_SECONDS, dayFloor, HOUR_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { config, openPlatform } from '../harness/platform.ts'
import type { Recording } from '../harness/recordings.ts'
import { knownSlots } from '../harness/slots.ts'

const TRUCKS = 10
/** 16:00 in New York in summer. */
const PEAK_HOUR = 20

/**
 * A plan for 2,200 stations and 10 trucks at an evening peak, from a lake whose days were counted before, as the job of the night or
 * the plan before did; the first plan of a lake counts them and is a figure of its own. Seconds are those of the whole plan,
 * beside them the longest time in which the event loop stood.
 */
export async function benchPlan({ folder, inputs }: BenchContext): Promise<Measurement> {
  const recording = await inputs.recording('nyc')
  await inputs.copy('nyc-history', join(folder, 'lake'))
  const platform = await openPlatform(join(folder, 'lake'))
  try {
    const at = await lastPeak(platform, recording)
    const first = await timed(() => planAt(platform, recording, at))
    const watch = watchLoop()
    const second = await timed(() => planAt(platform, recording, at))
    const blocked = watch.stop()
    const { objective, greedy, solver, basis } = second.result
    return {
      rows: basis.stations,
      row_unit: 'stations',
      seconds: second.seconds,
      peak_rss_mb: peakRssMb(),
      baseline: 'the first plan of a lake, which counts its days',
      baseline_seconds: first.seconds,
      figures: {
        trucks: TRUCKS,
        avoided: objective.avoided,
        greedy_avoided: greedy.objective.avoided,
        gap: solver.gap ?? Number.NaN,
        relaxed_bound: solver.relaxed_bound ?? Number.NaN,
        routes_considered: solver.routes_considered,
        status: solver.status,
        longest_block_ms: blocked,
      },
    }
  } finally {
    await platform.close()
  }
}

/** The last evening of the recording at whose peak there was a snapshot. */
async function lastPeak(platform: Platform, { city, from, to }: Recording): Promise<EpochSeconds> {
  for (let day = dayFloor(to); day > from; day -= DAY_SECONDS) {
    const at = day + PEAK_HOUR * HOUR_SECONDS
    const [slot] = at < to ? await knownSlots(platform, city, at, at + HOUR_SECONDS) : []
    if (slot !== undefined) return slot
  }
  throw new Error('no evening of the recording has a snapshot')
}

function planAt(platform: Platform, { city, timezone, country }: Recording, at: EpochSeconds) {
  return planRebalancing(platform, {
    city,
    timezone,
    country,
    now: at,
    settings: planSettings(config.rebalancing, NO_CONSTRAINTS, { trucks: TRUCKS }),
    constraints: NO_CONSTRAINTS,
    by: 'bench',
    elapsedMs: () => performance.now(),
  })
}

/** Watches for how long the event loop stands, in milliseconds. */
function watchLoop(): { stop(): number } {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 5)
  return {
    stop() {
      clearInterval(timer)
      return longest
    },
  }
}
