import type { Expectation } from './expect.ts'

/** An estimate of the past, and what really came. */
export interface Realised {
  readonly expected: Expectation
  readonly value: number
}

/** A 90 % interval. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** Past windows that an interval needs: six hours of batches. */
export const FEWEST_WINDOWS = 36
/** Past windows that count: two days. */
export const MOST_WINDOWS = 288
/** Left out at each end. */
const TAIL = 0.05
/** A standard deviation below this would make any error look great. */
const LEAST_SD = 1e-4

/**
 * The interval that 90 % of what comes should lie in, by split conformal prediction: errors of past windows, in units of
 * their expected standard deviation, give the two bounds. It holds on average over windows as long as windows are like the
 * past ones. Null with fewer than 36 past windows. The estimate itself always lies in it, and both ends within 0..1.
 */
export function conformalInterval(expected: Expectation, past: readonly Realised[]): Interval | null {
  if (past.length < FEWEST_WINDOWS) return null
  const errors = past
    .map((window) => (window.value - window.expected.mean) / scaleOf(window.expected))
    .sort((a, b) => a - b)
  const n = errors.length
  const below = errors[Math.max(0, Math.floor((n + 1) * TAIL) - 1)] ?? 0
  const above = errors[Math.min(n - 1, Math.ceil((n + 1) * (1 - TAIL)) - 1)] ?? 0
  const at = (error: number): number => Math.min(1, Math.max(0, expected.mean + error * scaleOf(expected)))
  return { low: Math.min(at(below), expected.mean), high: Math.max(at(above), expected.mean) }
}

const scaleOf = ({ sd }: Expectation): number => Math.max(sd, LEAST_SD)
