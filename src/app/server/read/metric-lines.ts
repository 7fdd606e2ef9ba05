import type { Point, Series } from '../../../core/contracts/api/common.ts'
import type { Metric, MetricDataQuery, Statistic } from '../../../core/contracts/cloudwatch.ts'
import {
  MODEL_METRICS,
  SAGEMAKER_METRICS,
  SAGEMAKER_NAMESPACE,
  type MetricName,
  type SageMakerMetricName,
} from '../../../core/contracts/metrics.ts'
import { canonicalJson, sha256 } from '../../../core/hash.ts'
import { BATCH_SECONDS, DAY_SECONDS, dsOf, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { listed, tokenOf } from './listing.ts'
import { cacheOf } from './read-cache.ts'

/** Points a line, about. */
const MOST_POINTS = 700
const STEP_SECONDS = 300
const STEPS = [STEP_SECONDS, 600, 1800, 3600, 10_800, 21_600, 86_400]

/** The window of a chart: `[from, to]`, the moment that it is as of, and seconds between points. */
export interface Window {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
}

/** A line that is wanted of the metric store. */
export interface Line {
  readonly metric: Metric
  readonly stat: Statistic
  readonly period: number
  /** What its name does not say: an endpoint, a variant. */
  readonly of: string | null
  /** Its data stand at the beginning of a period, so that one that is not over is whole all the same. */
  readonly atBegin: boolean
  readonly unit: string
  /** The unit's share of the metric's own. */
  readonly scale: number
}

/** The window of the last `days` days. */
export const lastDays = (at: EpochSeconds, days: number): Window => ({
  from: at - days * DAY_SECONDS,
  to: at,
})

/** A period of at least `least` seconds that gives a line of the window not too many points. */
export function periodFor({ from, to }: Window, least: number): number {
  return STEPS.find((step) => step >= least && (to - from) / step <= MOST_POINTS) ?? DAY_SECONDS
}

/** One of our own metrics of an endpoint (of a variant); one datapoint every `every` seconds. */
export function modelLine(
  source: CitySource,
  endpoint: string,
  name: MetricName,
  window: Window,
  o: {
    readonly stat?: Statistic
    readonly every?: number
    readonly variant?: string
    readonly of?: string
  } = {},
): Line {
  const every = o.every ?? BATCH_SECONDS
  const period = periodFor(window, every)
  return {
    metric: {
      Namespace: source.config.cw_custom_ns,
      MetricName: name,
      Dimensions: {
        EndpointName: endpoint,
        City: source.info.city,
        ...(o.variant === undefined ? {} : { VariantName: o.variant }),
      },
    },
    stat: o.stat ?? 'Average',
    period,
    of: o.of ?? o.variant ?? null,
    atBegin: period === every,
    unit: MODEL_METRICS[name].unit,
    scale: 1,
  }
}

/** One of SageMaker's metrics of a variant. Latencies come in milliseconds. */
export function servingLine(
  o: { readonly endpoint: string; readonly variant: string; readonly of: string },
  name: SageMakerMetricName,
  stat: Statistic,
  window: Window,
): Line {
  const isTime = SAGEMAKER_METRICS[name].unit === 'Microseconds'
  return {
    metric: {
      Namespace: SAGEMAKER_NAMESPACE,
      MetricName: name,
      Dimensions: { EndpointName: o.endpoint, VariantName: o.variant },
    },
    stat,
    period: periodFor(window, 300),
    of: o.of,
    atBegin: false,
    unit: isTime ? 'Milliseconds' : 'Count',
    scale: isTime ? 1000 : 1,
  }
}

/** Reads lines over one window, in their order: a point for every period of it that was over by its end, null for a gap. */
export async function readLines(
  source: CitySource,
  lines: readonly Line[],
  window: Window,
): Promise<readonly Series[]> {
  if (lines.length === 0) return []
  const key = sha256(canonicalJson([lines, window]))
  const made = await cacheOf(source).lines.get(key, await metricsToken(source, window), async () => {
    const series = await seriesOf(source, lines, window)
    return { series, bytes: series.reduce((sum, { points }) => sum + 60 * points.length, 500) }
  })
  return made.series
}

/** Changes when metrics of the end of a window may have: with a file of the store, else once a minute. */
async function metricsToken({ platform, config, now }: CitySource, { to }: Window): Promise<string> {
  const folders = [config.cw_custom_ns, SAGEMAKER_NAMESPACE].map(
    (namespace) => `metrics/${encodeURIComponent(namespace)}/ds=${dsOf(to)}/`,
  )
  const listings = await Promise.all(folders.map((folder) => listed(platform.store, folder)))
  return [Math.floor(now() / 60), ...listings.map(tokenOf)].join('\n')
}

async function seriesOf({ platform }: CitySource, lines: readonly Line[], window: Window): Promise<Series[]> {
  const queries = lines.map(({ metric, period, stat }, i): MetricDataQuery => ({
    Id: `m${i}`,
    MetricStat: { Metric: metric, Period: period, Stat: stat },
  }))
  const results = await platform.metrics.getMetricData({
    MetricDataQueries: queries,
    StartTime: Math.min(...lines.map(({ period }) => begin(window, period))),
    EndTime: window.to + 1,
  })
  const byId = new Map(results.map((result) => [result.Id, result]))
  return lines.map((line, i) => {
    const found = byId.get(`m${i}`)
    const known = new Map((found?.Timestamps ?? []).map((t, k) => [t, found?.Values[k]]))
    return {
      name: nameOf(line),
      unit: line.unit,
      period: line.period,
      points: gridOf(line, window, (t) => known.get(t), line.scale),
      of: line.of,
    }
  })
}

const begin = ({ from }: Window, period: number): EpochSeconds => Math.ceil(from / period) * period
const nameOf = ({ metric: { MetricName: name }, stat }: Line): string =>
  stat === 'Average' ? name : `${name} ${stat}`

/** Every period of a window that had all its data by the window's end. */
export function gridOf(
  line: { readonly period: number; readonly atBegin: boolean },
  window: Window,
  valueAt: (t: EpochSeconds) => number | undefined,
  scale = 1,
): Point[] {
  const last = line.atBegin ? window.to : window.to - line.period
  const points: Point[] = []
  for (let t = begin(window, line.period); t <= last; t += line.period) {
    const value = valueAt(t)
    points.push([t, value === undefined ? null : value / scale])
  }
  return points
}
