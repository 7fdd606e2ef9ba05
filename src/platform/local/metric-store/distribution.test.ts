import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compress,
  distributionOf,
  eachValue,
  mergeDistributions,
  packDistribution,
  unpackDistribution,
  type Distribution,
} from './distribution.ts'

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 })

const pairs = (distribution: Distribution): [number, number][] => {
  const found: [number, number][] = []
  eachValue(distribution, (value, count) => found.push([value, count]))
  return found
}
const count = (d: Distribution): number => pairs(d).reduce((sum, [, n]) => sum + n, 0)
const total = (d: Distribution): number => pairs(d).reduce((sum, [value, n]) => sum + value * n, 0)

describe('a distribution', () => {
  it('is the same in whatever order and parts its values come', () => {
    fc.assert(
      fc.property(values, fc.nat(300), (all, cut) => {
        const whole = distributionOf(all)
        expect(distributionOf(all.toReversed())).toEqual(whole)
        const parts = [all.slice(cut), all.slice(0, cut)].filter((part) => part.length > 0)
        expect(mergeDistributions(parts.map((part) => distributionOf(part)))).toEqual(whole)
      }),
    )
  })

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(values, (all) => {
        const packed = JSON.stringify(packDistribution(distributionOf(all)))
        expect(unpackDistribution(JSON.parse(packed))).toEqual(distributionOf(all))
      }),
    )
    expect(packDistribution(distributionOf([1, 2, 3]))).toEqual([[1, 2, 3]])
    expect(packDistribution(distributionOf([1, 1]))).toEqual([[1], [2]])
    expect(packDistribution(distributionOf([7]))).toBe(7)
  })

  it('compressed keeps count, sum and extremes, and every value to 1 %', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (all, exact) => {
        const whole = distributionOf(all)
        const small = compress(whole, exact)
        if (new Set(all).size <= exact) expect(small).toEqual(whole)
        expect(count(small)).toBeCloseTo(all.length, 6)
        expect(Math.abs(total(small) - total(whole))).toBeLessThan(1e-3)
        const kept = pairs(small)
        expect(kept[0]?.[0]).toBe(Math.min(...all) + 0)
        expect(kept.at(-1)?.[0]).toBe(Math.max(...all) + 0)
        const ranks = kept.flatMap(([value, n]) => Array.from({ length: n }, () => value))
        for (const [i, value] of [...all].sort((a, b) => a - b).entries())
          expect(Math.abs((ranks[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(
            0.0101 * Math.abs(value) + 1e-9,
          )
      }),
    )
  })

  it('compressed has a bounded number of values, however many there were', () => {
    const latencies = Array.from({ length: 100_000 }, (_, i) => 100 + i * 3)
    expect(pairs(compress(distributionOf(latencies), 64)).length).toBeLessThan(900)
  })
})
