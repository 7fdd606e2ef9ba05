import { seededRandom } from '../../../core/seeded-random.ts'

/** The figures that are estimated. */
export const ESTIMATED = ['pr_auc', 'f1', 'brier'] as const
export type EstimatedFigure = (typeof ESTIMATED)[number]

/** Mean and standard deviation of a figure over what may come. */
export interface Expectation {
  readonly mean: number
  readonly sd: number
}

/** Rows whose outcome is not known: score, what was said, and the chance that they run short. */
export interface OpenRows {
  readonly scores: ArrayLike<number>
  readonly said: ArrayLike<number>
  readonly chances: ArrayLike<number>
}

const DRAWS = 200

/**
 * What the figures of rows will be if each runs short by its own chance: outcomes are drawn 200 times from a seed. Null for
 * a figure that no draw gives. Stations and batches do not really go independently, which makes the spread too small;
 * `conformalInterval` makes up for it.
 */
export function expectFigures(
  { scores, said, chances }: OpenRows,
  seed: number,
): Record<EstimatedFigure, Expectation | null> {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i)
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
  // By falling score from here on, equal scores as one: `ends` is 1 at the last of them.
  const rows = order.length
  const score = Float64Array.from(order, (row) => scores[row] ?? 0)
  const chance = Float64Array.from(order, (row) => chances[row] ?? 0)
  const claim = Uint8Array.from(order, (row) => said[row] ?? 0)
  const ends = Uint8Array.from(score, (value, place) => (value === score[place + 1] ? 0 : 1))
  const random = seededRandom(seed)
  const drawn: Record<EstimatedFigure, number[]> = { pr_auc: [], f1: [], brier: [] }
  for (let draw = 0; draw < DRAWS; draw++) {
    let [positives, tp, claims, squares, area, counted] = [0, 0, 0, 0, 0, 0]
    for (let place = 0; place < rows; place++) {
      const label = random() < (chance[place] ?? 0) ? 1 : 0
      const claimed = claim[place] ?? 0
      positives += label
      claims += claimed
      tp += label & claimed
      squares += ((score[place] ?? 0) - label) ** 2
      if (ends[place] === 0 || positives === counted) continue
      area += (positives - counted) * (positives / (place + 1))
      counted = positives
    }
    if (rows > 0) drawn.brier.push(squares / rows)
    if (positives + claims > 0) drawn.f1.push((2 * tp) / (positives + claims))
    if (positives > 0 && positives < rows) drawn.pr_auc.push(area / positives)
  }
  return { pr_auc: spread(drawn.pr_auc), f1: spread(drawn.f1), brier: spread(drawn.brier) }
}

function spread(values: readonly number[]): Expectation | null {
  if (values.length < 2) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) }
}
