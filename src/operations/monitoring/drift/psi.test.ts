import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { psi } from './psi.ts'

const counts = (bins: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(1000), { minLength: bins, maxLength: bins }).filter((list) => list.some((n) => n > 0))
const pair = fc.integer({ min: 1, max: 12 }).chain((bins) => fc.tuple(counts(bins), counts(bins)))

describe('psi', () => {
  it('is never negative', () => {
    fc.assert(
      fc.property(pair, ([p, q]) => {
        expect(psi(p, q)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('is nothing between a distribution and a multiple of it', () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 9 }), ([p], times) => {
        expect(
          psi(
            p,
            p.map((n) => n * times),
          ),
        ).toBeCloseTo(0, 12)
      }),
    )
  })

  it('is the same both ways round', () => {
    fc.assert(
      fc.property(pair, ([p, q]) => {
        expect(psi(p, q)).toBeCloseTo(psi(q, p) ?? Number.NaN, 10)
      }),
    )
  })

  it('takes an empty bin as a share of 1e-4, and one that is empty on both sides as nothing', () => {
    expect(psi([50, 50, 0], [100, 0, 0])).toBeCloseTo(
      (0.5 - 1) * Math.log(0.5) + (0.5 - 1e-4) * Math.log(0.5 / 1e-4),
      12,
    )
    expect(psi([50, 50, 0], [100, 0, 0])).toBe(psi([50, 50], [100, 0]))
  })

  it('is missing when there is nothing on one side', () => {
    expect([psi([0, 0], [1, 2]), psi([1, 2], [0, 0])]).toEqual([null, null])
  })
})
