import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { prAuc } from '../../../model/evaluation/metrics.ts'
import { orderBy, weightedPrecision, type OnsetRows } from './onset-order.ts'

const CLUSTERS = 5
const row = fc.record({
  cluster: fc.nat(CLUSTERS - 1),
  label: fc.nat(1),
  // Few, so that many are equal.
  score: fc.nat(6).map((tenth) => tenth / 10),
})

it('counts each row as often as its cluster was drawn: the PR-AUC of the rows so many times', () => {
  const weights = fc.array(fc.nat(3), { minLength: CLUSTERS, maxLength: CLUSTERS })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), weights, (all, drawn) => {
      const rows: OnsetRows = {
        clusters: Int32Array.from(all, ({ cluster }) => cluster),
        labels: Uint8Array.from(all, ({ label }) => label),
        scores: Float64Array.from(all, ({ score }) => score),
        counts: new Int32Array(all.length),
      }
      const repeated = all.flatMap((one) => Array.from({ length: drawn[one.cluster] ?? 0 }, () => one))
      const expected = prAuc(
        repeated.map(({ label }) => label),
        repeated.map(({ score }) => score),
      )
      const found = weightedPrecision(orderBy(rows, rows.scores), Uint16Array.from(drawn))
      if (!repeated.some(({ label }) => label === 1)) expect(found).toBeNaN()
      else expect(found).toBeCloseTo(expected ?? 1, 12)
    }),
    { numRuns: 500 },
  )
})
