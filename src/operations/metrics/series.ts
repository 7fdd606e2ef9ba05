import type { Metric, Statistic } from '../../core/contracts/cloudwatch.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { MetricStore } from '../../platform/ports.ts'

/** One datapoint: the beginning of its period, and the value. */
export interface Datapoint {
  readonly t: EpochSeconds
  readonly v: number
}

/** Datapoints of a metric for the periods (of `period` seconds) that begin in `[from, to)`, oldest first. */
export async function metricSeries(
  metrics: Pick<MetricStore, 'getMetricData'>,
  query: {
    readonly metric: Metric
    readonly stat: Statistic
    readonly period: number
    readonly from: EpochSeconds
    readonly to: EpochSeconds
  },
): Promise<Datapoint[]> {
  const { metric, stat, period, from, to } = query
  if (from >= to) return []
  const [found] = await metrics.getMetricData({
    MetricDataQueries: [{ Id: 'm', MetricStat: { Metric: metric, Period: period, Stat: stat } }],
    StartTime: from,
    EndTime: to,
  })
  return (found?.Timestamps ?? []).flatMap((t, i) => {
    const v = found?.Values[i]
    return v === undefined ? [] : [{ t, v }]
  })
}

/** The newest datapoint of a metric among the periods that begin in `(now - lookBackSeconds, now]`; undefined without one. */
export async function latestValue(
  metrics: Pick<MetricStore, 'getMetricData'>,
  metric: Metric,
  stat: Statistic,
  period: number,
  now: EpochSeconds,
  lookBackSeconds: number,
): Promise<Datapoint | undefined> {
  const span = { from: now - lookBackSeconds + 1, to: now + 1 }
  return (await metricSeries(metrics, { metric, stat, period, ...span })).at(-1)
}
