import { seededRandom } from '../../../core/seeded-random.ts'

/** Onset rows by position: which station and day a row belongs to (any whole numbers from 0), what came, what was said. */
export interface OnsetRows {
  readonly clusters: Int32Array
  readonly labels: Uint8Array
  readonly scores: Float64Array
  /** Count now: persistence's score is minus it. */
  readonly counts: Int32Array
}

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

/**
 * Bootstrap of the difference over stations and days: what happens at one station on one day hangs together, so whole
 * station-days are drawn, with replacement. Undefined when a class is absent. The same rows always give the same.
 */
export function onsetBound(rows: OnsetRows): OnsetBound | undefined {
  const { labels, clusters } = rows
  const positives = labels.reduce((sum, label) => sum + label, 0)
  if (positives === 0 || positives === labels.length) return undefined
  const number = clusters.reduce((max, cluster) => Math.max(max, cluster), -1) + 1
  const byModel = ordered(rows, (row) => rows.scores[row] ?? 0)
  const byCount = ordered(rows, (row) => -(rows.counts[row] ?? 0))
  const once = new Uint16Array(number).fill(1)
  const model = weightedPrecision(byModel, once)
  const persistence = weightedPrecision(byCount, once)
  const random = seededRandom(SEED)
  const differences: number[] = []
  const weights = new Uint16Array(number)
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
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

/** Rows from the highest score down, as what a pass over them needs; `ends` marks the last row of every distinct score. */
interface Order {
  readonly clusters: Int32Array
  readonly labels: Uint8Array
  readonly ends: Uint8Array
}

function ordered(rows: OnsetRows, scoreOf: (row: number) => number): Order {
  const size = rows.labels.length
  const scores = Float64Array.from({ length: size }, (_, row) => scoreOf(row))
  const order = Uint32Array.from({ length: size }, (_, row) => row).sort(
    (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0),
  )
  return {
    clusters: Int32Array.from(order, (row) => rows.clusters[row] ?? 0),
    labels: Uint8Array.from(order, (row) => rows.labels[row] ?? 0),
    ends: Uint8Array.from(order, (row, i) => (scores[row] === scores[order[i + 1] ?? -1] ? 0 : 1)),
  }
}

/** Average precision with each row counted as often as its cluster was drawn; NaN when no positive was. */
function weightedPrecision({ clusters, labels, ends }: Order, weights: Uint16Array): number {
  let tp = 0
  let seen = 0
  let all = 0
  let area = 0
  for (let i = 0; i < labels.length; i++) {
    const weight = weights[clusters[i] ?? 0] ?? 0
    all += weight
    if (labels[i] === 1) tp += weight
    if (ends[i] === 1 && tp > seen) {
      area += (tp - seen) * (tp / all)
      seen = tp
    }
  }
  return tp === 0 ? Number.NaN : area / tp
}
