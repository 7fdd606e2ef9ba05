import type { GainTable } from './gain-table.ts'
import type { Problem } from './problem.ts'

const ROUNDS = 40

/**
 * An upper bound over every plan: of the constraints, only the working time of all trucks together (stops and handling, no
 * driving) and that bikes brought are bikes taken are kept, and each is priced. Any prices give a bound (Lagrangian
 * relaxation); the least one is sought by turns along each.
 */
export function relaxedBound(tables: readonly GainTable[], p: Problem): number {
  const seconds = p.classes.reduce((sum, { trucks, shiftSeconds }) => sum + trucks * shiftSeconds, 0)
  const capacity = Math.max(0, ...p.classes.map((truck) => truck.capacity))
  const most = Math.min(p.most, capacity)
  const best = tables.map((table) => bestOverTime(table, p))
  const bound = (time: number, bike: number): number => {
    let total = time * seconds
    for (const gains of best) {
      let worth = 0
      for (let amount = -most; amount <= most; amount++) {
        const gain = gains[amount + p.most] ?? 0
        if (gain === 0) continue
        const cost = time * (p.stopSeconds + p.handlingSeconds * Math.abs(amount)) + bike * amount
        worth = Math.max(worth, gain - cost)
      }
      total += worth
    }
    return total
  }
  let [time, bike] = [0.0005, 0.1]
  let [timeStep, bikeStep] = [0.0005, 0.2]
  let least = bound(time, bike)
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false
    for (const [t, b] of [
      [time + timeStep, bike],
      [Math.max(0, time - timeStep), bike],
      [time, bike + bikeStep],
      [time, bike - bikeStep],
    ] as const) {
      const value = bound(t, b)
      if (value >= least) continue
      ;[least, time, bike, moved] = [value, t, b, true]
    }
    if (!moved) {
      timeStep /= 2
      bikeStep /= 2
    }
  }
  return least
}

/** By amount, the most that a stop is worth at any time. */
function bestOverTime({ gains }: GainTable, p: Problem): Float64Array {
  const width = 2 * p.most + 1
  const best = new Float64Array(width)
  for (let amount = 0; amount < width; amount++) {
    let found = false
    for (let b = 0; b < p.buckets; b++) {
      const gain = gains[b * width + amount] ?? 0
      if (gain === 0 || (found && gain <= (best[amount] ?? 0))) continue
      best[amount] = gain
      found = true
    }
  }
  return best
}
