import type { EpochSeconds } from '../../../../core/time.ts'

/** Datapoints of one period length, oldest first; a timestamp is the beginning of its period. */
export interface TimeSeries {
  readonly period: number
  readonly t: readonly EpochSeconds[]
  readonly v: readonly number[]
}

/** What an expression comes to. */
export type Value = number | TimeSeries

/** A time series from datapoints; those that are no finite number are none. */
export function timeSeries(
  period: number,
  datapoints: Iterable<readonly [t: EpochSeconds, v: number]>,
): TimeSeries {
  const t: EpochSeconds[] = []
  const v: number[] = []
  for (const [time, value] of datapoints)
    if (Number.isFinite(value)) {
      t.push(time)
      v.push(value)
    }
  return { period, t, v }
}

/** Joins two values by an operation: a number with every datapoint, two series where both have one. */
export function combine(left: Value, right: Value, operation: (a: number, b: number) => number): Value {
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right)
  if (typeof right === 'number') return mapValues(left as TimeSeries, (a) => operation(a, right))
  if (typeof left === 'number') return mapValues(right, (b) => operation(left, b))
  const others = new Map(right.t.map((t, i) => [t, right.v[i] ?? Number.NaN]))
  return timeSeries(
    Math.max(left.period, right.period),
    left.t.map((t, i) => [t, operation(left.v[i] ?? Number.NaN, others.get(t) ?? Number.NaN)]),
  )
}

export function mapValues(series: TimeSeries, map: (value: number) => number): TimeSeries {
  return timeSeries(
    series.period,
    series.t.map((t, i) => [t, map(series.v[i] ?? Number.NaN)]),
  )
}

/** At every timestamp, `fold` of the values that are there of the series, and of the numbers among `items`. */
export function foldTogether(items: readonly Value[], fold: (values: readonly number[]) => number): Value {
  const numbers = items.filter((item) => typeof item === 'number')
  const series = items.filter((item) => typeof item !== 'number')
  if (series.length === 0) return fold(numbers)
  const byTime = new Map<EpochSeconds, number[]>()
  for (const { t, v } of series)
    for (const [i, time] of t.entries()) {
      const values = byTime.get(time) ?? [...numbers]
      values.push(v[i] ?? Number.NaN)
      byTime.set(time, values)
    }
  return timeSeries(
    Math.max(...series.map(({ period }) => period)),
    [...byTime].sort(([a], [b]) => a - b).map(([t, values]) => [t, fold(values)]),
  )
}
