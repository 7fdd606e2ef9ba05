import { sha256 } from '../../core/hash.ts'
import type { EpochSeconds } from '../../core/time.ts'

/** The seed of a batch's shuffle: 32 bits of a hash over the endpoint and the slot. */
export function batchSeed(endpoint: string, slot: EpochSeconds): number {
  return Number.parseInt(sha256(`${endpoint}/${slot}`).slice(0, 8), 16)
}

/** The items in an order that the seed alone decides (Fisher and Yates, with the generator mulberry32). */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = [...items]
  const random = mulberry32(seed)
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

/** Tommy Ettinger's mulberry32: numbers in [0, 1) from 32 bits of state. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
