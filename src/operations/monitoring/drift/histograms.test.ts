import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedShares, WeekHistogram } from './histograms.ts'

const hours = fc.dictionary(
  fc.integer({ min: 0, max: 167 }).map(String),
  fc.array(fc.nat(50), { minLength: 3, maxLength: 3 }),
)
const MONDAY_8 = 8
const TUESDAY_8 = 32
const SATURDAY_8 = 128

describe('histograms by the hour of the week', () => {
  it('are the same in whatever order they are merged', () => {
    fc.assert(
      fc.property(hours, hours, (a, b) => {
        const merged = (first: typeof a, second: typeof a): unknown => {
          const sum = WeekHistogram.of(3, first)
          sum.merge(WeekHistogram.of(3, second))
          return sum.toJSON()
        }
        expect(merged(a, b)).toEqual(merged(b, a))
      }),
    )
  })

  it('refuse counts of other bins', () => {
    expect(() => WeekHistogram.of(3, { 5: [1, 2] })).toThrow(RangeError)
  })
})

describe('the shares that a window should have', () => {
  const shares = (baseline: Record<string, number[]>, window: Record<string, number[]>): number[] | null => {
    const expected = expectedShares(
      WeekHistogram.of(2, baseline).counts,
      WeekHistogram.of(2, window).counts,
      2,
    )
    return expected && [...expected]
  }

  it('weigh the hours of training as the window does', () => {
    const baseline = { [MONDAY_8]: [90, 10], [TUESDAY_8]: [1, 9] }
    expect(shares(baseline, { [MONDAY_8]: [3, 0], [TUESDAY_8]: [0, 1] })).toEqual([
      expect.closeTo(0.75 * 0.9 + 0.25 * 0.1, 12),
      expect.closeTo(0.75 * 0.1 + 0.25 * 0.9, 12),
    ])
  })

  it('take the same hour of alike days for one that training never saw, then of any, then all', () => {
    const all = { [MONDAY_8]: [1, 3], [SATURDAY_8]: [1, 0], 3: [0, 5] }
    expect(shares(all, { [TUESDAY_8]: [1, 0] })).toEqual([0.25, 0.75])
    expect(shares({ [SATURDAY_8]: [1, 0], 3: [0, 5] }, { [TUESDAY_8]: [1, 0] })).toEqual([1, 0])
    expect(shares({ 3: [0, 5] }, { [TUESDAY_8]: [1, 0] })).toEqual([0, 1])
  })

  it('are missing when there is nothing to compare', () => {
    expect([
      shares({}, { 5: [1, 1] }),
      shares({ 5: [1, 1] }, {}),
      shares({ 5: [0, 0] }, { 5: [1, 0] }),
    ]).toEqual([null, null, null])
  })
})
