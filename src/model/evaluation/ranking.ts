import { OperatorError } from '../../core/errors.ts'

/** Scores of the rows of each class, ascending. Two native sorts of plain numbers: no index array, no comparator. */
export interface Ranking {
  readonly positives: Float64Array
  readonly negatives: Float64Array
}

/**
 * Splits scores by label (0 or 1) and sorts them. A score that is not a finite number, a label that is neither 0 nor 1,
 * and arrays of different lengths reject with BAD_INPUT.
 */
export function rank(labels: ArrayLike<number>, scores: ArrayLike<number>): Ranking {
  const rows = labels.length
  if (scores.length !== rows)
    throw new OperatorError('BAD_INPUT', `${rows} labels came with ${scores.length} scores`)
  const positives = new Float64Array(countPositives(labels))
  const negatives = new Float64Array(rows - positives.length)
  let p = 0
  let n = 0
  for (let i = 0; i < rows; i++) {
    const score = scores[i] ?? Number.NaN
    if (!Number.isFinite(score))
      throw new OperatorError(
        'BAD_INPUT',
        `the score of row ${i} is ${score}, not a finite number`,
        'A model that answers this cannot be judged: check its file and its features.',
      )
    if (labels[i] === 1) positives[p++] = score
    else negatives[n++] = score
  }
  return { positives: positives.sort(), negatives: negatives.sort() }
}

/** Rows labelled 1. BAD_INPUT for a label that is neither 0 nor 1. */
export function countPositives(labels: ArrayLike<number>): number {
  let positives = 0
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]
    if (label === 1) positives += 1
    else if (label !== 0)
      throw new OperatorError('BAD_INPUT', `the label of row ${i} is ${label}, not 0 or 1`)
  }
  return positives
}

/**
 * Visits each distinct score from the highest to the lowest, with the positives (`tp`) and negatives (`fp`) that score at
 * least as high. Equal scores are one visit: their order among each other means nothing.
 */
export function walkDown(
  { positives, negatives }: Ranking,
  visit: (score: number, tp: number, fp: number) => void,
): void {
  let p = positives.length
  let n = negatives.length
  while (p > 0 || n > 0) {
    const score = Math.max(positives[p - 1] ?? -Infinity, negatives[n - 1] ?? -Infinity)
    while (p > 0 && positives[p - 1] === score) p -= 1
    while (n > 0 && negatives[n - 1] === score) n -= 1
    visit(score, positives.length - p, negatives.length - n)
  }
}
