import type { MetricName } from '../../core/contracts/metrics.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { MetricStore } from '../../platform/ports.ts'

const METRIC: MetricName = 'InvalidAnswers'

/**
 * Counts, at the slot of a batch, the variants that answered with something that is no score. To the endpoint such an answer
 * is as good as any, and none of its metrics tells.
 */
export async function putInvalid(
  metrics: Pick<MetricStore, 'putMetricData'>,
  o: {
    readonly namespace: string
    readonly endpoint: string
    readonly city: string
    readonly slot: EpochSeconds
  },
  variants: readonly string[],
): Promise<void> {
  if (variants.length === 0) return
  await metrics.putMetricData(
    o.namespace,
    variants.map((VariantName) => ({
      MetricName: METRIC,
      Dimensions: { EndpointName: o.endpoint, City: o.city, VariantName },
      Timestamp: o.slot,
      Value: 1,
      Unit: 'Count',
    })),
  )
}
