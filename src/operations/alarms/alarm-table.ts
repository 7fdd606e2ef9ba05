import type { AlarmRow, MetricRow, Severity } from './alarm-row.ts'

const MINUTES = 60
const FIVE_MINUTES = 5 * MINUTES
const TEN_MINUTES = 10 * MINUTES
const HALF_HOUR = 30 * MINUTES
const HOUR = 60 * MINUTES

/** What the model reached when it was specified; a model's own bound can only be stricter. */
const PR_AUC_FLOOR = 0.851
const F1_FLOOR = 0.753

/**
 * Every alarm of a prod endpoint. Definitions, documentation and the AWS deployment are made from this table. The first
 * twelve are those that the system is specified with, the others (`beyond`) are ours.
 */
export const ALARM_TABLE: readonly AlarmRow[] = [
  metric('endpoint-latency-p95-warn', 'warn', {
    what: 'The model answers slowly: over 200 ms for one request in twenty.',
    watched: { of: 'variants', metric: 'ModelLatency' },
    statistic: 'p95',
    unit: 'Microseconds',
    operator: 'GreaterThanThreshold',
    threshold: { kind: 'number', value: 200_000 },
    period: FIVE_MINUTES,
    datapoints: [3, 3],
    missing: 'ignore',
  }),
  metric('endpoint-latency-p95-crit', 'crit', {
    what: 'The model has answered very slowly for 25 min: over 300 ms for one request in twenty.',
    watched: { of: 'variants', metric: 'ModelLatency' },
    statistic: 'p95',
    unit: 'Microseconds',
    operator: 'GreaterThanThreshold',
    threshold: { kind: 'number', value: 300_000 },
    period: FIVE_MINUTES,
    datapoints: [5, 5],
    missing: 'ignore',
  }),
  metric('endpoint-5xx-crit', 'crit', {
    what: 'A request to the endpoint failed.',
    watched: { of: 'variants', metric: 'Invocation5XXErrors' },
    statistic: 'Sum',
    unit: 'Count',
    operator: 'GreaterThanThreshold',
    threshold: { kind: 'number', value: 0 },
    period: FIVE_MINUTES,
    datapoints: [1, 1],
    missing: 'notBreaching',
  }),
  metric('endpoint-4xx-warn', 'warn', {
    what: 'More than one request in a hundred was refused: the caller and the model do not agree.',
    watched: { of: 'percentage', metric: 'Invocation4XXErrors', over: 'Invocations' },
    statistic: 'Sum',
    unit: 'Percent',
    operator: 'GreaterThanThreshold',
    threshold: { kind: 'number', value: 1 },
    period: FIVE_MINUTES,
    datapoints: [2, 2],
    missing: 'notBreaching',
  }),
  metric('latency-anomaly', 'warn', {
    what: 'Latency is far from what is usual at this hour.',
    watched: { of: 'variants', metric: 'ModelLatency' },
    statistic: 'p95',
    unit: 'Microseconds',
    operator: 'LessThanLowerOrGreaterThanUpperThreshold',
    threshold: { kind: 'band', width: 2.5 },
    period: FIVE_MINUTES,
    datapoints: [3, 3],
    missing: 'ignore',
  }),
  metric('low-traffic-24h', 'warn', {
    what: 'For a whole day the endpoint got less than half of the requests that are due.',
    watched: { of: 'variants', metric: 'Invocations', filled: true },
    statistic: 'Sum',
    unit: 'Count',
    operator: 'LessThanThreshold',
    threshold: { kind: 'half-of-due' },
    period: HOUR,
    datapoints: [24, 24],
    missing: 'breaching',
  }),
  metric('20m-zero', 'crit', {
    what: 'No request at all for 20 min: two batches were not made.',
    watched: { of: 'variants', metric: 'Invocations', filled: true },
    statistic: 'Sum',
    unit: 'Count',
    // CloudWatch has no operator for "is equal", and there are no fewer than none.
    operator: 'LessThanOrEqualToThreshold',
    threshold: { kind: 'number', value: 0 },
    period: FIVE_MINUTES,
    datapoints: [4, 4],
    missing: 'breaching',
  }),
  {
    kind: 'composite',
    suffix: 'endpoint-invoke-zero',
    severity: 'crit',
    what: 'Nobody calls the endpoint: none in 20 min, and too few for a day.',
    all: ['low-traffic-24h', '20m-zero'],
    runbook: 'prod-endpoint-invoke-zero',
    beyond: false,
  },
  metric('quality-prauc-24h-warn', 'warn', {
    what: 'Predictions of the last 24 h rank the stations worse than the model should.',
    watched: { of: 'endpoint', metric: 'PR-AUC-24h' },
    statistic: 'Average',
    unit: 'None',
    operator: 'LessThanThreshold',
    threshold: { kind: 'quality-floor', figure: 'pr_auc', value: PR_AUC_FLOOR },
    period: HALF_HOUR,
    datapoints: [3, 3],
    missing: 'missing',
  }),
  metric('quality-f1-24h-warn', 'warn', {
    what: 'What was said of the stations in the last 24 h was wrong more often than the model should be.',
    watched: { of: 'endpoint', metric: 'F1-24h' },
    statistic: 'Average',
    unit: 'None',
    operator: 'LessThanThreshold',
    threshold: { kind: 'quality-floor', figure: 'f1', value: F1_FLOOR },
    period: HALF_HOUR,
    datapoints: [3, 3],
    missing: 'missing',
  }),
  metric('feature-drift-warn', 'warn', {
    what: 'A feature of the last 24 h is distributed differently from the training data.',
    watched: { of: 'endpoint', metric: 'PSI' },
    statistic: 'Maximum',
    unit: 'None',
    operator: 'GreaterThanOrEqualToThreshold',
    threshold: { kind: 'number', value: 0.2 },
    period: HOUR,
    datapoints: [1, 1],
    missing: 'missing',
  }),
  metric('feature-drift-crit', 'crit', {
    what: 'A feature of the last 24 h is distributed very differently from the training data.',
    watched: { of: 'endpoint', metric: 'PSI' },
    statistic: 'Maximum',
    unit: 'None',
    operator: 'GreaterThanOrEqualToThreshold',
    threshold: { kind: 'number', value: 0.3 },
    period: HOUR,
    datapoints: [1, 1],
    missing: 'missing',
  }),
  beyond('feature-skew-warn', 'warn', {
    what: 'The endpoint is sent other features than the lake gives for the same slots.',
    watched: { of: 'endpoint', metric: 'FeatureSkew' },
    statistic: 'Maximum',
    unit: 'None',
    operator: 'GreaterThanThreshold',
    threshold: { kind: 'number', value: 0.02 },
    period: HOUR,
    datapoints: [1, 1],
    missing: 'missing',
  }),
  beyond('weather-range-warn', 'warn', {
    what: 'A weather value is out of its range, or in another unit by all appearance.',
    watched: { of: 'endpoint', metric: 'WeatherFaults' },
    statistic: 'Maximum',
    unit: 'Count',
    operator: 'GreaterThanThreshold',
    threshold: { kind: 'number', value: 0 },
    period: HOUR,
    datapoints: [1, 1],
    missing: 'missing',
  }),
  beyond('frozen-stations-warn', 'warn', {
    what: 'Many stations have not changed when they usually do.',
    watched: { of: 'endpoint', metric: 'FrozenStations' },
    statistic: 'Maximum',
    unit: 'None',
    operator: 'GreaterThanOrEqualToThreshold',
    threshold: { kind: 'number', value: 0.1 },
    period: HOUR,
    datapoints: [2, 2],
    missing: 'missing',
  }),
  beyond('feed-stale-crit', 'crit', {
    what: 'The feed brings nothing new: its newest snapshot is over 15 min old, so nothing can be predicted.',
    watched: { of: 'endpoint', metric: 'FeedAge' },
    statistic: 'Maximum',
    unit: 'Seconds',
    operator: 'GreaterThanThreshold',
    threshold: { kind: 'number', value: 900 },
    period: TEN_MINUTES,
    datapoints: [2, 2],
    missing: 'breaching',
  }),
]

type Details = Omit<MetricRow, 'kind' | 'suffix' | 'severity' | 'runbook' | 'beyond'>

function metric(suffix: string, severity: Severity, details: Details): MetricRow {
  return { kind: 'metric', suffix, severity, ...details, runbook: `prod-${suffix}`, beyond: false }
}

function beyond(suffix: string, severity: Severity, details: Details): MetricRow {
  return { ...metric(suffix, severity, details), beyond: true }
}

/** The row that an alarm was made from, by its name; undefined for an alarm of another origin. */
export function rowOf(alarmName: string): AlarmRow | undefined {
  return ALARM_TABLE.find(({ suffix }) => alarmName.endsWith(`-${suffix}`))
}
