import type { Metric, Statistic } from '../../src/core/contracts/cloudwatch.ts'
import type { EpochSeconds } from '../../src/core/time.ts'
import type { MetricStore } from '../../src/platform/ports.ts'

/** A statistic of a metric, period by period, as `[beginning of the period, value]`; `period` is a minute by default. */
export async function datapoints(
  metrics: Pick<MetricStore, 'getMetricData'>,
  Metric: Metric,
  span: {
    readonly from: EpochSeconds
    readonly to: EpochSeconds
    readonly period?: number
    readonly stat?: Statistic
    readonly unit?: string
  },
): Promise<[t: EpochSeconds, v: number][]> {
  const { from, to, period = 60, stat = 'Sum', unit } = span
  const [found] = await metrics.getMetricData({
    MetricDataQueries: [
      {
        Id: 'm',
        MetricStat: { Metric, Period: period, Stat: stat, ...(unit !== undefined && { Unit: unit }) },
      },
    ],
    StartTime: from,
    EndTime: to,
  })
  return (found?.Timestamps ?? []).map((t, i) => [t, found?.Values[i] ?? Number.NaN])
}
