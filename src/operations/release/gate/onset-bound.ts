import { setImmediate as othersFirst } from 'node:timers/promises'
import { seededRandom } from '../../../core/seeded-random.ts'
import { cellsIn, orderBy, weightedPrecision, type OnsetRows } from './onset-order.ts'

/** PR-AUC on onset rows: the model's, persistence's on the same rows, and how sure the difference is. */
export interface OnsetBound {
  readonly model: number
  readonly persistence: number
  /** 90 % interval of model minus persistence. */
  readonly lower: number
  readonly upper: number
  readonly rows: number
  readonly positives: number
  readonly clusters: number
}

const REPLICATES = 200
const SEED = 20_230_831
/** Cells that are passed over before others have their turn: some milliseconds. */
const CELLS_AT_ONCE = 1_000_000

/**
 * Bootstrap of the difference over stations and days: what happens at one station on one day hangs together, so whole
 * station-days are drawn, with replacement. Undefined when a class is absent. The same rows always give the same. Whatever else
 * the process does goes on meanwhile.
 */
export async function onsetBound(rows: OnsetRows): Promise<OnsetBound | undefined> {
  const { labels, clusters } = rows
  const positives = labels.reduce((sum, label) => sum + label, 0)
  if (positives === 0 || positives === labels.length) return undefined
  const number = clusters.reduce((max, cluster) => Math.max(max, cluster), -1) + 1
  const byModel = orderBy(rows, rows.scores)
  await othersFirst()
  const byCount = orderBy(
    rows,
    Float64Array.from(rows.counts, (count) => -count),
  )
  const once = new Uint16Array(number).fill(1)
  const model = weightedPrecision(byModel, once)
  const persistence = weightedPrecision(byCount, once)
  const random = seededRandom(SEED)
  const differences: number[] = []
  const weights = new Uint16Array(number)
  const cells = number + cellsIn(byModel) + cellsIn(byCount)
  let passed = 0
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    passed += cells
    if (passed > CELLS_AT_ONCE) {
      await othersFirst()
      passed = cells
    }
    weights.fill(0)
    for (let draw = 0; draw < number; draw++) {
      const drawn = Math.floor(random() * number)
      weights[drawn] = (weights[drawn] ?? 0) + 1
    }
    const difference = weightedPrecision(byModel, weights) - weightedPrecision(byCount, weights)
    if (Number.isFinite(difference)) differences.push(difference)
  }
  differences.sort((a, b) => a - b)
  const quantile = (q: number): number => differences[Math.round(q * (differences.length - 1))] ?? Number.NaN
  return {
    model,
    persistence,
    lower: quantile(0.05),
    upper: quantile(0.95),
    rows: labels.length,
    positives,
    clusters: number,
  }
}
