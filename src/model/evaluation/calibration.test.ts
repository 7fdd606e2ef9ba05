import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calibration, calibrationError } from './calibration.ts'
import { rank } from './ranking.ts'

const rows = fc.array(
  fc.tuple(
    fc.constantFrom(0, 1),
    fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5)),
  ),
  { minLength: 1, maxLength: 80 },
)
const ranked = (pairs: [number, number][]) =>
  rank(
    pairs.map((p) => p[0]),
    pairs.map((p) => p[1]),
  )

describe('calibration', () => {
  it('puts every row in one bin, in ascending order, at most ten, and no score in two', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const bins = calibration(ranked(pairs))
        expect(bins.length).toBeLessThanOrEqual(10)
        expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(pairs.length)
        expect(bins.reduce((sum, bin) => sum + bin.positives, 0)).toBe(pairs.filter((p) => p[0] === 1).length)
        bins.forEach((bin, i) => {
          const inside = pairs.filter(([, score]) => score >= bin.lowest && score <= bin.highest)
          expect(inside).toHaveLength(bin.rows)
          expect(bin.predicted).toBeGreaterThanOrEqual(bin.lowest - 1e-12)
          expect(bin.predicted).toBeLessThanOrEqual(bin.highest + 1e-12)
          if (i > 0) expect(bin.lowest).toBeGreaterThan(bins[i - 1]?.highest ?? Infinity)
        })
      }),
    )
  })

  it('has ten bins of equal count when no scores are equal', () => {
    const scores = Array.from({ length: 1000 }, (_, i) => i / 1000)
    const bins = calibration(
      rank(
        scores.map((_s, i) => (i % 7 === 0 ? 1 : 0)),
        scores,
      ),
    )
    expect(bins.map((bin) => bin.rows)).toEqual(Array(10).fill(100))
  })

  it('has no error where the scores are the shares that came, and names it where they are not', () => {
    const labels = [0, 0, 0, 1, 1, 1, 1, 0]
    const fair = [0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75]
    expect(calibrationError(calibration(rank(labels, fair)))).toBeCloseTo(0, 12)
    const sure = [0, 0, 0, 0, 1, 1, 1, 1]
    expect(calibrationError(calibration(rank(labels, sure)))).toBeCloseTo(0.25, 12)
    expect(calibrationError([])).toBeNull()
  })

  it('is never below the difference between the mean score and the prevalence', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
        const bias = Math.abs(mean(pairs.map((p) => p[1])) - mean(pairs.map((p) => p[0])))
        expect(calibrationError(calibration(ranked(pairs)))).toBeGreaterThanOrEqual(bias - 1e-9)
      }),
    )
  })
})
