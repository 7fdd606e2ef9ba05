import type { Statistic } from '../../core/contracts/cloudwatch.ts'
import { MODEL_METRICS, SAGEMAKER_METRICS, SAGEMAKER_NAMESPACE } from '../../core/contracts/metrics.ts'

/** Metrics whose figure is not an average. */
const STATISTICS: Readonly<Record<string, Statistic>> = {
  Invocations: 'Sum',
  Invocation4XXErrors: 'Sum',
  Invocation5XXErrors: 'Sum',
  ModelLatency: 'p95',
  OverheadLatency: 'p95',
  PredictionHeartbeat: 'Sum',
  InvalidAnswers: 'Sum',
  IngestFailures: 'Sum',
  PSI: 'Maximum',
  FeatureSkew: 'Maximum',
  WeatherFaults: 'Maximum',
  FrozenStations: 'Maximum',
  FeedAge: 'Maximum',
}

/** The statistic that a metric is looked at by, unless somebody asks for another. */
export const usualStatistic = (metricName: string): Statistic => STATISTICS[metricName] ?? 'Average'

/** The namespace of a metric, by its name: SageMaker's own, or `custom`. */
export const namespaceOf = (metricName: string, custom: string): string =>
  Object.hasOwn(SAGEMAKER_METRICS, metricName) ? SAGEMAKER_NAMESPACE : custom

/** Unit and meaning of a metric that we know. */
export function knownMetric(metricName: string): { unit: string; meaning: string } | undefined {
  const known: Readonly<Record<string, { unit: string; meaning: string }>> = {
    ...MODEL_METRICS,
    ...SAGEMAKER_METRICS,
  }
  return Object.hasOwn(known, metricName) ? known[metricName] : undefined
}
