import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../core/seeded-random.ts'
import { ALPHA, evidenceOf, type BatchEvidence } from './evidence.ts'
import { pairedEvidence, type PairedRow } from './paired-evidence.ts'
import { CellMeans, splitEvidence, type SplitRow } from './split-evidence.ts'

/** A batch of rows with a skewed loss (few rows carry almost all of it), split by requests of a hundred. */
function splitBatch(random: () => number, stations: number, share: number, worse: number): SplitRow[] {
  const rows: SplitRow[] = []
  let candidate = false
  for (let i = 0; i < stations; i++) {
    if (i % 100 === 0) candidate = random() < share
    const rare = random() < 0.02
    const loss = rare ? 0.3 + 0.7 * random() : 0.01 * random()
    rows.push({ cell: rare ? 1 : 0, loss: candidate ? loss + worse : loss, candidate })
  }
  return rows
}

const fresh = () => ({ margin: 0, usualLoss: 0, seed: 1, means: new CellMeans() })

function splitRelease(
  seed: number,
  worse: number,
  batches = 36,
  share = 0.5,
  stations = 250,
): BatchEvidence[] {
  const random = seededRandom(seed)
  const means = new CellMeans()
  return Array.from({ length: batches }, (_, batch) =>
    splitEvidence(splitBatch(random, stations, share, worse), {
      margin: 0,
      usualLoss: 0,
      seed: batch,
      means,
    }),
  ).filter((batch) => batch !== undefined)
}

describe('the evidence of split traffic', () => {
  it('stays at or below the stated error rate over many releases of an equal model, looked at after every batch', () => {
    const releases = 200
    const wrong = Array.from({ length: releases }, (_, i) => evidenceOf(splitRelease(i + 1, 0))).filter(
      (evidence) => evidence.worse,
    ).length
    // Three standard deviations above the rate that is stated.
    expect(wrong / releases).toBeLessThanOrEqual(ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / releases))
  })

  it('is 1 on average for one batch of an equal model', () => {
    const random = seededRandom(7)
    const factors = Array.from({ length: 4000 }, (_, seed) =>
      splitEvidence(
        splitBatch(random, 100, 0.5, 0).map((row, i) => ({ ...row, candidate: i % 5 === 0 })),
        {
          margin: 0,
          usualLoss: 0,
          seed,
          means: new CellMeans(),
        },
      ),
    ).map((batch) => batch?.factors[1] ?? Number.NaN)
    const mean = factors.reduce((sum, f) => sum + f, 0) / factors.length
    expect(Math.abs(mean - 1)).toBeLessThan(0.05)
  })

  it('shows a broken model within a few batches', () => {
    const evidence = splitRelease(3, 0.1)
    const needed = evidence.findIndex((_, i) => evidenceOf(evidence.slice(0, i + 1)).worse) + 1
    expect(needed).toBeGreaterThan(0)
    expect(needed).toBeLessThanOrEqual(12)
  })

  it('does not count what lies within the margin', () => {
    const random = seededRandom(11)
    const batches = Array.from({ length: 100 }, (_, seed) =>
      splitEvidence(splitBatch(random, 250, 0.5, 0.02), {
        margin: 0.02,
        usualLoss: 0,
        seed,
        means: new CellMeans(),
      }),
    ).filter((batch) => batch !== undefined)
    expect(evidenceOf(batches).worse).toBe(false)
  })

  it('is the same for the same rows and seed, and none where only one side has rows', () => {
    const rows = splitBatch(seededRandom(5), 300, 0.5, 0)
    const mixed = rows.map((row, i) => ({ ...row, candidate: i < 150 }))
    expect(splitEvidence(mixed, fresh())).toEqual(splitEvidence(mixed, fresh()))
    const alone = rows.map((row) => ({ ...row, candidate: false }))
    expect(splitEvidence(alone, fresh())).toBeUndefined()
    expect(splitEvidence([], fresh())).toBeUndefined()
  })

  it('is neutral when all losses are equal', () => {
    const rows = Array.from({ length: 10 }, (_, i) => ({ cell: 0, loss: 0.1, candidate: i < 5 }))
    expect(splitEvidence(rows, fresh())?.factors).toEqual([1, 1, 1, 1])
  })
})

describe('the evidence of a shadow', () => {
  const release = (seed: number, worse: number, batches = 72): BatchEvidence[] => {
    const random = seededRandom(seed)
    const made: PairedRow[][] = Array.from({ length: batches }, () => {
      const shared = 0.02 * (random() - 0.5)
      return Array.from({ length: 50 }, () => ({
        baselineLoss: 0.02,
        candidateLoss: 0.02 + shared + 0.01 * (random() - 0.5) + worse,
      }))
    })
    return pairedEvidence(made.map((pairs) => ({ pairs, margin: 0 })))
  }

  it('stays at or below the stated error rate, though the rows of a batch move together', () => {
    const releases = 300
    const wrong = Array.from({ length: releases }, (_, i) => evidenceOf(release(i + 1, 0))).filter(
      (evidence) => evidence.worse,
    ).length
    expect(wrong / releases).toBeLessThanOrEqual(ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / releases))
  })

  it('shows a model that is worse in every batch', () => {
    const evidence = release(3, 0.02)
    const needed = evidence.findIndex((_, i) => evidenceOf(evidence.slice(0, i + 1)).worse) + 1
    expect(needed).toBeGreaterThan(0)
    expect(needed).toBeLessThanOrEqual(12)
  })

  it('leaves out batches without rows', () => {
    expect(pairedEvidence([{ pairs: [], margin: 0 }])).toEqual([])
    expect(evidenceOf([])).toEqual({
      batches: 0,
      rows: 0,
      difference: null,
      value: 1,
      greatest: 1,
      worse: false,
    })
  })
})
