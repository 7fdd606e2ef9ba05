import type { Ranking } from './ranking.ts'

/** Rows whose scores are next to each other: what was said, and what came. */
export interface CalibrationBin {
  readonly rows: number
  readonly positives: number
  readonly lowest: number
  readonly highest: number
  /** Mean score: the chance that was predicted. */
  readonly predicted: number
  /** Share of positives: what happened. */
  readonly observed: number
}

/**
 * Ten bins of equal count over the ascending scores: bin k reaches up to the score of rank ceil(k rows / bins). Equal
 * scores share the lowest bin that they reach, so bins may differ in count, and there may be fewer of them.
 */
export function calibration({ positives, negatives }: Ranking, bins = 10): CalibrationBin[] {
  const rows = positives.length + negatives.length
  const found: CalibrationBin[] = []
  let p = 0
  let n = 0
  for (let k = 1; k <= bins && p + n < rows; k++) {
    const wanted = Math.ceil((k * rows) / bins)
    if (p + n >= wanted) continue
    const [from, before] = [p, p + n]
    let sum = 0
    let lowest = Number.NaN
    let highest = Number.NaN
    while (p + n < rows) {
      const next = Math.min(positives[p] ?? Infinity, negatives[n] ?? Infinity)
      if (p + n >= wanted && next !== highest) break
      if (p + n === before) lowest = next
      highest = next
      sum += next
      if (positives[p] === next) p += 1
      else n += 1
    }
    const count = p + n - before
    found.push({
      rows: count,
      positives: p - from,
      lowest,
      highest,
      predicted: sum / count,
      observed: (p - from) / count,
    })
  }
  return found
}

/** Expected calibration error: the mean of |predicted - observed| over the bins, weighted by rows. Null without rows. */
export function calibrationError(bins: readonly CalibrationBin[]): number | null {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0)
  if (rows === 0) return null
  return bins.reduce((sum, bin) => sum + (bin.rows / rows) * Math.abs(bin.predicted - bin.observed), 0)
}
