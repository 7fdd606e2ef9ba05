import { alarmPeriod } from '../../../core/alarm-window.ts'
import type { CompositeAlarm, MetricAlarm } from '../../../core/contracts/cloudwatch.ts'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { DAY_SECONDS, HOUR_SECONDS } from '../../../core/time.ts'
import { alarmsOf, parseRule, type Rule } from './rule.ts'

// CloudWatch's limits.
const MAX_NAME = 255
const MAX_DESCRIPTION = 1024
const MAX_QUERIES = 20
const MAX_RULE = 10_240
const MAX_CHILDREN = 100
const MAX_RANGE = DAY_SECONDS
const MAX_HOURLY_RANGE = 7 * DAY_SECONDS
const OPERATORS = new Set([
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
  'LessThanLowerOrGreaterThanUpperThreshold',
])
const TREATMENTS = new Set(['breaching', 'notBreaching', 'ignore', 'missing'])

/** BAD_INPUT for a metric alarm that CloudWatch would refuse; its queries are the metric store's to judge. */
export function checkMetricAlarm(alarm: MetricAlarm): void {
  checkName(alarm)
  const refuse = refusalOf(alarm.AlarmName)
  const { EvaluationPeriods: n, DatapointsToAlarm: m } = alarm
  if (!Number.isInteger(n) || n < 1) throw refuse(`EvaluationPeriods is ${n}`, 'Give a whole number from 1.')
  if (!Number.isInteger(m) || m < 1 || m > n)
    throw refuse(`DatapointsToAlarm is ${m}`, `Give a whole number from 1 to EvaluationPeriods, ${n}.`)
  if (!TREATMENTS.has(alarm.TreatMissingData))
    throw refuse(
      `TreatMissingData is "${alarm.TreatMissingData}"`,
      `Take one of ${[...TREATMENTS].join(', ')}.`,
    )
  checkQueries(alarm)
  checkThreshold(alarm)
  checkPeriod(alarm)
}

function checkQueries(alarm: MetricAlarm): void {
  const refuse = refusalOf(alarm.AlarmName)
  const { Metrics } = alarm
  if (Metrics.length === 0 || Metrics.length > MAX_QUERIES)
    throw refuse(`it has ${Metrics.length} queries`, `Give 1 to ${MAX_QUERIES}.`)
  const ids = Metrics.map(({ Id }) => Id)
  const double = ids.find((id, i) => ids.indexOf(id) !== i)
  if (double !== undefined) throw refuse(`two queries have the id "${double}"`, 'Give each its own.')
  for (const { Id, MetricStat, Expression } of Metrics)
    if ((MetricStat === undefined) === (Expression === undefined))
      throw refuse(`the query ${Id} has not one of MetricStat and Expression`, 'Give one of them.')
  const returned = Metrics.filter(({ ReturnData }) => ReturnData !== false).map(({ Id }) => Id)
  const compared = returned.filter((id) => id !== alarm.ThresholdMetricId)
  if (compared.length !== 1)
    throw refuse(
      `${compared.length} of its queries return data to compare`,
      'Set ReturnData to false for all but one.',
    )
}

function checkThreshold(alarm: MetricAlarm): void {
  const refuse = refusalOf(alarm.AlarmName)
  const { ComparisonOperator, Threshold, ThresholdMetricId, Metrics } = alarm
  if (!OPERATORS.has(ComparisonOperator))
    throw refuse(`ComparisonOperator is "${ComparisonOperator}"`, `Take one of ${[...OPERATORS].join(', ')}.`)
  if (ComparisonOperator !== 'LessThanLowerOrGreaterThanUpperThreshold') {
    if (ThresholdMetricId !== undefined)
      throw refuse('ThresholdMetricId goes with a band', 'Take LessThanLowerOrGreaterThanUpperThreshold.')
    if (Threshold === undefined || !Number.isFinite(Threshold))
      throw refuse(`Threshold is ${Threshold}`, 'Give a finite number.')
    return
  }
  if (Threshold !== undefined || ThresholdMetricId === undefined)
    throw refuse(`${ComparisonOperator} needs a band`, 'Give ThresholdMetricId, and no Threshold.')
  const band = Metrics.find(({ Id }) => Id === ThresholdMetricId)
  if (!band?.Expression?.includes('ANOMALY_DETECTION_BAND'))
    throw refuse(
      `ThresholdMetricId "${ThresholdMetricId}" names no ANOMALY_DETECTION_BAND`,
      'Give the id of the query that makes the band.',
    )
}

function checkPeriod(alarm: MetricAlarm): void {
  const refuse = refusalOf(alarm.AlarmName)
  const period = alarmPeriod(alarm)
  if (period === undefined)
    throw refuse(
      'its queries have not one period',
      'Give every MetricStat the same Period, and have at least one.',
    )
  if (!Number.isInteger(period) || period < 60 || period % 60 !== 0)
    throw refuse(`its period is ${period} s`, 'Take a multiple of 60.')
  const limit = period < HOUR_SECONDS ? MAX_RANGE : MAX_HOURLY_RANGE
  if (alarm.EvaluationPeriods * period > limit)
    throw refuse(
      `it looks back ${alarm.EvaluationPeriods} periods of ${period} s`,
      `Together they may be ${limit} s at most (a day; a week with periods from an hour).`,
    )
}

/** Other alarms, as far as the check of a composite one needs them. */
export interface KnownAlarms {
  has(name: string): boolean
  /** The rule of a composite alarm; undefined for any other. */
  ruleOf(name: string): string | undefined
}

/** BAD_INPUT for a composite alarm with a rule that cannot be read, an unknown child, or a circle. Gives the rule. */
export function checkCompositeAlarm(alarm: CompositeAlarm, known: KnownAlarms): Rule {
  checkName(alarm)
  const { AlarmName, AlarmRule } = alarm
  const refuse = refusalOf(AlarmName)
  if (AlarmRule.length > MAX_RULE)
    throw refuse(`its rule has ${AlarmRule.length} characters`, `Write at most ${MAX_RULE}.`)
  let rule: Rule
  try {
    rule = parseRule(AlarmRule)
  } catch (error) {
    throw refuse(
      `its rule cannot be read: ${messageOf(error)}`,
      'Write it as ALARM("a") AND NOT OK("b").',
      error,
    )
  }
  const children = alarmsOf(rule)
  if (children.length > MAX_CHILDREN)
    throw refuse(`its rule names ${children.length} alarms`, `Name at most ${MAX_CHILDREN}.`)
  const unknown = children.find((child) => child !== AlarmName && !known.has(child))
  if (unknown !== undefined)
    throw refuse(`its rule names "${unknown}", which is not there`, 'Put that alarm first.')
  if (reaches(children, AlarmName, known))
    throw refuse('its rule comes back to itself', 'Take the alarm out of what its children look at.')
  return rule
}

function reaches(from: readonly string[], target: string, known: KnownAlarms): boolean {
  const seen = new Set<string>()
  const open = [...from]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === target) return true
    if (seen.has(name)) continue
    seen.add(name)
    const rule = known.ruleOf(name)
    if (rule !== undefined) open.push(...alarmsOf(parseRule(rule)))
  }
  return false
}

function checkName({ AlarmName, AlarmDescription }: { AlarmName: string; AlarmDescription: string }): void {
  // oxlint-disable-next-line no-control-regex -- control characters are what CloudWatch refuses
  if (AlarmName.length === 0 || AlarmName.length > MAX_NAME || /[\u0000-\u001f\u007f]/.test(AlarmName))
    throw refusalOf(AlarmName)(
      'its name cannot be taken',
      `Take 1 to ${MAX_NAME} characters, none a control character.`,
    )
  if (AlarmDescription.length > MAX_DESCRIPTION)
    throw refusalOf(AlarmName)(
      `its description has ${AlarmDescription.length} characters`,
      `Write at most ${MAX_DESCRIPTION}.`,
    )
}

/** BAD_INPUT about one alarm. */
export const refusalOf =
  (name: string) =>
  (what: string, hint: string, cause?: unknown): OperatorError =>
    new OperatorError('BAD_INPUT', `alarm "${name}": ${what}`, hint, cause)
