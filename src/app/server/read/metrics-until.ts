import { SAGEMAKER_NAMESPACE } from '../../../core/contracts/metrics.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { MetricStore } from '../../../platform/ports.ts'

/**
 * A metric store as of a moment of the past, for those who read the service's metrics to the end of a period: one that was not
 * over at `at` holds what came later, and is left out. Our own metrics stand at the beginning of their period.
 */
export function metricsUntil(metrics: MetricStore, at: EpochSeconds): MetricStore {
  return {
    putMetricData: (namespace, data) => metrics.putMetricData(namespace, data),
    listMetrics: (filter) => metrics.listMetrics(filter),
    maintain: (now) => metrics.maintain(now),
    async getMetricData(input) {
      const periods = new Map(
        input.MetricDataQueries.map(({ Id, MetricStat }) => [
          Id,
          MetricStat?.Metric.Namespace === SAGEMAKER_NAMESPACE ? MetricStat.Period : 0,
        ]),
      )
      return (await metrics.getMetricData(input)).map((result) => {
        const isOver = (t: EpochSeconds): boolean => t + (periods.get(result.Id) ?? 0) <= at
        return {
          ...result,
          Timestamps: result.Timestamps.filter(isOver),
          Values: result.Values.filter((_, i) => isOver(result.Timestamps[i] ?? 0)),
        }
      })
    },
  }
}
