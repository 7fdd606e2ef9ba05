import {
  SAGEMAKER_NAMESPACE,
  type MetricName,
  type SageMakerMetricName,
} from '../../core/contracts/metrics.ts'
import type { Metric, Statistic } from '../../core/contracts/cloudwatch.ts'
import { BATCH_SECONDS, DAY_SECONDS, dayFloor, type EpochSeconds } from '../../core/time.ts'
import type { MetricStore, Platform } from '../../platform/ports.ts'
import { metricSeries } from '../metrics/series.ts'
import { PERIOD_SECONDS } from './objectives.ts'
import type { PeriodFigures } from './periods.ts'

/** Names one endpoint's metrics. */
export interface EndpointMetrics {
  readonly endpoint: string
  readonly city: string
  readonly namespace: string
}

/** One of our own metrics of an endpoint, all variants together. */
export const modelMetric = (of: EndpointMetrics, name: MetricName): Metric => ({
  Namespace: of.namespace,
  MetricName: name,
  Dimensions: { EndpointName: of.endpoint, City: of.city },
})

const servingMetric = (endpoint: string, variant: string, name: SageMakerMetricName): Metric => ({
  Namespace: SAGEMAKER_NAMESPACE,
  MetricName: name,
  Dimensions: { EndpointName: endpoint, VariantName: variant },
})

/** Reads what `judgePeriods` judges, for periods that begin in `[from, until)`. */
export async function readPeriodFigures(
  metrics: MetricStore,
  of: EndpointMetrics,
  variants: readonly string[],
  from: EpochSeconds,
  until: EpochSeconds,
): Promise<PeriodFigures> {
  const read = async (metric: Metric, stat: Statistic, period: number): Promise<Map<number, number>> =>
    new Map(
      (await metricSeries(metrics, { metric, stat, period, from, to: until })).map(({ t, v }) => [t, v]),
    )
  const ofVariants = async (
    name: SageMakerMetricName,
    stat: Statistic,
    join: (a: number, b: number) => number,
  ): Promise<Map<number, number>> => {
    const all = new Map<number, number>()
    const found = await Promise.all(
      variants.map((variant) => read(servingMetric(of.endpoint, variant, name), stat, PERIOD_SECONDS)),
    )
    for (const series of found)
      for (const [t, v] of series) all.set(t, all.has(t) ? join(all.get(t) ?? 0, v) : v)
    return all
  }
  const plus = (a: number, b: number): number => a + b
  const [invocations, errors, latency, heartbeat] = await Promise.all([
    ofVariants('Invocations', 'Sum', plus),
    ofVariants('Invocation5XXErrors', 'Sum', plus),
    ofVariants('ModelLatency', 'p95', Math.max),
    read(modelMetric(of, 'PredictionHeartbeat'), 'Minimum', BATCH_SECONDS),
  ])
  return { invocations, errors, latency, heartbeat }
}

/** Every variant that has served lately or serves now, in order. */
export async function servingVariants(
  metrics: MetricStore,
  endpoint: string,
  deployed: readonly string[],
): Promise<string[]> {
  const found = await metrics.listMetrics({
    Namespace: SAGEMAKER_NAMESPACE,
    MetricName: 'Invocations',
    Dimensions: { EndpointName: endpoint },
  })
  const names = found.flatMap(({ Dimensions }) => Dimensions['VariantName'] ?? [])
  return [...new Set([...deployed, ...names])].sort()
}

/**
 * The slot of an endpoint's first batch since `since`, by its heartbeat; undefined when there is none by `until`. Traffic is
 * due from there on: an endpoint that nobody has begun to ask owes nothing yet.
 */
export async function firstBatch(
  platform: Pick<Platform, 'metrics'>,
  of: EndpointMetrics,
  since: EpochSeconds,
  until: EpochSeconds,
): Promise<EpochSeconds | undefined> {
  const metric = modelMetric(of, 'PredictionHeartbeat')
  const stat = 'SampleCount'
  const days = await metricSeries(platform.metrics, {
    metric,
    stat,
    period: DAY_SECONDS,
    from: dayFloor(since),
    to: until,
  })
  const day = days[0]?.t
  if (day === undefined) return undefined
  const slots = await metricSeries(platform.metrics, {
    metric,
    stat,
    period: BATCH_SECONDS,
    from: Math.max(day, Math.ceil(since / BATCH_SECONDS) * BATCH_SECONDS),
    to: day + DAY_SECONDS,
  })
  // Of an old day only coarser data are left.
  return slots[0]?.t ?? day
}
