import { join } from 'node:path'
import { BATCH_SECONDS, HOUR_SECONDS } from '../../src/core/time.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { buildAll, importInto, withPlatform } from '../harness/lakes.ts'
import { live, trainAndDeploy } from '../harness/life.ts'
import { latencies, sum } from '../harness/percentile.ts'
import { openPlatform } from '../harness/platform.ts'

/** Long enough for windows of 24 hours to be full at the end. */
const WARM_HOURS = 25
/** The last hours are measured. */
const MEASURED_HOURS = 3

/**
 * Cycles of a scheduler in a city of 2,200 stations with both targets in production: ingest, predict, quality, drift, feed
 * health, alarms. A whole one, on the hour, does all of them; the others do what every batch does.
 */
export async function benchCycle({ folder, inputs }: BenchContext): Promise<Measurement> {
  const recording = await inputs.recording('nyc')
  const { city, to } = recording
  const from = to - WARM_HOURS * HOUR_SECONDS
  const time = { now: from }
  const lake = await openPlatform(join(folder, 'lake'), () => time.now)
  await importInto(lake, recording, from)
  await buildAll(lake, recording)
  await trainAndDeploy(lake, city, from, { rounds: 50 })
  const whole: number[] = []
  const batches: number[] = []
  const byJob = new Map<string, number>()
  const { seconds } = await withPlatform(inputs.path('nyc-history'), (history) =>
    timed(() =>
      live({
        city,
        lake,
        recording: history,
        from,
        until: to,
        setNow: (now) => (time.now = now),
        onTick: (now, ran) => {
          const main = ran.filter(({ job }) => !SLOW_JOBS.has(job))
          const predicted = main.find(({ job }) => job === 'predict')
          if (now < to - MEASURED_HOURS * HOUR_SECONDS || !predicted) return
          const took = sum(main.map(({ milliseconds }) => milliseconds)) / 1000
          ;(predicted.at % HOUR_SECONDS === 0 ? whole : batches).push(took)
          if (predicted.at % HOUR_SECONDS === 0)
            for (const { job, milliseconds } of main)
              byJob.set(job, Math.max(byJob.get(job) ?? 0, Math.round(milliseconds)))
        },
      }),
    ),
  )
  await lake.close()
  return {
    rows: whole.length + batches.length,
    row_unit: 'cycles',
    seconds: sum(whole) + sum(batches),
    peak_rss_mb: peakRssMb(),
    baseline: null,
    baseline_seconds: null,
    figures: {
      whole_cycle_seconds: Math.max(...whole),
      ...latencies(batches, '_batch'),
      share_of_time: sum(batches) / (batches.length * BATCH_SECONDS),
      lived_hours: WARM_HOURS,
      lived_seconds: seconds,
      ...Object.fromEntries([...byJob].map(([job, ms]) => [`${job.replaceAll('-', '_')}_ms`, ms])),
    },
  }
}

/** They go beside the cycle. */
const SLOW_JOBS = new Set(['compact', 'features', 'clean', 'report', 'retrain'])
