import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../core/seeded-random.ts'
import { BATCH_SECONDS } from '../../../core/time.ts'
import { comparePairs, compareSplit } from './compare.ts'
import { evidenceOf } from './evidence.ts'
import { cellOf, type JudgedRow } from './judged-rows.ts'

/** Batches of 40 stations; the candidate's score is `worse` off. In pairs both score all. */
function rowsOf(seed: number, batches: number, worse: number, pairs: boolean): JudgedRow[] {
  const random = seededRandom(seed)
  return Array.from({ length: batches * 40 }, (_, i) => {
    const slot = 1_700_000_400 + Math.floor(i / 40) * BATCH_SECONDS
    const count = Math.floor(random() * 12)
    const label = random() < (count <= 2 ? 0.9 : 0.05) ? 1 : 0
    const score = count <= 2 ? 0.9 : 0.05
    const row = (candidate: boolean): JudgedRow => {
      const said = Math.abs(score - (candidate ? worse : 0) + 0.02 * random())
      const loss = (said - label) ** 2
      return {
        slot,
        station: `s${i % 40}`,
        score: said,
        label,
        count,
        cell: cellOf(count, label),
        loss,
        candidate,
      }
    }
    return pairs ? [row(false), row(true)] : [row(random() < 0.5)]
  }).flat()
}

describe.each([
  ['shared traffic', compareSplit, false],
  ['pairs', comparePairs, true],
] as const)('the evidence from %s', (_, compare, pairs) => {
  it('of a batch is not changed by what comes later', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 6 }), (seed, known) => {
        const rows = rowsOf(seed, 7, 0.1, pairs)
        const all = compare(rows, 0.05)
        const until = 1_700_000_400 + known * BATCH_SECONDS
        expect(
          compare(
            rows.filter(({ slot }) => slot < until),
            0.05,
          ),
        ).toEqual(all.filter(({ slot }) => slot < until))
      }),
      { numRuns: 20 },
    )
  })

  it('finds a candidate that is far off, and not one that is alike', () => {
    expect(evidenceOf(compare(rowsOf(3, 30, 0.4, pairs), 0.05)).worse).toBe(true)
    expect(evidenceOf(compare(rowsOf(3, 30, 0, pairs), 0.05)).worse).toBe(false)
  })

  it('allows a loss that is greater by a twentieth of the usual', () => {
    const rows = rowsOf(5, 40, 0.4, pairs)
    expect(evidenceOf(compare(rows, 0.05)).worse).toBe(true)
    expect(evidenceOf(compare(rows, 20)).worse).toBe(false)
  })
})
