/** Default namespace of our own metrics (configuration key `cw_custom_ns`); dimensions {EndpointName, City}. */
export const MODEL_NAMESPACE = 'Bikeshare/Model'

/**
 * Our own metrics: unit and meaning. One datapoint a 10-minute batch, at its slot, unless it says otherwise. Those of quality
 * are also put by variant, with the dimension VariantName besides.
 */
export const MODEL_METRICS = {
  PredictionHeartbeat: {
    unit: 'Count',
    meaning: '1 when at least 90 % of the stations with a known state got a prediction in time, else 0',
  },
  InvalidAnswers: {
    unit: 'Count',
    meaning: '1 for a batch in which a variant answered with something that is no score; by variant only',
  },
  IngestFailures: {
    unit: 'Count',
    meaning: '1 for an ingest that was refused or failed, else 0; one an ingest',
  },
  'PR-AUC-24h': { unit: 'None', meaning: 'PR-AUC of the predictions whose outcome came in the last 24 h' },
  'F1-24h': {
    unit: 'None',
    meaning: 'F1 of what was said of them, by the threshold of the model that said it',
  },
  'ThresholdHitRate-24h': { unit: 'None', meaning: 'share of them with a score at or above the threshold' },
  'Samples-24h': { unit: 'Count', meaning: 'how many they are' },
  'Onset-PR-AUC-24h': { unit: 'None', meaning: 'PR-AUC on onset rows (more than two left at the time)' },
  'Persistence-PR-AUC-24h': { unit: 'None', meaning: 'PR-AUC of "it stays as it is" on the same rows' },
  'Persistence-Onset-PR-AUC-24h': { unit: 'None', meaning: 'the same on the onset rows' },
  'Brier-24h': { unit: 'None', meaning: 'mean squared difference between score and outcome' },
  PSI: {
    unit: 'None',
    meaning: 'greatest PSI of the station-state features over the last 24 h; one an hour',
  },
  FeatureSkew: {
    unit: 'None',
    meaning:
      'share of the predictions of 24 h whose features are not the ones that the lake gives for their slot; one an hour',
  },
  WeatherFaults: {
    unit: 'Count',
    meaning: 'weather values of 24 h out of range, or in another unit by all appearance; one an hour',
  },
  FrozenStations: {
    unit: 'None',
    meaning: 'share of stations whose counts stand still against their habit; one an hour',
  },
  FeedAge: { unit: 'Seconds', meaning: 'age of the newest snapshot at the batch' },
} as const satisfies Readonly<Record<string, { unit: string; meaning: string }>>

/** Name of one of our own metrics. */
export type MetricName = keyof typeof MODEL_METRICS

/** SageMaker's namespace; dimensions {EndpointName, VariantName}, one datapoint a minute. */
export const SAGEMAKER_NAMESPACE = 'AWS/SageMaker'

/** SageMaker's metrics of an endpoint's variant. Latencies are microseconds; errors are 0 or 1 a request. */
export const SAGEMAKER_METRICS = {
  Invocations: { unit: 'None', meaning: 'requests' },
  ModelLatency: { unit: 'Microseconds', meaning: 'time in the model' },
  OverheadLatency: { unit: 'Microseconds', meaning: 'time around the model' },
  Invocation4XXErrors: { unit: 'None', meaning: 'requests that were refused' },
  Invocation5XXErrors: { unit: 'None', meaning: 'requests that failed' },
} as const satisfies Readonly<Record<string, { unit: string; meaning: string }>>

/** Name of one of SageMaker's metrics. */
export type SageMakerMetricName = keyof typeof SAGEMAKER_METRICS
