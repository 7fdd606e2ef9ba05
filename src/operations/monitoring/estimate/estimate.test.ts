import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../core/seeded-random.ts'
import { evaluateSaid } from '../../../model/evaluation/said.ts'
import { calibrate } from './calibrate.ts'
import { conformalInterval, FEWEST_WINDOWS, type Realised } from './conformal.ts'
import { expectFigures } from './expect.ts'

const random = seededRandom(11)
const scored = (rows: number, chanceOf: (score: number) => number) => {
  const scores = Array.from({ length: rows }, () => random() ** 2)
  return { scores, labels: scores.map((score) => (random() < chanceOf(score) ? 1 : 0)) }
}

describe('calibration', () => {
  it('finds the chance behind a score, whichever way the scores are off', () => {
    const { labels, scores } = scored(40_000, (score) => score / 2)
    const chance = calibrate(labels, scores)
    for (const score of [0.1, 0.4, 0.7, 0.95]) expect(chance(score)).toBeCloseTo(score / 2, 1)
  })

  it('never falls as the score rises, and is never certain', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 2000 }), (rows) => {
        const { labels, scores } = scored(rows, (score) => (score > 0.5 ? 1 : 0))
        const chances = scores.toSorted((a, b) => a - b).map(calibrate(labels, scores))
        for (const [i, chance] of chances.entries()) {
          expect(chance).toBeGreaterThan(0)
          expect(chance).toBeLessThan(1)
          expect(chance).toBeGreaterThanOrEqual(chances[i - 1] ?? 0)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('leaves scores as they are where hardly anything ran short', () => {
    expect(calibrate([0, 0, 1], [0.1, 0.2, 0.3])(0.25)).toBe(0.25)
    expect(calibrate([], [])(0.25)).toBe(0.25)
  })
})

describe('expected figures', () => {
  it('are what really comes on average, when the chances are right', () => {
    const { scores } = scored(3000, () => 0)
    const said = scores.map((score) => (score >= 0.3 ? 1 : 0))
    const expected = expectFigures({ scores, said, chances: scores }, 5)
    const came = { pr_auc: 0, f1: 0, brier: 0 }
    for (let k = 0; k < 60; k++) {
      const labels = scores.map((score) => (random() < score ? 1 : 0))
      const figures = evaluateSaid({ labels, scores, counts: scores.map(() => 5), said })
      for (const name of ['pr_auc', 'f1', 'brier'] as const) came[name] += (figures[name] ?? 0) / 60
    }
    for (const name of ['pr_auc', 'f1', 'brier'] as const) {
      const { mean, sd } = expected[name] ?? { mean: 0, sd: 0 }
      expect(Math.abs(mean - came[name])).toBeLessThan(sd)
    }
  })

  it('are exact where nothing is uncertain, equal scores as one', () => {
    const rows = { scores: [0.9, 0.5, 0.5, 0.1], said: [1, 1, 0, 0], chances: [1, 1, 0, 0] }
    const exact = evaluateSaid({ ...rows, labels: rows.chances, counts: [5, 5, 5, 5] })
    const expected = expectFigures(rows, 1)
    for (const name of ['pr_auc', 'f1', 'brier'] as const) {
      expect(expected[name]?.mean).toBeCloseTo(exact[name] ?? -1, 12)
      expect(expected[name]?.sd).toBeCloseTo(0, 12)
    }
  })

  it('are the same for the same seed, and null where no draw has one', () => {
    const rows = { scores: [0.2, 0.6], said: [0, 1], chances: [0.2, 0.6] }
    expect(expectFigures(rows, 3)).toEqual(expectFigures(rows, 3))
    expect(expectFigures({ scores: [0.1], said: [0], chances: [0] }, 3)).toMatchObject({
      pr_auc: null,
      f1: null,
    })
    expect(expectFigures({ scores: [], said: [], chances: [] }, 3)).toEqual({
      pr_auc: null,
      f1: null,
      brier: null,
    })
  })
})

describe('the interval', () => {
  const expected = { mean: 0.9, sd: 0.02 }
  const windows = (n: number, error: () => number): Realised[] =>
    Array.from({ length: n }, () => ({ expected, value: 0.9 + error() * 0.02 }))

  it('waits for six hours of past windows', () => {
    expect(conformalInterval(expected, windows(FEWEST_WINDOWS - 1, random))).toBeNull()
    expect(conformalInterval(expected, windows(FEWEST_WINDOWS, random))).not.toBeNull()
  })

  it('holds nine of ten values that are like the past ones, however far the expected spread is off', () => {
    for (const spread of [0.3, 1, 4]) {
      const error = (): number => spread * (random() + random() + random() - 1.5)
      let held = 0
      for (let k = 0; k < 400; k++) {
        const { low, high } = conformalInterval(expected, windows(100, error)) ?? { low: 1, high: 0 }
        const value = 0.9 + error() * 0.02
        held += value >= low && value <= high ? 1 : 0
      }
      expect(held / 400).toBeGreaterThan(0.85)
      expect(held / 400).toBeLessThan(0.95)
    }
  })

  it('holds the estimate, and lies within 0 and 1', () => {
    const high = conformalInterval(
      { mean: 0.99, sd: 0.1 },
      windows(40, () => 3),
    )
    expect(high).toEqual({ low: 0.99, high: 1 })
  })
})
