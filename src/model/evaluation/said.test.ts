import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, prAuc, presentRule } from './metrics.ts'
import { persistencePrAuc, persistenceScores } from './persistence.ts'
import { evaluateSaid, saidConfusion } from './said.ts'
import { fBetaOf } from './threshold.ts'

const rowsOf = fc
  .array(
    fc.record({
      label: fc.integer({ min: 0, max: 1 }),
      score: fc.float({ min: 0, max: 1, noNaN: true }),
      count: fc.integer({ min: 0, max: 40 }),
      threshold: fc.float({ min: 0, max: 1, noNaN: true }),
    }),
    { maxLength: 60 },
  )
  .map((rows) => ({
    labels: rows.map(({ label }) => label),
    scores: rows.map(({ score }) => score),
    counts: rows.map(({ count }) => count),
    said: rows.map(({ score, threshold }) => (score >= threshold ? 1 : 0)),
  }))

describe('what was said', () => {
  it('is judged as at the threshold when all rows have the same one', () => {
    fc.assert(
      fc.property(rowsOf, fc.float({ min: 0, max: 1, noNaN: true }), (rows, threshold) => {
        const said = rows.scores.map((score) => (score >= threshold ? 1 : 0))
        const { threshold: _, ...expected } = evaluate({ ...rows, threshold })
        expect(evaluateSaid({ ...rows, said })).toMatchObject(expected)
      }),
    )
  })

  it('has a hit rate and persistence’s F1 of the same rows', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const { hit_rate, persistence_f1 } = evaluateSaid(rows)
        const hits = rows.said.filter((said) => said === 1).length
        expect(hit_rate).toBe(rows.said.length === 0 ? null : hits / rows.said.length)
        expect(persistence_f1).toBe(fBetaOf(presentRule(rows.labels, rows.counts)))
      }),
    )
  })

  it('is counted against what came', () => {
    expect(saidConfusion([1, 1, 0, 0, 1], [1, 0, 1, 0, 1])).toEqual({ tp: 2, fp: 1, tn: 1, fn: 1 })
  })

  it('is refused when answers and labels are not equally many', () => {
    expect(() => evaluateSaid({ labels: [1], scores: [0.5], counts: [1], said: [] })).toThrow(/0 answers/)
  })
})

describe('the PR-AUC of persistence by a tally', () => {
  it('is that of sorted scores to the last bit, for counts of any kind', () => {
    const count = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: -3, max: 2_000_000 }))
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), count), { maxLength: 80 })
    fc.assert(
      fc.property(rows, (pairs) => {
        const labels = pairs.map(([label]) => label)
        const counts = pairs.map(([, value]) => value)
        expect(persistencePrAuc(labels, counts)).toBe(prAuc(labels, persistenceScores(counts)))
      }),
    )
  })
})
