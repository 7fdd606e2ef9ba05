import type { EpochSeconds } from '../time.ts'

/** Names and shapes below are CloudWatch's own; times are epoch seconds, and a dimension set is an object. */
export type Dimensions = Readonly<Record<string, string>>

/** Names one series of datapoints. */
export interface Metric {
  readonly Namespace: string
  readonly MetricName: string
  readonly Dimensions: Dimensions
}

/**
 * One datum of PutMetricData: a single `Value`, or `Values` with how often each occurred (`Counts`, 1 each without), at most
 * 150 of them.
 */
export interface MetricDatum {
  readonly MetricName: string
  readonly Dimensions: Dimensions
  readonly Timestamp: EpochSeconds
  readonly Unit: string
  readonly Value?: number
  readonly Values?: readonly number[]
  readonly Counts?: readonly number[]
}

/** `p95`, `p99.9`: a percentile, between 0 and 100. */
export type Statistic = 'SampleCount' | 'Average' | 'Sum' | 'Minimum' | 'Maximum' | `p${number}`

/** A metric's datapoints aggregated over periods of `Period` seconds, a multiple of 60. */
export interface MetricStat {
  readonly Metric: Metric
  readonly Period: number
  readonly Stat: Statistic
  /** Only data put with this unit. */
  readonly Unit?: string
}

/** One query of GetMetricData: a `MetricStat`, or an `Expression` over the ids of others. `Id` begins with a lower-case letter. */
export interface MetricDataQuery {
  readonly Id: string
  readonly MetricStat?: MetricStat
  readonly Expression?: string
  readonly Label?: string
  /** False for what is only an input of an expression; true when left out. */
  readonly ReturnData?: boolean
}

/** A series, oldest first; a timestamp is the beginning of its period, and a period without data has none. */
export interface MetricDataResult {
  readonly Id: string
  readonly Label: string
  readonly Timestamps: readonly EpochSeconds[]
  readonly Values: readonly number[]
}

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'
export type TreatMissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing'
export type ComparisonOperator =
  | 'GreaterThanThreshold'
  | 'GreaterThanOrEqualToThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold'
  | 'LessThanLowerOrGreaterThanUpperThreshold'

/**
 * An alarm on `Metrics`, of which exactly one returns data (with `ThresholdMetricId`, also the band). It is in ALARM when
 * `DatapointsToAlarm` of the last `EvaluationPeriods` datapoints breach.
 */
export interface MetricAlarm {
  readonly AlarmName: string
  readonly AlarmDescription: string
  readonly Metrics: readonly MetricDataQuery[]
  readonly ComparisonOperator: ComparisonOperator
  readonly Threshold?: number
  /** Id of the ANOMALY_DETECTION_BAND expression, instead of a threshold. */
  readonly ThresholdMetricId?: string
  readonly EvaluationPeriods: number
  readonly DatapointsToAlarm: number
  readonly TreatMissingData: TreatMissingData
}

/** An alarm over the states of others: `ALARM("a") AND NOT OK("b")`. */
export interface CompositeAlarm {
  readonly AlarmName: string
  readonly AlarmDescription: string
  readonly AlarmRule: string
}

/** An alarm with its state. */
export interface AlarmDescription {
  readonly alarm: MetricAlarm | CompositeAlarm
  readonly StateValue: StateValue
  readonly StateReason: string
  /** When the state last changed; of an alarm that was never evaluated, when it was put. */
  readonly StateUpdatedTimestamp: EpochSeconds
}

/** One line of an alarm's history. */
export interface AlarmHistoryItem {
  readonly AlarmName: string
  readonly Timestamp: EpochSeconds
  readonly HistoryItemType: 'StateUpdate' | 'ConfigurationUpdate' | 'Action'
  readonly HistorySummary: string
  /** Of a StateUpdate: from, to, why, and the datapoints that were looked at. */
  readonly HistoryData: Readonly<Record<string, unknown>>
}
