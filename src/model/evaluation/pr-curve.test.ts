import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averagePrecision, prCurve } from './pr-curve.ts'
import { rank } from './ranking.ts'

const rows = fc.array(
  fc.tuple(
    fc.constantFrom(0, 1),
    fc.nat(40).map((n) => n / 40),
  ),
  { maxLength: 120 },
)

describe('the precision-recall curve', () => {
  it('ends at recall 1, never turns back, and is of bounded length', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 30 }), (pairs, points) => {
        const labels = pairs.map((p) => p[0])
        const curve = prCurve(
          rank(
            labels,
            pairs.map((p) => p[1]),
          ),
          points,
        )
        if (!labels.includes(1) || !labels.includes(0)) {
          expect(curve).toEqual([])
          return
        }
        expect(curve.length).toBeLessThanOrEqual(points + 1)
        expect(curve[0]?.recall).toBeGreaterThan(0)
        expect(curve.at(-1)?.recall).toBe(1)
        curve.forEach((point, i) => {
          expect(point.recall).toBeGreaterThanOrEqual(curve[i - 1]?.recall ?? 0)
          expect(point.threshold).toBeLessThan(curve[i - 1]?.threshold ?? Infinity)
          const said = pairs.filter(([, score]) => score >= point.threshold)
          expect(point.precision).toBe(said.filter(([label]) => label === 1).length / said.length)
        })
      }),
    )
  })

  it('has the average precision as its area when no point is left out', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const ranking = rank(
          pairs.map((p) => p[0]),
          pairs.map((p) => p[1]),
        )
        let area = 0
        let before = 0
        for (const { recall, precision } of prCurve(ranking, 1e9)) {
          area += (recall - before) * precision
          before = recall
        }
        expect(area).toBeCloseTo(averagePrecision(ranking) ?? 0, 12)
      }),
    )
  })
})
