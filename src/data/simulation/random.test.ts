import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random } from './random.ts'

const draw = (random: Random, n: number): number[] => Array.from({ length: n }, () => random.next())

describe('random streams', () => {
  it('give the same numbers for the same name, and others for any other', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 1e6 }), (seed, step) => {
        const numbers = draw(new Random(seed, 'demand', step), 4)
        expect(draw(new Random(seed, 'demand', step), 4)).toEqual(numbers)
        expect(draw(new Random(seed, 'demand', step + 1), 4)).not.toEqual(numbers)
        expect(draw(new Random(seed, 'trucks', step), 4)).not.toEqual(numbers)
        expect(draw(new Random(seed + 1, 'demand', step), 4)).not.toEqual(numbers)
      }),
    )
  })

  it('tell seeds apart beyond 32 bits', () => {
    expect(draw(new Random(5, 'layout'), 3)).not.toEqual(draw(new Random(5 + 2 ** 32, 'layout'), 3))
  })

  it('give these numbers for seed 1 everywhere', () => {
    expect(draw(new Random(1, 'demand', 7), 3)).toEqual([532_332_626, 1_113_789_578, 1_802_459_006])
  })

  it('have the moments of their distributions', () => {
    const random = new Random(3, 'layout')
    const n = 40_000
    const moments = (next: () => number): [mean: number, variance: number] => {
      let sum = 0
      let squares = 0
      for (let k = 0; k < n; k++) {
        const x = next()
        sum += x
        squares += x * x
      }
      return [sum / n, squares / n - (sum / n) ** 2]
    }
    for (const [next, mean, variance] of [
      [() => random.uniform(), 0.5, 1 / 12],
      [() => random.normal(), 0, 1],
      [() => random.exponential(2), 2, 4],
      [() => random.poisson(3.5), 3.5, 3.5],
    ] as const) {
      const [m, v] = moments(next)
      expect(Math.abs(m - mean)).toBeLessThan(4 * Math.sqrt(variance / n))
      expect(Math.abs(v / variance - 1)).toBeLessThan(0.06)
    }
  })
})
