import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../../../core/time.ts'
import { periodsIn } from '../periods.ts'
import { timeSeries, type TimeSeries } from './value.ts'

/** How far back a band learns. */
export const TRAINING_SECONDS = 14 * DAY_SECONDS
/** Hours with a datapoint that it needs. */
const MIN_HOURS = 24
/** An hour of the day with fewer datapoints takes the expectation of the whole. */
const MIN_OF_HOUR = 3
/** The spread is at least this share of what is expected: a figure that never moved may move a little. */
const MIN_SPREAD = 0.01
/** Standard deviations of a normal distribution: its median absolute deviation, and from its 5th to its 95th percentile. */
const SIGMA_OF_MAD = 1.4826
const SIGMAS_5_TO_95 = 3.2897

export interface Band {
  readonly upper: TimeSeries
  readonly lower: TimeSeries
}

/**
 * The band of the periods that begin in `[from, to)`: the median of the training data of the same hour of the day (UTC),
 * give or take `width` times the spread of what is left after it. The spread is the greater of two robust estimates of a
 * standard deviation, by the median absolute deviation and by the 5th to 95th percentile: outliers do not widen the band,
 * an ordinary heavy tail does. With under 24 hours of training data there is no band. (CloudWatch's own model is not
 * published; this one stands in its place.)
 */
export function anomalyBand(training: TimeSeries, width: number, from: EpochSeconds, to: EpochSeconds): Band {
  const { period, t, v } = training
  const hours = new Set(t.map((time) => Math.floor(time / HOUR_SECONDS)))
  if (hours.size < MIN_HOURS) return { upper: timeSeries(period, []), lower: timeSeries(period, []) }
  const byHour = new Map<number, number[]>()
  for (const [i, time] of t.entries()) {
    const values = byHour.get(hourOf(time)) ?? []
    values.push(v[i] ?? Number.NaN)
    byHour.set(hourOf(time), values)
  }
  const overall = quantile(sorted(v), 0.5)
  const expected = new Map<number, number>()
  for (const [hour, values] of byHour)
    if (values.length >= MIN_OF_HOUR) expected.set(hour, quantile(sorted(values), 0.5))
  const expectedAt = (time: EpochSeconds): number => expected.get(hourOf(time)) ?? overall
  const residuals = sorted(t.map((time, i) => (v[i] ?? Number.NaN) - expectedAt(time)))
  const mad = quantile(sorted(residuals.map(Math.abs)), 0.5)
  const spread = Math.max(
    SIGMA_OF_MAD * mad,
    (quantile(residuals, 0.95) - quantile(residuals, 0.05)) / SIGMAS_5_TO_95,
  )
  const edge = (side: 1 | -1): TimeSeries =>
    timeSeries(
      period,
      periodsIn(from, to, period).map((time) => {
        const middle = expectedAt(time)
        return [time, middle + side * width * Math.max(spread, MIN_SPREAD * Math.abs(middle))]
      }),
    )
  return { upper: edge(1), lower: edge(-1) }
}

const hourOf = (t: EpochSeconds): number => Math.floor((t % DAY_SECONDS) / HOUR_SECONDS)

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)

/** Of sorted values, with linear interpolation. */
function quantile(values: readonly number[], share: number): number {
  const position = share * (values.length - 1)
  const lower = values[Math.floor(position)] ?? Number.NaN
  const upper = values[Math.ceil(position)] ?? Number.NaN
  return lower + (position - Math.floor(position)) * (upper - lower)
}
