import { alarmPeriod } from '../../../core/alarm-window.ts'
import type { ComparisonOperator, MetricAlarm } from '../../../core/contracts/cloudwatch.ts'
import { isoOf } from '../../../core/time.ts'
import type { Datapoint } from './datapoints.ts'
import type { Judgement } from './judge-datapoints.ts'

const MAX_SHOWN = 5

const SIGNS: Readonly<Record<ComparisonOperator, string>> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '>=',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
  LessThanLowerOrGreaterThanUpperThreshold: 'outside the band',
}

const STAND_IN = {
  breaching: 'breaching',
  notBreaching: 'within the threshold',
  ignore: 'ignored',
  missing: 'missing',
}

/** Why an alarm is in its state, in a sentence: how many datapoints breach, the newest of them, and what was missing. */
export function stateReason(alarm: MetricAlarm, range: readonly Datapoint[], judgement: Judgement): string {
  const { counted, breaching, filled } = judgement
  const { EvaluationPeriods: n, DatapointsToAlarm: m, TreatMissingData: treat } = alarm
  const stand = treat === 'missing' ? '' : `, taken as ${STAND_IN[treat]}`
  if (counted.length === 0)
    return `No datapoint in the last ${range.length} periods of ${periodText(alarm)}${stand}.`
  const missing = filled === 0 ? '' : `; ${filled} missing${stand}`
  const shown = counted.slice(-MAX_SHOWN).flatMap((i) => {
    const point = range[i]
    return point ? [pointText(point)] : []
  })
  const before = counted.length > shown.length ? '… ' : ''
  return (
    `${breaching} of ${n} datapoints ${conditionText(alarm)} (${m} make an alarm): ` +
    `${before}${shown.join(', ')}${missing}.`
  )
}

function conditionText({ ComparisonOperator, Threshold }: MetricAlarm): string {
  const sign = SIGNS[ComparisonOperator]
  return Threshold === undefined ? sign : `${sign} ${numberText(Threshold)}`
}

function pointText({ t, value, lower, upper }: Datapoint): string {
  const band =
    typeof lower === 'number' && typeof upper === 'number'
      ? ` (band ${numberText(lower)} to ${numberText(upper)})`
      : ''
  return `${value === null ? '–' : numberText(value)}${band} at ${isoOf(t)}`
}

function periodText(alarm: MetricAlarm): string {
  return `${(alarmPeriod(alarm) ?? 0) / 60} min`
}

const numberText = (value: number): string => String(Number(value.toPrecision(6)))
