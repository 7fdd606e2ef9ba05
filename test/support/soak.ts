import { readdirSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { sha256 } from '../../src/core/hash.ts'
import { DAY_SECONDS, isoOf, type EpochSeconds } from '../../src/core/time.ts'
import type { AlarmHistoryItem } from '../../src/core/contracts/cloudwatch.ts'
import { MODEL_NAMESPACE } from '../../src/core/contracts/metrics.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { mustRun } from './cli.ts'

export const SOAK_CITY = 'toy'

/** A small simulated city: a recording to live through, and a lake that knows its first days and serves a model. */
export interface SoakCity {
  /** Data folder of the recording. */
  readonly feed: string
  /** Data folder of the lake, as it is before the first tick. */
  readonly base: string
  readonly config: string
}

/** Makes the city below `folder`: history from `from` to `liveFrom`, the recording for `days` days from `from`. */
export async function makeSoakCity(
  folder: string,
  o: { from: EpochSeconds; liveFrom: EpochSeconds; days: number; stations: number; target?: string },
): Promise<SoakCity> {
  await mkdir(folder, { recursive: true })
  const config = join(folder, 'bikeshare.toml')
  await writeFile(
    config,
    `city = "${SOAK_CITY}"\n[train]\nnum_round = 20\nmax_depth = 3\n[run]\nretrain = "never"\n`,
  )
  const made = join(folder, 'recording')
  const [feed, base] = [join(folder, 'feed'), join(folder, 'base')]
  const common = ['--config', config, '--quiet']
  await mustRun([
    'simulate',
    '--out',
    made,
    '--stations',
    `${o.stations}`,
    '--days',
    `${o.days}`,
    '--seed',
    '3',
    '--from',
    isoOf(o.from),
    '--no-faults',
    ...common,
  ])
  const status = readdirSync(made).filter((name) => name.startsWith('status'))
  const files = [
    '--status',
    ...status.toSorted().map((name) => join(made, name)),
    '--information',
    join(made, 'information.parquet'),
    '--weather',
    join(made, 'weather.parquet'),
  ]
  const zone = ['--timezone', 'America/New_York', '--country', 'US']
  const importing = (dataDir: string, more: string[]): string[] =>
    ['import', '--data-dir', dataDir].concat(zone, more, common, files)
  await mustRun(importing(feed, []))
  await mustRun(importing(base, ['--to', isoOf(o.liveFrom)]))
  const target = o.target ?? 'bikes'
  const lake = ['--data-dir', base, '--now', isoOf(o.liveFrom), ...common]
  await mustRun(['features', 'build', ...lake])
  await mustRun(['train', '--target', target, ...lake])
  await mustRun(['endpoints', 'deploy', '--stage', 'prod', '--target', target, ...lake])
  return { feed, base, config }
}

/** A copy of the lake, to live in. */
export async function copyLake(city: SoakCity, to: string): Promise<string> {
  await cp(city.base, to, { recursive: true })
  return to
}

/** Arguments of a life from `from` to `until` in the lake of `dataDir`. */
export function lifeArgs(
  city: SoakCity,
  dataDir: string,
  o: { from?: EpochSeconds; until: EpochSeconds; faults?: readonly string[] },
): string[] {
  const from = o.from === undefined ? [] : ['--from', isoOf(o.from)]
  const faults = (o.faults ?? []).flatMap((fault) => ['--fault', fault])
  const where = ['--replay', city.feed, '--data-dir', dataDir, '--config', city.config]
  return ['run', ...where, ...from, '--until', isoOf(o.until), ...faults, '--json']
}

/**
 * What is no data, is a cache that costs only time to lose, or is measured by the wall clock: the host's and the scheduler's
 * own state, what is remembered of the feed, captured requests (their ids are by chance) and what was read of them, metric and
 * history files (compared by what they say), reports and the pages of incidents (they show latencies).
 */
const NOT_COMPARED =
  /^((\.tmp|datacapture|host|scheduler|staging|metrics|alarms|reports|ingest|monitoring\/received)\/|incidents\/[^/]+\/(graphs\/|report\.))/

/** sha256 of every compared file of a lake by its key; the port of the replayed feed is not looked at. */
export async function lakeHashes(dataDir: string): Promise<Record<string, string>> {
  const root = join(dataDir, SOAK_CITY)
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const hashes: [string, string][] = []
  for (const entry of entries) {
    const key = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')
    if (!entry.isFile() || NOT_COMPARED.test(key)) continue
    const body = await readFile(join(root, key))
    const text = key.endsWith('.json') ? body.toString('utf8').replaceAll(/127\.0\.0\.1:\d+/g, 'FEED') : body
    hashes.push([key, sha256(text)])
  }
  return Object.fromEntries(hashes.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Our own metrics of a lake: every datapoint of every series, `name {dimensions} time` to `sum/count`. */
export async function metricLines(
  platform: Platform,
  span: { from: EpochSeconds; to: EpochSeconds },
): Promise<Record<string, string>> {
  const lines: Record<string, string> = {}
  for (const Metric of await platform.metrics.listMetrics({ Namespace: MODEL_NAMESPACE })) {
    const stat = (Id: string, Stat: 'Sum' | 'SampleCount') =>
      ({ Id, MetricStat: { Metric, Period: 60, Stat } }) as const
    for (let from = span.from; from < span.to; from += DAY_SECONDS) {
      const [sums, counts] = await platform.metrics.getMetricData({
        MetricDataQueries: [stat('sum', 'Sum'), stat('count', 'SampleCount')],
        StartTime: from,
        EndTime: Math.min(from + DAY_SECONDS, span.to),
      })
      for (const [i, time] of (sums?.Timestamps ?? []).entries())
        lines[`${Metric.MetricName} ${JSON.stringify(Metric.Dimensions)} ${isoOf(time)}`] =
          `${sums?.Values[i]}/${counts?.Values[i]}`
    }
  }
  return lines
}

/** The changes of state in an alarm history, those of the wall-measured latencies left out. */
export async function alarmLines(
  platform: Platform,
  span: { from: EpochSeconds; to: EpochSeconds },
): Promise<string[]> {
  const history: AlarmHistoryItem[] = await platform.alarms.describeAlarmHistory(span)
  return history
    .filter(
      ({ HistoryItemType, AlarmName }) => HistoryItemType === 'StateUpdate' && !/latency/.test(AlarmName),
    )
    .map(({ Timestamp, AlarmName, HistorySummary }) => `${isoOf(Timestamp)} ${AlarmName}: ${HistorySummary}`)
}
