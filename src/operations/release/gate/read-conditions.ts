import type { Metric, Statistic } from '../../../core/contracts/cloudwatch.ts'
import type { Condition, Waiver } from '../../../core/contracts/gate.ts'
import {
  SAGEMAKER_NAMESPACE,
  type MetricName,
  type SageMakerMetricName,
} from '../../../core/contracts/metrics.ts'
import { BATCH_SECONDS, DAY_SECONDS, HOUR_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
import { readDeployment } from '../../../model/serving/deployments.ts'
import type { MetricStore } from '../../../platform/ports.ts'
import { latestValue, metricSeries, type Datapoint } from '../../metrics/series.ts'
import type { GateOptions, GatePlatform } from './gate-options.ts'
import { onsetCondition } from './onset-condition.ts'
import { waiverAt } from './waivers.ts'

export const WINDOW_SECONDS = DAY_SECONDS
/** Fewest predictions with a known outcome that a figure of quality may rest on. */
export const MIN_SAMPLES = 500
/** Batches of 24 hours. */
const DUE_BATCHES = DAY_SECONDS / BATCH_SECONDS
/** A figure of quality is put every ten minutes: one that is older says that nobody judges any more. */
const QUALITY_MAX_AGE = 3 * BATCH_SECONDS
/** PSI is put every hour. */
const PSI_MAX_AGE = 2 * HOUR_SECONDS

export const MIN_PR_AUC = 0.7
export const MIN_F1 = 0.55
export const MAX_LATENCY_MS = 200
export const MAX_PSI = 0.2

interface ReadOptions extends GateOptions {
  readonly at: EpochSeconds
  readonly waivers: readonly Waiver[]
}

/** The seven conditions, in order, as they are whatever model the data are of. */
export async function readConditions(platform: GatePlatform, o: ReadOptions): Promise<Condition[]> {
  const { metrics } = platform
  const own = (MetricName: MetricName): Metric => ({
    Namespace: o.namespace,
    MetricName,
    Dimensions: { EndpointName: o.endpoint, City: o.city },
  })
  const newest = (name: MetricName, stat: Statistic, maxAge: number): Promise<Datapoint | undefined> =>
    latestValue(metrics, own(name), stat, BATCH_SECONDS, o.at, maxAge)
  const variants = (await readDeployment(platform.store, o.endpoint))?.variants.map((v) => v.variant) ?? []
  // Together: what is asked of a metric store at once is looked up once.
  const [samples, prAuc, f1, latencies, errors, invocations, batches, psi, onsets] = await Promise.all([
    newest('Samples-24h', 'Minimum', QUALITY_MAX_AGE),
    newest('PR-AUC-24h', 'Average', QUALITY_MAX_AGE),
    newest('F1-24h', 'Average', QUALITY_MAX_AGE),
    ofVariants(metrics, o, variants, 'ModelLatency', 'p95', HOUR_SECONDS),
    ofVariants(metrics, o, variants, 'Invocation5XXErrors', 'Sum', BATCH_SECONDS),
    ofVariants(metrics, o, variants, 'Invocations', 'Sum', BATCH_SECONDS),
    metricSeries(metrics, {
      metric: own('PredictionHeartbeat'),
      stat: 'Sum',
      period: BATCH_SECONDS,
      from: o.at - WINDOW_SECONDS + BATCH_SECONDS,
      to: o.at + BATCH_SECONDS,
    }),
    newest('PSI', 'Maximum', PSI_MAX_AGE),
    onsetCondition(platform, o),
  ])
  return [
    quality('PR-AUC-24h', prAuc, MIN_PR_AUC, samples?.v ?? 0),
    quality('F1-24h', f1, MIN_F1, samples?.v ?? 0),
    latency(latencies),
    serverErrors(errors, invocations),
    heartbeat(batches),
    drift(psi, waiverAt(o.waivers, o.endpoint, o.now)),
    onsets,
  ]
}

function quality(
  name: 'PR-AUC-24h' | 'F1-24h',
  point: Datapoint | undefined,
  least: number,
  samples: number,
): Condition {
  const threshold = `>= ${least.toFixed(2)}`
  const base = { name, unit: 'None', threshold } as const
  if (!point)
    return { ...base, value: null, verdict: 'fail', detail: 'missing: no datapoint of the last 30 min' }
  const detail = `of ${samples} predictions, at ${isoOf(point.t)}`
  if (samples < MIN_SAMPLES)
    return {
      ...base,
      value: point.v,
      verdict: 'fail',
      detail: `too few samples: ${samples} of ${MIN_SAMPLES}`,
    }
  return { ...base, value: point.v, verdict: point.v >= least ? 'pass' : 'fail', detail }
}

function latency(hours: readonly Datapoint[]): Condition {
  const base = { name: 'ModelLatency p95', unit: 'Milliseconds', threshold: `<= ${MAX_LATENCY_MS}` } as const
  if (hours.length === 0)
    return { ...base, value: null, verdict: 'fail', detail: 'missing: no invocation in 24 h' }
  const slowest = hours.reduce((worst, hour) => (hour.v > worst.v ? hour : worst))
  const value = slowest.v / 1000
  const detail = `the slowest hour, from ${isoOf(slowest.t)}`
  return { ...base, value, verdict: value <= MAX_LATENCY_MS ? 'pass' : 'fail', detail }
}

function serverErrors(errors: readonly Datapoint[], invocations: readonly Datapoint[]): Condition {
  const base = { name: 'Invocation5XXErrors', unit: 'Count', threshold: '= 0' } as const
  const requests = sum(invocations)
  if (requests === 0 || errors.length === 0)
    return { ...base, value: null, verdict: 'fail', detail: 'missing: no invocation in 24 h' }
  const value = sum(errors)
  return { ...base, value, verdict: value === 0 ? 'pass' : 'fail', detail: `of ${requests} invocations` }
}

function heartbeat(batches: readonly Datapoint[]): Condition {
  const base = { name: 'PredictionHeartbeat', unit: 'Count', threshold: `>= ${DUE_BATCHES}` } as const
  if (batches.length === 0)
    return { ...base, value: null, verdict: 'fail', detail: 'missing: no batch in 24 h' }
  const value = sum(batches)
  const absent = DUE_BATCHES - batches.length
  const zero = batches.filter(({ v }) => v === 0).length
  const detail = `${batches.length} of ${DUE_BATCHES} batches have one${absent > 0 ? `, ${absent} missing` : ''}${zero > 0 ? `, ${zero} not whole` : ''}`
  return { ...base, value, verdict: value >= DUE_BATCHES ? 'pass' : 'fail', detail }
}

function drift(point: Datapoint | undefined, waiver: Waiver | undefined): Condition {
  const base = { name: 'PSI', unit: 'None', threshold: `< ${MAX_PSI.toFixed(2)}` } as const
  if (!point)
    return { ...base, value: null, verdict: 'fail', detail: 'missing: no datapoint of the last 2 h' }
  const detail = `at ${isoOf(point.t)}`
  if (point.v < MAX_PSI) return { ...base, value: point.v, verdict: 'pass', detail }
  if (!waiver)
    return {
      ...base,
      value: point.v,
      verdict: 'fail',
      detail: `${detail}; \`bikeshare gate waive\` lets it pass`,
    }
  const answered = `waived by ${waiver.by} until ${isoOf(waiver.until)}: ${waiver.why}`
  return { ...base, value: point.v, verdict: 'waived', detail: `${detail}; ${answered}` }
}

/** Datapoints of SageMaker's metric for every variant that serves, over the whole periods that touch the window. */
async function ofVariants(
  metrics: MetricStore,
  o: ReadOptions,
  variants: readonly string[],
  MetricName: SageMakerMetricName,
  stat: Statistic,
  period: number,
): Promise<Datapoint[]> {
  const all = await Promise.all(
    variants.map((VariantName) =>
      metricSeries(metrics, {
        metric: {
          Namespace: SAGEMAKER_NAMESPACE,
          MetricName,
          Dimensions: { EndpointName: o.endpoint, VariantName },
        },
        stat,
        period,
        from: Math.floor((o.at - WINDOW_SECONDS + BATCH_SECONDS) / period) * period,
        to: o.at + BATCH_SECONDS,
      }),
    ),
  )
  return all.flat()
}

const sum = (points: readonly Datapoint[]): number => points.reduce((total, { v }) => total + v, 0)
