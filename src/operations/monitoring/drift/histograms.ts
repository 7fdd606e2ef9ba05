import { standIns } from './week-hour.ts'
import { sumOf } from './psi.ts'

/** Counts of a column's bins (the last is of missing values) by hour of the week; hours without a row are absent. */
export type WeekCounts = ReadonlyMap<number, Float64Array>

/** Histograms of one column that grow. */
export class WeekHistogram implements Iterable<readonly [number, Float64Array]> {
  readonly bins: number
  readonly #hours = new Map<number, Float64Array>()

  constructor(bins: number) {
    this.bins = bins
  }

  /** Adds `count` to a bin. */
  add(weekHour: number, bin: number, count = 1): void {
    const counts = this.#at(weekHour)
    counts[bin] = (counts[bin] ?? 0) + count
  }

  /** Adds all of another with the same bins. */
  merge(other: Iterable<readonly [number, ArrayLike<number>]>): void {
    for (const [weekHour, counts] of other)
      for (let bin = 0; bin < counts.length; bin++) this.add(weekHour, bin, counts[bin] ?? 0)
  }

  #at(weekHour: number): Float64Array {
    let counts = this.#hours.get(weekHour)
    if (counts === undefined) this.#hours.set(weekHour, (counts = new Float64Array(this.bins)))
    return counts
  }

  /** Counts over all hours. */
  total(): Float64Array {
    const total = new Float64Array(this.bins)
    for (const counts of this.#hours.values())
      for (let bin = 0; bin < total.length; bin++) total[bin] = (total[bin] ?? 0) + (counts[bin] ?? 0)
    return total
  }

  /** By hour of the week, in order. */
  [Symbol.iterator](): Iterator<readonly [number, Float64Array]> {
    return [...this.#hours.entries()].sort((a, b) => a[0] - b[0])[Symbol.iterator]()
  }

  get counts(): WeekCounts {
    return this.#hours
  }

  /** As JSON holds it: counts by hour of the week. */
  toJSON(): Record<string, number[]> {
    return Object.fromEntries([...this].map(([weekHour, counts]) => [String(weekHour), [...counts]]))
  }

  /** What `toJSON` gave; counts of another number of bins are refused with RangeError. */
  static of(bins: number, hours: Readonly<Record<string, readonly number[]>>): WeekHistogram {
    const histogram = new WeekHistogram(bins)
    for (const [weekHour, counts] of Object.entries(hours)) {
      if (counts.length !== bins) throw new RangeError(`${counts.length} bins instead of ${bins}`)
      histogram.merge([[Number(weekHour), counts]])
    }
    return histogram
  }
}

/**
 * The shares that a window would have if nothing had moved: the baseline's shares of each hour of the week, weighted by the
 * window's own rows in it. An hour that the baseline lacks is stood in for (see `standIns`). Null when the baseline or the
 * window is empty.
 */
export function expectedShares(baseline: WeekCounts, window: WeekCounts, bins: number): Float64Array | null {
  const expected = new Float64Array(bins)
  const rows = [...window.values()].reduce((sum, counts) => sum + sumOf(counts), 0)
  if (rows === 0) return null
  for (const [weekHour, counts] of window) {
    const weight = sumOf(counts) / rows
    if (weight === 0) continue
    const known = knownHours(baseline, weekHour)
    const total = known.reduce((sum, hour) => sum + sumOf(hour), 0)
    if (total === 0) return null
    for (const hour of known)
      for (let bin = 0; bin < bins; bin++)
        expected[bin] = (expected[bin] ?? 0) + (weight * (hour[bin] ?? 0)) / total
  }
  return expected
}

function knownHours(baseline: WeekCounts, weekHour: number): Float64Array[] {
  for (const hours of [[weekHour], ...standIns(weekHour)]) {
    const known = hours.flatMap((hour) => baseline.get(hour) ?? []).filter((counts) => sumOf(counts) > 0)
    if (known.length > 0) return known
  }
  return []
}
