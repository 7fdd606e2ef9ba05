import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openIsotonic, stepAt, type Step } from './isotonic.ts'

const FEWEST = 5
const cells = fc.array(
  fc.record({
    score: fc.integer({ min: 0, max: 50 }),
    rows: fc.integer({ min: 1, max: 9 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 80 },
)

function fit(given: readonly { score: number; rows: number; share: number }[]): {
  steps: Step[]
  rows: number
  positives: number
} {
  const isotonic = openIsotonic(FEWEST)
  let [rows, positives] = [0, 0]
  for (const cell of [...given].sort((a, b) => a.score - b.score)) {
    const came = Math.round(cell.rows * cell.share)
    isotonic.add(cell.score, cell.rows, came)
    rows += cell.rows
    positives += came
  }
  return { steps: isotonic.steps(), rows, positives }
}

describe('isotonic steps', () => {
  it('rise strictly in score and in share, and hold every row once', () => {
    fc.assert(
      fc.property(cells, (given) => {
        const { steps, rows, positives } = fit(given)
        for (const [i, step] of steps.entries()) {
          const before = steps[i - 1]
          if (!before) continue
          expect(step.upTo).toBeGreaterThan(before.upTo)
          expect(step.positives / step.rows).toBeGreaterThan(before.positives / before.rows)
        }
        expect(steps.reduce((sum, step) => sum + step.rows, 0)).toBe(rows)
        expect(steps.reduce((sum, step) => sum + step.positives, 0)).toBe(positives)
        if (steps.length > 1)
          expect(Math.min(...steps.map((step) => step.rows))).toBeGreaterThanOrEqual(FEWEST)
      }),
    )
  })

  it('pool what falls', () => {
    const isotonic = openIsotonic(10)
    isotonic.add(0.1, 10, 1)
    isotonic.add(0.2, 10, 6)
    isotonic.add(0.3, 10, 4)
    isotonic.add(0.4, 10, 9)
    expect(isotonic.steps()).toEqual([
      { upTo: 0.1, rows: 10, positives: 1 },
      { upTo: 0.3, rows: 20, positives: 10 },
      { upTo: 0.4, rows: 10, positives: 9 },
    ])
  })

  it('are found by a score: the first that reaches it, else the last', () => {
    const steps = [{ upTo: 0.1 }, { upTo: 0.3 }, { upTo: 0.4 }]
    expect([0, 0.1, 0.11, 0.3, 0.4, 0.9].map((score) => stepAt(steps, score))).toEqual([0, 0, 1, 1, 2, 2])
    expect(stepAt([], 0.5)).toBe(0)
  })
})
