import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { silentReporter } from '../../src/core/report.ts'
import { DAY_SECONDS, dsOf, HOUR_SECONDS, parseTime, type EpochSeconds } from '../../src/core/time.ts'
import { buildFeatures } from '../../src/data/features/build.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { writeSimulation } from '../../src/data/simulation/write.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { live, trainAndDeploy } from '../harness/life.ts'
import { config, openPlatform } from '../harness/platform.ts'

const FROM = parseTime('2024-09-02T00:00:00Z')
const HISTORY_DAYS = 5
const DAYS = 30
const STATIONS = 12
const CITY = 'toy'
/** Memory is looked at once the caches of 24 hours are full. */
const SETTLED_DAYS = 5

/**
 * Thirty days of a small city at full speed, with an outage of ten minutes, one of three hours and one of two days: whether
 * memory is flat and the disk within what retention keeps. Kills are the test's affair: they would begin the memory anew.
 */
export async function benchSoak({ folder }: BenchContext): Promise<Measurement> {
  const liveFrom = FROM + HISTORY_DAYS * DAY_SECONDS
  const until = liveFrom + DAYS * DAY_SECONDS
  const time = { now: liveFrom }
  const [feed, root] = [join(folder, 'feed'), join(folder, 'lake')]
  const recording = await openPlatform(feed)
  const lake = await openPlatform(root, () => time.now)
  await prepare(recording, lake, feed, liveFrom)
  const rss: [day: number, mb: number][] = []
  const disk: number[] = []
  const looking: Promise<void>[] = []
  let day = ''
  const { result, seconds } = await timed(() =>
    live({
      city: CITY,
      lake,
      recording,
      from: liveFrom,
      until,
      faults: outages(liveFrom),
      settings: { ...config, run: { ...config.run, retrain: 'never' }, retention: RETENTION },
      setNow: (now) => (time.now = now),
      onTick: (now) => {
        // After the day's own jobs.
        if (dsOf(now - HOUR_SECONDS) === day) return
        day = dsOf(now - HOUR_SECONDS)
        rss.push([(now - liveFrom) / DAY_SECONDS, process.memoryUsage.rss() / 2 ** 20])
        looking.push(bytesBelow(root).then((bytes) => void disk.push(bytes / 1e6)))
      },
    }),
  )
  await Promise.all(looking)
  await lake.close()
  await recording.close()
  const settled = rss.filter(([at]) => at >= SETTLED_DAYS)
  return {
    rows: result.runs,
    row_unit: 'runs of jobs',
    seconds,
    peak_rss_mb: peakRssMb(),
    baseline: null,
    baseline_seconds: null,
    figures: {
      days: DAYS,
      failed_runs: result.failed,
      memory_slope_mb_a_day: slope(settled),
      rss_mb_first: settled[0]?.[1] ?? 0,
      rss_mb_last: settled.at(-1)?.[1] ?? 0,
      disk_mb_last: disk.at(-1) ?? 0,
      disk_mb_most: Math.max(...disk),
      disk_mb_last_week: (disk.at(-1) ?? 0) - (disk.at(-8) ?? 0),
    },
  }
}

/** Short, so that thirty days show whether what is past it goes. */
const RETENTION = {
  ...config.retention,
  raw_days: 7,
  datacapture_days: 3,
  ingest_errors_days: 7,
  inference_days: 14,
  monitoring_days: 14,
  reports_days: 14,
}

function outages(from: EpochSeconds) {
  const outage = (day: number, seconds: number) =>
    ({
      kind: 'unavailable',
      from: from + day * DAY_SECONDS,
      to: from + day * DAY_SECONDS + seconds,
    }) as const
  return [outage(6.3, 600), outage(9.6, 3 * HOUR_SECONDS), outage(15.2, 2 * DAY_SECONDS)]
}

async function prepare(
  recording: Awaited<ReturnType<typeof openPlatform>>,
  lake: Awaited<ReturnType<typeof openPlatform>>,
  folder: string,
  liveFrom: EpochSeconds,
): Promise<void> {
  const timezone = 'America/New_York'
  const written = await writeSimulation(recording.warehouse, {
    seed: 3,
    stations: STATIONS,
    from: FROM,
    days: HISTORY_DAYS + DAYS,
    timezone,
    status: 'recording/status.parquet',
    information: 'recording/information.parquet',
    weather: 'recording/weather.parquet',
  })
  const files = {
    status: written.status.map(({ key }) => join(folder, key)),
    information: [join(folder, written.information.key)],
    weather: [join(folder, written.weather.key)],
  }
  const what = { city: CITY, timezone, country: 'US', ...files, report: silentReporter }
  await importRecording(recording, what)
  await importRecording(lake, { ...what, to: liveFrom })
  await buildFeatures(lake, { city: CITY, timezone, country: 'US', report: silentReporter })
  await trainAndDeploy(lake, CITY, liveFrom, { rounds: 20, targets: ['bikes'] })
}

/** Least squares of memory by day. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, mb]) => mb))]
  const over = points.reduce((total, [at, mb]) => total + (at - x) * (mb - y), 0)
  return over / points.reduce((total, [at]) => total + (at - x) ** 2, 0)
}

async function bytesBelow(root: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      )
  return bytes
}
