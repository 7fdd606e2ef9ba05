import { openIsotonic, stepAt, type Step } from '../../../model/evaluation/isotonic.ts'
import { rank, type Ranking } from '../../../model/evaluation/ranking.ts'

/** The chance of a stock-out that a score stands for. */
export type Calibration = (score: number) => number

/** A calibration of fewer positives than this says little: the score itself is taken. */
const FEWEST_POSITIVES = 50
/** Steps of fewer rows than this are joined with their neighbour. */
const FEWEST_ROWS = 50

/**
 * Learns the chance that a score stands for by isotonic regression (pool adjacent violators) over labelled rows, in steps of
 * at least 50 rows, each a little towards one half so that no chance is 0 or 1. With fewer than 50 positives the score
 * is taken as it is.
 */
export function calibrate(labels: ArrayLike<number>, scores: ArrayLike<number>): Calibration {
  const ranking = rank(labels, scores)
  if (ranking.positives.length < FEWEST_POSITIVES) return (score) => score
  const steps = stepsOf(ranking)
  const rates = steps.map(({ positives, rows }) => (positives + 0.5) / (rows + 1))
  return (score) => rates[stepAt(steps, score)] ?? score
}

function stepsOf({ positives, negatives }: Ranking): Step[] {
  const isotonic = openIsotonic(FEWEST_ROWS)
  let [p, n] = [0, 0]
  while (p < positives.length || n < negatives.length) {
    const score = Math.min(positives[p] ?? Infinity, negatives[n] ?? Infinity)
    const positive = positives[p] === score ? 1 : 0
    if (positive === 1) p++
    else n++
    isotonic.add(score, 1, positive)
  }
  return isotonic.steps()
}
