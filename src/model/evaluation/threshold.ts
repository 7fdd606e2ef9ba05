import type { Ranking } from './ranking.ts'

/** Counts at a threshold: a score at or above it is a predicted stock-out. */
export interface Confusion {
  readonly tp: number
  readonly fp: number
  readonly tn: number
  readonly fn: number
}

/** Counts at `threshold`. */
export function confusionAt({ positives, negatives }: Ranking, threshold: number): Confusion {
  const fn = countBelow(positives, threshold)
  const tn = countBelow(negatives, threshold)
  return { tp: positives.length - fn, fp: negatives.length - tn, tn, fn }
}

/** Share of the predicted stock-outs that came; null when none was predicted. */
export function precisionOf({ tp, fp }: Confusion): number | null {
  return tp + fp === 0 ? null : tp / (tp + fp)
}

/** Share of the stock-outs that were predicted; null when there was none. */
export function recallOf({ tp, fn }: Confusion): number | null {
  return tp + fn === 0 ? null : tp / (tp + fn)
}

/** F-beta, (1 + b²) tp / ((1 + b²) tp + b² fn + fp); null when nothing was predicted and nothing came. */
export function fBetaOf({ tp, fp, fn }: Confusion, beta = 1): number | null {
  const b2 = beta * beta
  const bottom = (1 + b2) * tp + b2 * fn + fp
  return bottom === 0 ? null : ((1 + b2) * tp) / bottom
}

/**
 * The threshold of 0.01, 0.02 … 0.99 with the highest F-beta, the lowest of equals. Beta 2 counts a stock-out that was
 * missed four times a false alarm. Null when there are no positives.
 */
export function bestThreshold(ranking: Ranking, beta = 2): number | null {
  if (ranking.positives.length === 0) return null
  let best = { threshold: 0.01, score: -1 }
  for (let percent = 1; percent <= 99; percent++) {
    const score = fBetaOf(confusionAt(ranking, percent / 100), beta) ?? 0
    if (score > best.score) best = { threshold: percent / 100, score }
  }
  return best.threshold
}

/** Values of an ascending array below `limit`, by bisection. */
function countBelow(sorted: Float64Array, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? Infinity) < limit) low = middle + 1
    else high = middle
  }
  return low
}
