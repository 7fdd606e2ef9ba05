import type { MetricName } from '../../../core/contracts/metrics.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { MetricStore } from '../../../platform/ports.ts'
import type { Attempt } from './gap-cause.ts'

const METRIC: MetricName = 'IngestFailures'
const PERIOD = 300

/**
 * What ingest tried in `[from, to]`, in steps of five minutes, from its metric: a datapoint an attempt, 1 for one that
 * failed. Null when the metric has no series for the city: attempts are not recorded.
 */
export async function ingestAttempts(
  metrics: Pick<MetricStore, 'getMetricData' | 'listMetrics'>,
  namespace: string,
  city: string,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<Attempt[] | null> {
  const series = await metrics.listMetrics({
    Namespace: namespace,
    MetricName: METRIC,
    Dimensions: { City: city },
  })
  if (series.length === 0) return null
  const stats = ['SampleCount', 'Sum'] as const
  const results = await metrics.getMetricData({
    StartTime: Math.floor(from / PERIOD) * PERIOD,
    EndTime: (Math.floor(to / PERIOD) + 1) * PERIOD,
    MetricDataQueries: series.flatMap((Metric, i) =>
      stats.map((Stat) => ({
        Id: `m${i}${Stat.toLowerCase()}`,
        MetricStat: { Metric, Period: PERIOD, Stat },
      })),
    ),
  })
  const attempts = new Map<EpochSeconds, { attempts: number; failures: number }>()
  for (const { Id, Timestamps, Values } of results)
    for (const [i, at] of Timestamps.entries()) {
      const sum = attempts.get(at) ?? { attempts: 0, failures: 0 }
      if (Id.endsWith('samplecount')) sum.attempts += Values[i] ?? 0
      else sum.failures += Values[i] ?? 0
      attempts.set(at, sum)
    }
  return [...attempts].map(([at, sum]) => ({ at, ...sum })).sort((a, b) => a.at - b.at)
}
