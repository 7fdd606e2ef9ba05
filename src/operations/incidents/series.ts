import type { Metric, Statistic } from '../../core/contracts/cloudwatch.ts'
import {
  SAGEMAKER_NAMESPACE,
  type MetricName,
  type SageMakerMetricName,
} from '../../core/contracts/metrics.ts'
import { BATCH_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { MetricStore } from '../../platform/ports.ts'
import { metricSeries, type Datapoint } from '../metrics/series.ts'
import { modelMetric, type EndpointMetrics } from '../slo/read-figures.ts'

/** A stretch of time, whole hours. */
export interface Span {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
}

/** A variant's share of a metric; `variant` is null for the endpoint as a whole. */
export interface VariantPoints {
  readonly variant: string | null
  readonly points: readonly Datapoint[]
}

/** An endpoint's metrics over a span, as they were published. A period without data has no point. */
export interface EndpointSeries {
  readonly span: Span
  /** Microseconds, p95 of five minutes. */
  readonly latency: readonly VariantPoints[]
  readonly errors: readonly VariantPoints[]
  readonly invocations: readonly VariantPoints[]
  readonly pr_auc: readonly VariantPoints[]
  readonly f1: readonly VariantPoints[]
  readonly onset: readonly VariantPoints[]
  readonly persistence_onset: readonly Datapoint[]
  readonly samples: readonly Datapoint[]
  /** One an hour. */
  readonly psi: readonly Datapoint[]
  readonly heartbeat: readonly Datapoint[]
}

/** Periods of the serving metrics, seconds. */
export const SERVING_PERIOD = 300

/** Reads an endpoint's metrics, the quality also by variant where there is more than one. */
export async function readSeries(
  metrics: Pick<MetricStore, 'getMetricData'>,
  of: EndpointMetrics,
  variants: readonly string[],
  span: Span,
): Promise<EndpointSeries> {
  const read = (metric: Metric, stat: Statistic, period: number): Promise<Datapoint[]> =>
    metricSeries(metrics, { metric, stat, period, ...span })
  const serving = async (name: SageMakerMetricName, stat: Statistic): Promise<VariantPoints[]> => {
    const found: VariantPoints[] = []
    for (const variant of variants) {
      const Dimensions = { EndpointName: of.endpoint, VariantName: variant }
      const metric = { Namespace: SAGEMAKER_NAMESPACE, MetricName: name, Dimensions }
      found.push({ variant, points: await read(metric, stat, SERVING_PERIOD) })
    }
    return found
  }
  const model = (name: MetricName, stat: Statistic = 'Average', period: number = BATCH_SECONDS) =>
    read(modelMetric(of, name), stat, period)
  const quality = async (name: MetricName): Promise<VariantPoints[]> => {
    const found: VariantPoints[] = [{ variant: null, points: await model(name) }]
    if (variants.length < 2) return found
    for (const variant of variants) {
      const whole = modelMetric(of, name)
      const metric = { ...whole, Dimensions: { ...whole.Dimensions, VariantName: variant } }
      const points = await read(metric, 'Average', BATCH_SECONDS)
      if (points.length > 0) found.push({ variant, points })
    }
    return found
  }
  return {
    span,
    latency: await serving('ModelLatency', 'p95'),
    errors: await serving('Invocation5XXErrors', 'Sum'),
    invocations: await serving('Invocations', 'Sum'),
    pr_auc: await quality('PR-AUC-24h'),
    f1: await quality('F1-24h'),
    onset: await quality('Onset-PR-AUC-24h'),
    persistence_onset: await model('Persistence-Onset-PR-AUC-24h'),
    samples: await model('Samples-24h'),
    psi: await model('PSI', 'Maximum', HOUR_SECONDS),
    heartbeat: await model('PredictionHeartbeat', 'Minimum'),
  }
}
