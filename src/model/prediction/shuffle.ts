import { sha256 } from '../../core/hash.ts'
import { seededRandom } from '../../core/seeded-random.ts'
import type { EpochSeconds } from '../../core/time.ts'

/** The seed of a batch's shuffle: 32 bits of a hash over the endpoint and the slot. */
export function batchSeed(endpoint: string, slot: EpochSeconds): number {
  return Number.parseInt(sha256(`${endpoint}/${slot}`).slice(0, 8), 16)
}

/** The items in an order that the seed alone decides (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = [...items]
  const random = seededRandom(seed)
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const [a, b] = [order[last], order[other]]
    if (a !== undefined && b !== undefined) {
      order[last] = b
      order[other] = a
    }
  }
  return order
}

/** Splits items into as few parts as hold at most `most` each, all of nearly the same size. */
export function evenParts<T>(items: readonly T[], most: number): T[][] {
  const parts = Math.ceil(items.length / most)
  const cut = (part: number): number => Math.round((part * items.length) / parts)
  return Array.from({ length: parts }, (_, part) => items.slice(cut(part), cut(part + 1)))
}
