/** Shares below this count as this much: a bin that is empty on one side must not make the index infinite. */
export const SHARE_FLOOR = 1e-4
/** Fewer samples say more about chance than about drift: at 518 no run without drift passed 0.1. */
export const MIN_SAMPLES = 500
/** From here on a feature has moved enough to ask where. */
export const MOVED = 0.1

/**
 * Population stability index of two distributions over the same bins: the sum of (p - q) ln(p / q), with a floor of 1e-4 on
 * both shares. Never negative, 0 for equal distributions, and the same both ways round. A bin that is empty on both sides
 * adds nothing. `p` and `q` are counts or shares; null when one of them sums to nothing.
 */
export function psi(p: ArrayLike<number>, q: ArrayLike<number>): number | null {
  const [pSum, qSum] = [sumOf(p), sumOf(q)]
  if (pSum === 0 || qSum === 0) return null
  let index = 0
  for (let bin = 0; bin < p.length; bin++) {
    const share = Math.max((p[bin] ?? 0) / pSum, SHARE_FLOOR)
    const other = Math.max((q[bin] ?? 0) / qSum, SHARE_FLOOR)
    index += (share - other) * Math.log(share / other)
  }
  return index
}

/** The sum of all. */
export function sumOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0
  return sum
}
