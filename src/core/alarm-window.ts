import type { MetricAlarm } from './contracts/cloudwatch.ts'
import type { EpochSeconds } from './time.ts'

/**
 * Periods looked at beyond EvaluationPeriods, in case some of the newest are missing: in CloudWatch's documented examples an
 * alarm of 3 periods has an evaluation range of 5.
 */
const EXTRA_PERIODS = 2

/** Seconds of one datapoint of an alarm; undefined when its queries name none, or several. */
export function alarmPeriod(alarm: Pick<MetricAlarm, 'Metrics'>): number | undefined {
  const periods = new Set(alarm.Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Period] : [])))
  const [period] = periods
  return periods.size === 1 ? period : undefined
}

/** The evaluation range of an alarm: `Periods` whole periods of `Period` seconds, `[StartTime, EndTime)`. */
export interface AlarmWindow {
  readonly StartTime: EpochSeconds
  readonly EndTime: EpochSeconds
  readonly Period: number
  readonly Periods: number
}

/** The periods that an alarm looks at as of `now`: the last that are over. */
export function alarmWindow(
  alarm: Pick<MetricAlarm, 'Metrics' | 'EvaluationPeriods'>,
  now: EpochSeconds,
): AlarmWindow {
  const Period = alarmPeriod(alarm)
  if (Period === undefined) throw new Error('An alarm without a single period was let through')
  const Periods = alarm.EvaluationPeriods + EXTRA_PERIODS
  const EndTime = Math.floor(now / Period) * Period
  return { StartTime: EndTime - Periods * Period, EndTime, Period, Periods }
}
