/** The value that a share of `values` does not exceed (nearest rank). Throws for none. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new Error('no value was measured')
  return value
}

/** Median and 95th percentile of seconds, in milliseconds, under `p50_ms` and `p95_ms` with `suffix`. */
export function latencies(seconds: ArrayLike<number>, suffix = ''): Record<string, number> {
  return {
    [`p50_ms${suffix}`]: percentile(seconds, 0.5) * 1000,
    [`p95_ms${suffix}`]: percentile(seconds, 0.95) * 1000,
  }
}

/** Sum of numbers. */
export function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0)
}
