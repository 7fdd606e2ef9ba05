import type { Dimensions, MetricDatum } from './contracts/cloudwatch.ts'
import { OperatorError } from './errors.ts'
import { DAY_SECONDS, HOUR_SECONDS, isoOf, type EpochSeconds } from './time.ts'

/** CloudWatch's limits of PutMetricData. */
const MAX_VALUES = 150
const MAX_DIMENSIONS = 30
const MAX_NAME = 255
const MAX_DIMENSION_VALUE = 1024
const MAX_AGE_SECONDS = 14 * DAY_SECONDS
const MAX_AHEAD_SECONDS = 2 * HOUR_SECONDS
/** Of either sign. */
const LARGEST = 2 ** 360
const RATES = [
  'Count',
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
]
const UNITS = new Set([
  'None',
  'Percent',
  'Seconds',
  'Microseconds',
  'Milliseconds',
  ...RATES,
  ...RATES.map((unit) => `${unit}/Second`),
])
/** The year 2286; beyond it a time has eleven digits. */
const LATEST: EpochSeconds = 9_999_999_999

/** Refuses with BAD_INPUT what CloudWatch refuses. Without `now`, a datum may be of any time. */
export function checkData(
  namespace: string,
  data: readonly MetricDatum[],
  now: EpochSeconds | undefined,
): void {
  checkNamespace(namespace)
  for (const datum of data) {
    const wrong = problemOf(datum, now)
    if (wrong !== undefined)
      throw new OperatorError(
        'BAD_INPUT',
        `metric ${datum.MetricName.slice(0, MAX_NAME)} in ${namespace}: ${wrong}`,
        'Nothing of this put was taken. Put a datum only where there is a figure.',
      )
  }
}

/** Refuses a namespace that CloudWatch refuses. */
export function checkNamespace(namespace: string): void {
  if (!isText(namespace, MAX_NAME) || namespace.startsWith(':'))
    throw new OperatorError(
      'BAD_INPUT',
      `"${namespace.slice(0, MAX_NAME)}" is no namespace`,
      'It has 1 to 255 visible ASCII characters, of which the first is no colon.',
    )
}

/** What is wrong with a metric's name and dimensions, if anything. */
export function nameProblem(name: string, dimensions: Dimensions): string | undefined {
  if (!isText(name, MAX_NAME)) return 'its name must have 1 to 255 visible ASCII characters'
  const entries = Object.entries(dimensions)
  if (entries.length > MAX_DIMENSIONS)
    return `it has ${entries.length} dimensions, the limit is ${MAX_DIMENSIONS}`
  for (const [key, value] of entries) {
    if (!isText(key, MAX_NAME) || key.startsWith(':'))
      return `"${key.slice(0, MAX_NAME)}" is no name of a dimension`
    if (typeof value !== 'string' || !isText(value, MAX_DIMENSION_VALUE))
      return `dimension ${key} must have 1 to ${MAX_DIMENSION_VALUE} visible ASCII characters`
  }
  return undefined
}

function problemOf(datum: MetricDatum, now: EpochSeconds | undefined): string | undefined {
  const { MetricName, Dimensions, Unit, Timestamp } = datum
  return (
    nameProblem(MetricName, Dimensions) ??
    (UNITS.has(Unit) ? undefined : `"${Unit}" is no unit`) ??
    valueProblem(datum) ??
    timeProblem(Timestamp, now)
  )
}

function valueProblem({ Value, Values, Counts }: MetricDatum): string | undefined {
  if ((Value === undefined) === (Values === undefined)) return 'it must have either a Value or Values'
  if (Values === undefined)
    return Counts === undefined ? outOfRange(Value ?? Number.NaN) : 'Counts belong to Values'
  if (Values.length === 0 || Values.length > MAX_VALUES)
    return `it has ${Values.length} values, there may be 1 to ${MAX_VALUES}`
  if (Counts !== undefined && Counts.length !== Values.length)
    return `it has ${Counts.length} counts for ${Values.length} values`
  const count = Counts?.find((each) => !(Number.isFinite(each) && each > 0))
  if (count !== undefined) return `its count is ${count}`
  return Values.map(outOfRange).find((problem) => problem !== undefined)
}

function outOfRange(value: number): string | undefined {
  return Number.isFinite(value) && Math.abs(value) <= LARGEST ? undefined : `its value is ${value}`
}

function timeProblem(time: EpochSeconds, now: EpochSeconds | undefined): string | undefined {
  if (!(Number.isInteger(time) && time >= 0 && time <= LATEST))
    return `its time is ${time}, not whole seconds since 1970`
  if (now === undefined) return undefined
  if (time < now - MAX_AGE_SECONDS) return `its time ${isoOf(time)} is over two weeks before ${isoOf(now)}`
  if (time > now + MAX_AHEAD_SECONDS) return `its time ${isoOf(time)} is over two hours after ${isoOf(now)}`
  return undefined
}

function isText(text: string, most: number): boolean {
  return text.length <= most && /^[\u0020-\u007e]*[\u0021-\u007e][\u0020-\u007e]*$/.test(text)
}
