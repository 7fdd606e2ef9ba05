import { avoidedBy, type StationOutlook } from './lost-rides.ts'

/** With this chance a station still has the bikes (docks) that a stop counts on. */
const SURE = 0.8

/** What stops at a station are worth: [bucket][bikes + most], and how many bikes and docks are there for sure, by bucket. */
export interface GainTable {
  readonly gains: Float64Array
  readonly sureBikes: Int32Array
  readonly sureDocks: Int32Array
  /** The best of any stop that brings bikes, and of one that takes them, in the first bucket. */
  readonly bestBrought: number
}

/** The worth of every stop of up to `most` bikes at a station with `bikes` and `docks`, in the first `buckets` buckets. */
export function gainTable(
  outlook: StationOutlook,
  o: { readonly bikes: number; readonly docks: number; readonly most: number; readonly buckets: number },
): GainTable {
  const width = 2 * o.most + 1
  const gains = new Float64Array(o.buckets * width)
  const sureBikes = new Int32Array(o.buckets)
  const sureDocks = new Int32Array(o.buckets)
  for (let b = 0; b < o.buckets && b < outlook.chances.length; b++) {
    const chances = outlook.chances[b] ?? new Float64Array(0)
    sureBikes[b] = surely(chances)
    sureDocks[b] = surely(chances.toReversed())
    const low = -Math.min(o.most, o.bikes, sureBikes[b] ?? 0)
    const high = Math.min(o.most, o.docks, sureDocks[b] ?? 0)
    for (let amount = low; amount <= high; amount++)
      gains[b * width + amount + o.most] = amount === 0 ? 0 : avoidedBy(outlook, b, amount)
  }
  let bestBrought = 0
  for (let amount = 1; amount <= o.most; amount++)
    bestBrought = Math.max(bestBrought, gains[amount + o.most] ?? 0)
  return { gains, sureBikes, sureDocks, bestBrought }
}

/** The most bikes that are there with the chance asked for, from the distribution of the bikes. */
function surely(chances: Float64Array): number {
  let atLeast = 1
  let most = 0
  for (let there = 0; there < chances.length; there++) {
    if (atLeast >= SURE - 1e-12) most = there
    atLeast -= chances[there] ?? 0
  }
  return most
}
