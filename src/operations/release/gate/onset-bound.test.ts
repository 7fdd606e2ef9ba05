import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../core/seeded-random.ts'
import { prAuc } from '../../../model/evaluation/metrics.ts'
import { persistenceScores } from '../../../model/evaluation/persistence.ts'
import { onsetBound } from './onset-bound.ts'
import type { OnsetRows } from './onset-order.ts'

/** Stations over two days; `skill` is how much of the truth the scores know, 0 to 1. */
function rowsOf(seed: number, skill: number, stations = 120, perDay = 40): OnsetRows {
  const random = seededRandom(seed)
  const clusters: number[] = []
  const labels: number[] = []
  const scores: number[] = []
  const counts: number[] = []
  for (let cluster = 0; cluster < stations * 2; cluster++) {
    const risk = random() < 0.2 ? 0.12 : 0.004
    for (let i = 0; i < perDay; i++) {
      const label = random() < risk ? 1 : 0
      clusters.push(cluster)
      labels.push(label)
      counts.push(3 + Math.floor(random() * 20 * (1.2 - risk)))
      scores.push(skill * (0.6 * label + 2 * risk) + (1 - skill) * random())
    }
  }
  return {
    clusters: Int32Array.from(clusters),
    labels: Uint8Array.from(labels),
    scores: Float64Array.from(scores),
    counts: Int32Array.from(counts),
  }
}

describe('the bound on onset PR-AUC against persistence', () => {
  it('has the PR-AUC of both as they are computed everywhere else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), async (seed, skill) => {
        const rows = rowsOf(seed, skill, 8, 12)
        const bound = await onsetBound(rows)
        const model = prAuc(rows.labels, rows.scores)
        if (model === null) expect(bound).toBeUndefined()
        else {
          expect(bound?.model).toBeCloseTo(model, 12)
          expect(bound?.persistence).toBeCloseTo(prAuc(rows.labels, persistenceScores(rows.counts)) ?? 0, 12)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('is above zero for a model that knows more, and not for one that guesses', async () => {
    expect((await onsetBound(rowsOf(1, 0.8)))?.lower).toBeGreaterThan(0)
    expect((await onsetBound(rowsOf(1, 0)))?.lower).toBeLessThan(0)
  })

  it('is wider when whole stations are lucky together than rows alone would tell', async () => {
    const rows = rowsOf(2, 0.5)
    const single = { ...rows, clusters: Int32Array.from(rows.labels, (_, row) => row) }
    const width = async (of: OnsetRows): Promise<number> => {
      const bound = await onsetBound(of)
      return (bound?.upper ?? 0) - (bound?.lower ?? 0)
    }
    expect(await width(rows)).toBeGreaterThan(await width(single))
  })

  it('does not depend on the order of rows beyond ties, and is the same each time', async () => {
    const rows = rowsOf(3, 0.5, 20)
    expect(await onsetBound(rows)).toEqual(await onsetBound(rows))
    const turned = {
      clusters: rows.clusters.toReversed(),
      labels: rows.labels.toReversed(),
      scores: rows.scores.toReversed(),
      counts: rows.counts.toReversed(),
    }
    expect(await onsetBound(turned)).toEqual(await onsetBound(rows))
  })

  it('is undefined when a class is absent', async () => {
    const rows = rowsOf(4, 0.5, 5)
    expect(await onsetBound({ ...rows, labels: new Uint8Array(rows.labels.length) })).toBeUndefined()
    const none = { clusters: new Int32Array(), labels: new Uint8Array(), scores: new Float64Array() }
    expect(await onsetBound({ ...none, counts: new Int32Array() })).toBeUndefined()
  })

  it('lets others have their turn while many rows are judged', async () => {
    let turns = 0
    let next: NodeJS.Immediate | undefined
    const take = (): void => {
      turns += 1
      next = setImmediate(take)
    }
    take()
    await onsetBound(rowsOf(5, 0.5, 600, 40))
    clearImmediate(next)
    expect(turns).toBeGreaterThan(3)
  })
})
