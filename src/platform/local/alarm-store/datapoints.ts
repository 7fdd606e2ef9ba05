import type { ComparisonOperator, MetricAlarm } from '../../../core/contracts/cloudwatch.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { Standing } from './judge-datapoints.ts'

/** A period of an alarm's evaluation range; `value` is null where nothing was measured. */
export interface Datapoint {
  readonly t: EpochSeconds
  readonly value: number | null
  /** Of a band: the expected range, null where there is none yet. */
  readonly lower?: number | null
  readonly upper?: number | null
}

const BREACHES: Readonly<
  Record<
    Exclude<ComparisonOperator, 'LessThanLowerOrGreaterThanUpperThreshold'>,
    (value: number, threshold: number) => boolean
  >
> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
}

/** Where a datapoint stands. Without a band to compare it with, it counts as missing: nothing is known of it. */
export function standingOf(alarm: MetricAlarm, { value, lower, upper }: Datapoint): Standing {
  if (value === null) return 'missing'
  if (alarm.ComparisonOperator === 'LessThanLowerOrGreaterThanUpperThreshold') {
    if (typeof lower !== 'number' || typeof upper !== 'number') return 'missing'
    return value < lower || value > upper ? 'breaching' : 'within'
  }
  if (alarm.Threshold === undefined) return 'missing'
  return BREACHES[alarm.ComparisonOperator](value, alarm.Threshold) ? 'breaching' : 'within'
}
