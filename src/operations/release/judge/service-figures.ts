import type { Statistic } from '../../../core/contracts/cloudwatch.ts'
import {
  SAGEMAKER_NAMESPACE,
  type MetricName,
  type SageMakerMetricName,
} from '../../../core/contracts/metrics.ts'
import type { Release, ReleaseEndpoint } from '../../../core/contracts/release.ts'
import { BATCH_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'
import { metricSeries, type Datapoint } from '../../metrics/series.ts'

type MetricsPlatform = Pick<Platform, 'metrics'>

const LATENCY_PERIOD = 300

/** How a variant answered since some time. */
export interface Service {
  readonly requests: number
  readonly errors: number
  /** Milliseconds; undefined without a request. */
  readonly slowest: number | undefined
}

/** Reads it from SageMaker's metrics. */
export async function serviceOf(
  { metrics }: MetricsPlatform,
  EndpointName: string,
  VariantName: string,
  from: EpochSeconds,
  now: EpochSeconds,
): Promise<Service> {
  const series = (MetricName: SageMakerMetricName, stat: Statistic, period: number): Promise<Datapoint[]> =>
    metricSeries(metrics, {
      metric: { Namespace: SAGEMAKER_NAMESPACE, MetricName, Dimensions: { EndpointName, VariantName } },
      stat,
      period,
      from: Math.floor(from / period) * period,
      to: now + 1,
    })
  const total = (points: readonly Datapoint[]): number => points.reduce((sum, { v }) => sum + v, 0)
  const latencies = await series('ModelLatency', 'p95', LATENCY_PERIOD)
  return {
    requests: total(await series('Invocations', 'Sum', 60)),
    errors: total(await series('Invocation5XXErrors', 'Sum', 60)),
    slowest: latencies.length === 0 ? undefined : Math.max(...latencies.map(({ v }) => v)) / 1000,
  }
}

/** Batches of the step in which the candidate answered with something that is no score. */
export async function invalidBatches(
  { metrics }: MetricsPlatform,
  { city, since }: Release,
  { endpoint: EndpointName }: ReleaseEndpoint,
  VariantName: string,
  { now, namespace }: { readonly now: EpochSeconds; readonly namespace: string },
): Promise<number> {
  const MetricName: MetricName = 'InvalidAnswers'
  const points = await metricSeries(metrics, {
    metric: { Namespace: namespace, MetricName, Dimensions: { EndpointName, City: city, VariantName } },
    stat: 'Sum',
    period: BATCH_SECONDS,
    // At the slot of the batch, which may have begun before the step.
    from: Math.ceil(since / BATCH_SECONDS) * BATCH_SECONDS,
    to: now + 1,
  })
  return points.reduce((sum, { v }) => sum + v, 0)
}
