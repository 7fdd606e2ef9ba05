import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluationSchema } from '../../core/contracts/manifest.ts'
import { brier, evaluate, fBetaThreshold, prAuc, presentRule } from './metrics.ts'
import { persistenceScores } from './persistence.ts'

/** Park and Miller's generator, so that the rows below can be made in any language. */
function* uniform(seed: number): Generator<number, never> {
  let state = seed
  for (;;) {
    state = (state * 16_807) % 2_147_483_647
    yield state / 2_147_483_647
  }
}

function makeRows(rows: number, seed: number, digits?: number) {
  const next = uniform(seed)
  const made = { labels: new Uint8Array(rows), scores: new Float64Array(rows), counts: new Int32Array(rows) }
  for (let i = 0; i < rows; i++) {
    const x = next.next().value
    const u = next.next().value
    const score = digits === undefined ? x : Math.floor(x * 10 ** digits) / 10 ** digits
    made.scores[i] = score
    made.labels[i] = u < score * score ? 1 : 0
    made.counts[i] = Math.floor((1 - x) * 12)
  }
  return made
}

/** What scikit-learn 1.9.1 says of the same rows. */
const GOLDEN = [
  {
    n: 200,
    seed: 1,
    digits: undefined,
    pr_auc: 0.8120023929512478,
    persistence: 0.7616849678212961,
    onset: 0.4727324349998884,
    persistence_onset: 0.3640030493819246,
    onset_rows: 154,
    positives: 63,
    brier: 0.1706221707270285,
    threshold: 0.42,
    precision: 0.5,
    recall: 0.9365079365079365,
    f1: 0.6519337016574586,
  },
  {
    n: 1000,
    seed: 2,
    digits: 2,
    pr_auc: 0.7857965331039586,
    persistence: 0.7547719827462163,
    onset: 0.44521078869722935,
    persistence_onset: 0.4092742231480424,
    onset_rows: 731,
    positives: 345,
    brier: 0.16565699999999997,
    threshold: 0.4,
    precision: 0.531502423263328,
    recall: 0.9536231884057971,
    f1: 0.6825726141078838,
  },
  {
    n: 5000,
    seed: 3,
    digits: 1,
    pr_auc: 0.6649559459557363,
    persistence: 0.6580078598345298,
    onset: 0.35508776123920033,
    persistence_onset: 0.34652896296252456,
    onset_rows: 3712,
    positives: 1421,
    brier: 0.167738,
    threshold: 0.31,
    precision: 0.4462593923554394,
    recall: 0.9612948627726953,
    f1: 0.6095493083444891,
  },
  {
    n: 37,
    seed: 4,
    digits: undefined,
    pr_auc: 0.8196645626260565,
    persistence: 0.7839218073593075,
    onset: 0.5925805675805675,
    persistence_onset: 0.599537037037037,
    onset_rows: 29,
    positives: 16,
    brier: 0.13591971446145043,
    threshold: 0.37,
    precision: 0.7272727272727273,
    recall: 1.0,
    f1: 0.8421052631578947,
  },
]

const example = fc
  .array(
    fc.record({
      label: fc.constantFrom(0, 1),
      score: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 1)),
      count: fc.integer({ min: 0, max: 9 }),
    }),
    { maxLength: 60 },
  )
  .map((rows) => ({
    labels: rows.map((row) => row.label),
    scores: rows.map((row) => row.score),
    counts: rows.map((row) => row.count),
  }))

describe('PR-AUC', () => {
  it.each(GOLDEN)('of $n rows (seed $seed) is what scikit-learn says', (golden) => {
    const { labels, scores, counts } = makeRows(golden.n, golden.seed, golden.digits)
    const found = evaluate({ labels, scores, counts, threshold: golden.threshold })
    expect(found.positives).toBe(golden.positives)
    expect(found.pr_auc).toBeCloseTo(golden.pr_auc, 12)
    expect(found.persistence_pr_auc).toBeCloseTo(golden.persistence, 12)
    expect(found.onset_rows).toBe(golden.onset_rows)
    expect(found.onset_pr_auc).toBeCloseTo(golden.onset, 12)
    expect(found.persistence_onset_pr_auc).toBeCloseTo(golden.persistence_onset, 12)
    expect(found.brier).toBeCloseTo(golden.brier, 12)
    expect(fBetaThreshold(labels, scores)).toBe(golden.threshold)
    expect(found.precision).toBeCloseTo(golden.precision, 12)
    expect(found.recall).toBeCloseTo(golden.recall, 12)
    expect(found.f1).toBeCloseTo(golden.f1, 12)
  })

  it('groups equal scores: their order in the data means nothing', () => {
    expect(prAuc([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.1])).toBeCloseTo(2 / 3, 15)
    expect(prAuc([0, 1, 1, 0], [0.5, 0.5, 0.5, 0.1])).toBeCloseTo(2 / 3, 15)
  })

  it('is null where a class is absent', () => {
    expect(prAuc([], [])).toBeNull()
    expect(prAuc([0, 0], [0.1, 0.9])).toBeNull()
    expect(prAuc([1, 1], [0.1, 0.9])).toBeNull()
  })

  it('is 1 for a perfect order, and the prevalence for a constant score', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 1), { minLength: 2 }),
        fc.double({ noNaN: true }),
        (labels, c) => {
          fc.pre(labels.includes(0) && labels.includes(1) && Number.isFinite(c))
          const share = labels.filter((label) => label === 1).length / labels.length
          expect(prAuc(labels, labels)).toBe(1)
          expect(
            prAuc(
              labels,
              labels.map(() => c),
            ),
          ).toBeCloseTo(share, 12)
        },
      ),
    )
  })

  it('does not change under an increasing transform of the scores', () => {
    fc.assert(
      fc.property(example, ({ labels, scores }) => {
        // Doubling is exact, so that equal scores stay equal and others apart.
        expect(
          prAuc(
            labels,
            scores.map((score) => 2 * score + 0),
          ),
        ).toBe(prAuc(labels, scores))
        const steps = [...new Set(scores)].sort((a, b) => a - b)
        expect(
          prAuc(
            labels,
            scores.map((score) => steps.indexOf(score)),
          ),
        ).toBe(prAuc(labels, scores))
      }),
    )
  })

  it('refuses a score that is not a finite number, and says which', () => {
    expect(() => prAuc([0, 1], [0.5, Number.NaN])).toThrow(/score of row 1 is NaN/)
    expect(() => prAuc([0, 1], [Infinity, 0])).toThrow(/score of row 0 is Infinity/)
    expect(() => prAuc([0, 1], [0.5])).toThrow(/2 labels came with 1 scores/)
    expect(() => prAuc([0, 2], [0.5, 0.5])).toThrow(/label of row 1 is 2/)
  })
})

describe('an evaluation', () => {
  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(example, fc.infiniteStream(fc.nat()), ({ labels, scores, counts }, keys) => {
        const order = labels.map((_label, i) => ({ i, key: keys.next().value as number }))
        order.sort((a, b) => a.key - b.key)
        const pick = (values: number[]): number[] => order.map(({ i }) => values[i] ?? Number.NaN)
        expect(
          evaluate({ labels: pick(labels), scores: pick(scores), counts: pick(counts), threshold: 0.4 }),
        ).toEqual(evaluate({ labels, scores, counts, threshold: 0.4 }))
      }),
    )
  })

  it('has every figure within its bounds, counts that add up, and the shape of the manifest', () => {
    fc.assert(
      fc.property(example, fc.integer({ min: 1, max: 99 }), (rows, percent) => {
        const found = evaluationSchema.parse(evaluate({ ...rows, threshold: percent / 100 }))
        const { tp, fp, tn, fn } = found.confusion
        expect(tp + fp + tn + fn).toBe(found.rows)
        expect(tp + fn).toBe(found.positives)
        expect(tp + fp).toBe(rows.scores.filter((score) => score >= percent / 100).length)
        expect(found.onset_rows).toBe(rows.counts.filter((count) => count > 2).length)
        for (const figure of [
          found.prevalence,
          found.pr_auc,
          found.persistence_pr_auc,
          found.onset_pr_auc,
          found.persistence_onset_pr_auc,
          found.brier,
          found.calibration_error,
          found.precision,
          found.recall,
          found.f1,
        ])
          if (figure !== null) {
            expect(figure).toBeGreaterThanOrEqual(0)
            expect(figure).toBeLessThanOrEqual(1 + 1e-12)
          }
      }),
    )
  })

  it('of no rows, of one class and of no onset rows has null where there is no figure', () => {
    const none = evaluate({ labels: [], scores: [], counts: [], threshold: 0.5 })
    expect([none.pr_auc, none.brier, none.prevalence, none.calibration_error, none.f1]).toEqual(
      Array(5).fill(null),
    )
    const quiet = evaluate({ labels: [0, 0], scores: [0.1, 0.2], counts: [5, 1], threshold: 0.5 })
    expect([quiet.pr_auc, quiet.precision, quiet.recall, quiet.f1]).toEqual([null, null, null, null])
    expect(quiet.brier).toBeCloseTo(0.025, 12)
    const short = evaluate({ labels: [1, 0], scores: [0.9, 0.2], counts: [0, 2], threshold: 0.5 })
    expect([short.onset_rows, short.onset_prevalence, short.onset_pr_auc]).toEqual([0, null, null])
    expect(short.pr_auc).toBe(1)
  })

  it('scores persistence by the count alone, fewer first and equal counts together', () => {
    expect([...persistenceScores([3, 1, 3])]).toEqual([-3, -1, -3])
    const rows = { labels: [1, 0, 1, 0], scores: [0.1, 0.2, 0.3, 0.4], counts: [0, 7, 3, 3], threshold: 0.5 }
    expect(evaluate(rows).persistence_pr_auc).toBeCloseTo(0.5 + 0.5 * (2 / 3), 12)
  })
})

describe('persistence as a rule', () => {
  it('says short then where two or fewer are there now', () => {
    expect(presentRule([1, 1, 0, 0, 1], [2, 3, 0, 3, 1])).toEqual({ tp: 2, fp: 1, tn: 1, fn: 1 })
  })
})

describe('the threshold', () => {
  it('is the one of 99 that no other beats, and the lowest of equals', () => {
    const fBeta = (labels: number[], scores: number[], threshold: number): number => {
      const said = scores.map((score) => score >= threshold)
      const tp = labels.filter((label, i) => label === 1 && said[i]).length
      const fp = labels.filter((label, i) => label === 0 && said[i]).length
      const fn = labels.filter((label, i) => label === 1 && !said[i]).length
      return (5 * tp) / (5 * tp + 4 * fn + fp)
    }
    fc.assert(
      fc.property(example, ({ labels, scores }) => {
        const best = fBetaThreshold(labels, scores)
        if (!labels.includes(1)) {
          expect(best).toBeNull()
          return
        }
        const all = Array.from({ length: 99 }, (_, i) => fBeta(labels, scores, (i + 1) / 100))
        expect(best).toBe((all.indexOf(Math.max(...all)) + 1) / 100)
      }),
    )
  })
})

describe('the Brier score', () => {
  it('is 0 for what came, 1 for the opposite and a quarter for one half', () => {
    expect(brier([1, 0], [1, 0])).toBe(0)
    expect(brier([1, 0], [0, 1])).toBe(1)
    expect(brier([1, 0, 0], [0.5, 0.5, 0.5])).toBe(0.25)
    expect(brier([], [])).toBeNull()
  })
})
