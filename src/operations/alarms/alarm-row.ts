import type { ComparisonOperator, TreatMissingData } from '../../core/contracts/cloudwatch.ts'
import type { MetricName, SageMakerMetricName } from '../../core/contracts/metrics.ts'

/** `warn`: somebody should look today. `crit`: somebody should look now. */
export type Severity = 'warn' | 'crit'

/** Statistics that alarms use. */
export type AlarmStatistic = 'Average' | 'Maximum' | 'Sum' | 'p95'

/** What an alarm watches. A variant's metric is taken over all variants that serve: sums added, latencies by their greatest. */
export type Watched =
  | { readonly of: 'endpoint'; readonly metric: MetricName }
  | { readonly of: 'variants'; readonly metric: SageMakerMetricName; readonly filled?: true }
  /** 100 times the first over the second. */
  | { readonly of: 'percentage'; readonly metric: SageMakerMetricName; readonly over: SageMakerMetricName }

/** Where an alarm's threshold comes from: a number, or something about the endpoint. */
export type Threshold =
  | { readonly kind: 'number'; readonly value: number }
  /** Width of an anomaly band, in standard deviations. */
  | { readonly kind: 'band'; readonly width: number }
  /** Half of the requests that are due in an hour. */
  | { readonly kind: 'half-of-due' }
  /** The greater of a constant and the model's own bound, from its held-out days. */
  | { readonly kind: 'quality-floor'; readonly figure: 'pr_auc' | 'f1'; readonly value: number }

interface CommonRow {
  /** The alarm's name is the endpoint's, then this: `prod-` + `endpoint-5xx-crit`. */
  readonly suffix: string
  readonly severity: Severity
  /** What it means when it is in ALARM, in a sentence. */
  readonly what: string
  /** Anchor of its section in docs/runbook.md. */
  readonly runbook: string
  /** Not one of the twelve that the system is specified with: one of ours. */
  readonly beyond: boolean
}

/** An alarm on a metric. */
export interface MetricRow extends CommonRow {
  readonly kind: 'metric'
  readonly watched: Watched
  readonly statistic: AlarmStatistic
  readonly unit: string
  readonly operator: ComparisonOperator
  readonly threshold: Threshold
  /** Seconds. */
  readonly period: number
  /** M of N. */
  readonly datapoints: readonly [m: number, n: number]
  readonly missing: TreatMissingData
}

/** An alarm that is in ALARM when all of the alarms with these suffixes are. */
export interface CompositeRow extends CommonRow {
  readonly kind: 'composite'
  readonly all: readonly string[]
}

/** One line of the alarm table. */
export type AlarmRow = MetricRow | CompositeRow
