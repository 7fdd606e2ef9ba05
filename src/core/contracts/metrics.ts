/** Namespace of our own metrics, and of the ones SageMaker publishes. */
export const SAGEMAKER_NAMESPACE = 'AWS/SageMaker'

/** Names in the custom namespace (configuration key `cw_custom_ns`), dimensions {EndpointName, City}. */
export const METRIC_NAMES = ['PredictionHeartbeat', 'IngestFailures'] as const
export type MetricName = (typeof METRIC_NAMES)[number]
