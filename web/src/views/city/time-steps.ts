/** Which stretch of the past the slider goes over. */
export const RANGES = ['day', 'week', 'all'] as const
export type Range = (typeof RANGES)[number]

const SECONDS: Readonly<Record<Range, number>> = {
  day: 86_400,
  week: 7 * 86_400,
  all: Number.POSITIVE_INFINITY,
}

/** Index of the newest batch at or before a moment; -1 when there is none. Batches are ascending. */
export function batchAt(batches: readonly number[], at: number): number {
  let [low, high] = [0, batches.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((batches[middle] ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Index of the batch nearest to a moment. */
export function nearestBatch(batches: readonly number[], at: number): number {
  const before = batchAt(batches, at)
  const after = before + 1
  if (before < 0 || after >= batches.length) return Math.max(0, Math.min(before, batches.length - 1))
  return at - (batches[before] ?? 0) <= (batches[after] ?? 0) - at ? before : after
}

/**
 * Index of the batch that the slider goes to from one moment to another: the nearest, but never the one that it comes from,
 * so that a key leads over a gap as well.
 */
export function slideTo(batches: readonly number[], from: number, to: number): number {
  const [here, nearest] = [batchAt(batches, from), nearestBatch(batches, to)]
  if (nearest !== here || to === from) return nearest
  return Math.max(0, Math.min(batches.length - 1, to < from ? here - 1 : here + 1))
}

/**
 * The moment some batches further on (or back, below 0); null for the newest, which the last batch stands for.
 *
 * @param at The moment that is shown; null for the newest.
 */
export function stepFrom(batches: readonly number[], at: number | null, by: number): number | null {
  const last = batches.length - 1
  const here = at === null ? last : batchAt(batches, at)
  // Between two batches, a step back goes to the one that is shown.
  const isBetween = at !== null && here >= 0 && batches[here] !== at
  const to = Math.max(0, here + by + (isBetween && by < 0 ? 1 : 0))
  return to >= last ? null : (batches[to] ?? null)
}

/** Begin and end of the slider: a stretch of the chosen size that holds the moment shown, as late as it can be. */
export function sliderWindow(
  batches: readonly number[],
  at: number | null,
  range: Range,
): readonly [number, number] {
  const [first, last] = [batches[0] ?? 0, batches.at(-1) ?? 0]
  const size = SECONDS[range]
  if (last - first <= size) return [first, last]
  if (at === null || at > last - size) return [last - size, last]
  // Whole stretches back from the newest, so that the window stands still while the moment moves within.
  const back = Math.floor((last - at) / size) * size
  const end = last - back
  return [Math.max(first, end - size), end]
}

/** Gaps within a window, cut to it. */
export function gapsWithin(
  gaps: readonly (readonly [number, number])[],
  [from, to]: readonly [number, number],
): readonly (readonly [number, number])[] {
  return gaps.flatMap(([begin, end]) =>
    end <= from || begin >= to ? [] : [[Math.max(begin, from), Math.min(end, to)] as const],
  )
}
