import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchSeed, evenParts, shuffled } from './shuffle.ts'

const seed = fc.nat(2 ** 32 - 1)

describe('the shuffle of a batch', () => {
  it('keeps every item once, and is decided by its seed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), seed, (items, seed) => {
        const order = shuffled(items, seed)
        expect([...order].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b))
        expect(shuffled(items, seed)).toEqual(order)
      }),
    )
  })

  it('puts an item anywhere, with the same chance', () => {
    const items = [0, 1, 2, 3]
    const first = [0, 0, 0, 0]
    for (let i = 0; i < 4000; i++) {
      const at = shuffled(items, batchSeed('bikeshare-prod', i * 600)).indexOf(0)
      first[at] = (first[at] ?? 0) + 1
    }
    for (const count of first) expect(Math.abs(count - 1000)).toBeLessThan(120)
  })

  it('has another seed for another endpoint or slot', () => {
    const seeds = [batchSeed('a', 600), batchSeed('b', 600), batchSeed('a', 1200), batchSeed('a', 600)]
    expect(new Set(seeds).size).toBe(3)
  })
})

describe('the parts of a batch', () => {
  it('are as few as may be, of nearly the same size, and together the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { maxLength: 700 }),
        fc.integer({ min: 1, max: 120 }),
        (items, most) => {
          const parts = evenParts(items, most)
          const sizes = parts.map((part) => part.length)
          expect(parts.flat()).toEqual(items)
          expect(parts).toHaveLength(Math.ceil(items.length / most))
          if (sizes.length > 0) {
            expect(Math.max(...sizes)).toBeLessThanOrEqual(most)
            expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
          }
        },
      ),
    )
  })
})
