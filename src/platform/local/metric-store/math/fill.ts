import type { EpochSeconds } from '../../../../core/time.ts'
import { periodsIn } from '../periods.ts'
import { timeSeries, type TimeSeries } from './value.ts'

/** A number, the last value before the gap, or the line between the values on its two sides. */
export type Filling = number | 'REPEAT' | 'LINEAR'

/**
 * Gives every period that begins in `[from, to)` a datapoint. REPEAT has none to repeat before the first datapoint, and LINEAR
 * no line before the first and after the last: there, as in CloudWatch, it stays empty.
 */
export function fill(series: TimeSeries, filling: Filling, from: EpochSeconds, to: EpochSeconds): TimeSeries {
  const known = new Map(series.t.map((t, i) => [t, series.v[i] ?? Number.NaN]))
  const filled: [EpochSeconds, number][] = []
  let next = 0
  for (const t of periodsIn(from, to, series.period)) {
    while (next < series.t.length && (series.t[next] ?? 0) < t) next++
    filled.push([
      t,
      known.get(t) ?? (typeof filling === 'number' ? filling : within(series, next, filling, t)),
    ])
  }
  return timeSeries(series.period, filled)
}

/** The value of a gap at `t`, where `next` is the place of the first datapoint after it. */
function within(series: TimeSeries, next: number, filling: 'REPEAT' | 'LINEAR', t: EpochSeconds): number {
  const before = series.v[next - 1] ?? Number.NaN
  if (filling === 'REPEAT') return before
  const after = series.v[next] ?? Number.NaN
  const begin = series.t[next - 1] ?? 0
  const end = series.t[next] ?? 0
  return before + ((after - before) * (t - begin)) / (end - begin)
}
