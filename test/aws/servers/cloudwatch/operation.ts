import type { AlarmStore, MetricStore } from '../../../../src/platform/ports.ts'

/** One call of the API: takes its input, gives its output, with Dates for timestamps. */
export type Operation = (input: unknown) => Promise<unknown>

/** What a server is made over. */
export interface CloudWatchParts {
  readonly metrics: MetricStore
  readonly alarms: AlarmStore
  /** Epoch seconds. */
  readonly clock: () => number
  /** Of every list and of datapoints, to make pages small; CloudWatch's own without it. */
  readonly pageSize?: number
}
