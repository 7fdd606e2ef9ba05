import { rank, type Ranking } from '../../../model/evaluation/ranking.ts'

/** The chance of a stock-out that a score stands for. */
export type Calibration = (score: number) => number

/** A calibration of fewer positives than this says little: the score itself is taken. */
const FEWEST_POSITIVES = 50
/** Steps of fewer rows than this are joined with their neighbour. */
const FEWEST_ROWS = 50

interface Step {
  /** Highest score of the step. */
  upTo: number
  rows: number
  positives: number
}

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
  return (score) => {
    let low = 0
    let high = steps.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((steps[middle]?.upTo ?? Infinity) < score) low = middle + 1
      else high = middle
    }
    return rates[low] ?? score
  }
}

function stepsOf({ positives, negatives }: Ranking): Step[] {
  const steps: Step[] = []
  let [p, n] = [0, 0]
  while (p < positives.length || n < negatives.length) {
    const score = Math.min(positives[p] ?? Infinity, negatives[n] ?? Infinity)
    const positive = positives[p] === score ? 1 : 0
    if (positive === 1) p++
    else n++
    const last = steps.at(-1)
    // Equal scores are one step, and a step that is too small takes the next score as well.
    if (last && (last.upTo === score || last.rows < FEWEST_ROWS)) {
      last.upTo = score
      last.rows += 1
      last.positives += positive
      continue
    }
    pool(steps)
    steps.push({ upTo: score, rows: 1, positives: positive })
  }
  if ((steps.at(-1)?.rows ?? 0) < FEWEST_ROWS) join(steps)
  pool(steps)
  return steps
}

/** Joins the last steps for as long as a later one has no higher rate than the one before it. */
function pool(steps: Step[]): void {
  for (;;) {
    const [before, last] = [steps.at(-2), steps.at(-1)]
    if (!before || !last || before.positives * last.rows < last.positives * before.rows) return
    join(steps)
  }
}

function join(steps: Step[]): void {
  const before = steps.at(-2)
  const last = before && steps.pop()
  if (!last) return
  before.upTo = last.upTo
  before.rows += last.rows
  before.positives += last.positives
}
