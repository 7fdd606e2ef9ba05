import { DAY_SECONDS, HOUR_SECONDS, isoOf, type EpochSeconds } from '../../core/time.ts'
import type { Datapoint } from '../metrics/series.ts'
import type { Span } from './series.ts'

/** Steps of the time axis in hours; the first that gives few enough labels is taken. */
const STEPS = [1, 2, 3, 6, 12, 24]
const MOST_LABELS = 8

/** Beginnings of periods, each with its value; null where nothing is known. */
export type Grid = readonly (readonly [EpochSeconds, number | null])[]

/** Every period of the span, with null where nothing is known. */
export function onGrid(points: readonly Datapoint[], span: Span, period: number): Grid {
  const byTime = new Map(points.map(({ t, v }) => [t, v]))
  const grid: [EpochSeconds, number | null][] = []
  for (let t = Math.ceil(span.from / period) * period; t < span.to; t += period)
    grid.push([t, byTime.get(t) ?? null])
  return grid
}

/** Points between gaps have no line: they need a dot to be seen. */
export const hasLonely = (grid: Grid): boolean =>
  grid.some(
    ([, v], i) => v !== null && (grid[i - 1]?.[1] ?? null) === null && (grid[i + 1]?.[1] ?? null) === null,
  )

/** Seconds between two labels of the time axis. */
export function stepOf({ from, to }: Span): number {
  const hours = STEPS.find((step) => (to - from) / (step * HOUR_SECONDS) <= MOST_LABELS) ?? 24
  return hours * HOUR_SECONDS
}

/** `14:00`, at midnight `05-14`; nothing for the ends of an axis that are no step. */
export function timeLabel(t: EpochSeconds, step: number): string {
  if (t % Math.min(step, HOUR_SECONDS) !== 0) return ''
  const text = isoOf(t)
  return t % DAY_SECONDS === 0 ? text.slice(5, 10) : text.slice(11, 16)
}

/** An end of an axis just above `value`: 1, 2, 3, 4, 5, 6, 8 or 10 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value * 1.0001) ?? 10
  return Number((factor * power).toPrecision(6))
}

/** Into how many even parts an axis that ends at `max` is divided. */
export function partsOf(max: number): number {
  const first = Number(max.toExponential()[0])
  return first === 2 || first === 4 || first === 8 ? 4 : first % 3 === 0 ? 3 : 5
}
