/** Names of our own metrics in the custom namespace (configuration key `cw_custom_ns`), dimensions {EndpointName, City}. */
export type MetricName = 'PredictionHeartbeat' | 'IngestFailures'
