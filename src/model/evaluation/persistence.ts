import { averagePrecision } from './pr-curve.ts'
import { rank } from './ranking.ts'

/** Counts above this are sorted instead of tallied. */
const MOST = 10_000

/** Scores of "it stays as it is": minus the count now. Equal counts share a rank. */
export function persistenceScores(counts: ArrayLike<number>): Float64Array {
  const scores = new Float64Array(counts.length)
  for (let i = 0; i < counts.length; i++) scores[i] = -(counts[i] ?? Number.NaN)
  return scores
}

/**
 * PR-AUC of persistence: `prAuc(labels, persistenceScores(counts))` to the last bit, by a tally of the counts instead of a
 * sort. Labels are 0 or 1. Null when a class is absent.
 */
export function persistencePrAuc(labels: ArrayLike<number>, counts: ArrayLike<number>): number | null {
  let most = -1
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? Number.NaN
    if (!Number.isInteger(count) || count < 0 || count > MOST)
      return averagePrecision(rank(labels, persistenceScores(counts)))
    if (count > most) most = count
  }
  const positives = new Float64Array(most + 1)
  const rows = new Float64Array(most + 1)
  let total = 0
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0
    rows[count] = (rows[count] ?? 0) + 1
    if (labels[i] !== 1) continue
    positives[count] = (positives[count] ?? 0) + 1
    total++
  }
  if (total === 0 || total === counts.length) return null
  let area = 0
  let tp = 0
  let seen = 0
  for (let count = 0; count <= most; count++) {
    const found = positives[count] ?? 0
    tp += found
    seen += rows[count] ?? 0
    if (found > 0) area += (found / total) * (tp / seen)
  }
  return area
}
