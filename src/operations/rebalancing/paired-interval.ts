/** Two-sided 95 % quantiles of Student's t by degrees of freedom; beyond, near enough the normal's. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
] as const

/** The mean of paired differences with its 95 % interval (Student's t); no interval for fewer than two. */
export function pairedInterval(differences: readonly number[]): {
  readonly mean: number
  readonly low: number | null
  readonly high: number | null
} {
  const n = differences.length
  const mean = differences.reduce((sum, x) => sum + x, 0) / Math.max(1, n)
  if (n < 2) return { mean, low: null, high: null }
  const variance = differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1)
  const half = (T95[n - 2] ?? 1.96 + 2.5 / n) * Math.sqrt(variance / n)
  return { mean, low: mean - half, high: mean + half }
}
