import type { HistoryEntry } from '../../../../src/core/contracts/history.ts'

/**
 * Moments at which what serves changed, oldest first: the stops of the slider. Changes of one second (bikes and docks of a
 * release) are one stop.
 */
export function changeMoments(history: readonly HistoryEntry[]): readonly number[] {
  return [...new Set(history.map(({ at }) => at))].toSorted((a, b) => a - b)
}

/** Index of the last stop at or before a moment; -1 before the first, and the number of stops for now. */
export function momentIndex(moments: readonly number[], at: number | null): number {
  return at === null ? moments.length : moments.findLastIndex((moment) => moment <= at)
}

/** The moment of a stop: null is now, and what lies before the first stop is a second before it. */
export function momentAt(moments: readonly number[], index: number): number | null {
  const first = moments[0]
  if (first === undefined || index >= moments.length) return null
  return index < 0 ? first - 1 : (moments[index] ?? null)
}
