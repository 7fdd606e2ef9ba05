import { seededRandom } from '../../core/seeded-random.ts'
import type { Interval } from '../../core/contracts/plan.ts'

const DRAWS = 2000
const SEED = 7

/** A sum over stations with its 95 % interval, by bootstrap (percentiles of sums over stations drawn with replacement). Null without any. */
export function bootstrapSum(values: readonly number[]): Interval | null {
  if (values.length === 0) return null
  const random = seededRandom(SEED)
  const sums = Float64Array.from({ length: DRAWS }, () =>
    values.reduce((sum) => sum + (values[Math.floor(random() * values.length)] ?? 0), 0),
  ).sort()
  return {
    mean: values.reduce((sum, x) => sum + x, 0),
    low: sums[Math.floor(0.025 * DRAWS)] ?? 0,
    high: sums[Math.floor(0.975 * DRAWS)] ?? 0,
  }
}
