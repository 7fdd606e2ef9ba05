import type { EpochSeconds } from '../../../core/time.ts'
import type { Distribution } from './distribution.ts'
import type { Series } from './series.ts'
import type { Aggregate } from './statistics.ts'
import { timeSeries, type TimeSeries } from './math/value.ts'

/** Beginnings of the periods (whole multiples of `period`) that begin in `[from, to)`. */
export function periodsIn(from: EpochSeconds, to: EpochSeconds, period: number): EpochSeconds[] {
  const periods: EpochSeconds[] = []
  for (let t = Math.ceil(from / period) * period; t < to; t += period) periods.push(t)
  return periods
}

/** Data of several stored series as one series of periods that begin in `[from, to)`. */
export function aggregatePeriods(
  series: readonly Series[],
  span: { readonly from: EpochSeconds; readonly to: EpochSeconds; readonly period: number },
  aggregate: Aggregate,
): TimeSeries {
  const { from, to, period } = span
  const byPeriod = new Map<EpochSeconds, Distribution[]>()
  for (const { t, v } of series)
    for (const [i, time] of t.entries()) {
      const begin = Math.floor(time / period) * period
      if (begin < from || begin >= to) continue
      const data = byPeriod.get(begin)
      if (data) data.push(v[i] ?? Number.NaN)
      else byPeriod.set(begin, [v[i] ?? Number.NaN])
    }
  return timeSeries(
    period,
    [...byPeriod].sort(([a], [b]) => a - b).map(([t, data]) => [t, aggregate(data)]),
  )
}
