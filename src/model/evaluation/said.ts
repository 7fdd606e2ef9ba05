import { STOCKOUT_AT_MOST } from '../../core/contracts/features.ts'
import type { Evaluation } from '../../core/contracts/manifest.ts'
import { OperatorError } from '../../core/errors.ts'
import { evaluate, type ScoredRows } from './metrics.ts'
import { type Confusion, fBetaOf, precisionOf, recallOf } from './threshold.ts'

/** Rows as `evaluate` takes them, with what was said of each at the time: 1 for a predicted stock-out, else 0. */
export interface SaidRows extends ScoredRows {
  readonly said: ArrayLike<number>
}

/** Figures of predictions as they were made. */
export type SaidEvaluation = Omit<Evaluation, 'threshold'> & {
  /** Share of the rows of which a stock-out was said; null without rows. */
  readonly hit_rate: number | null
  /** F1 of the yes-or-no rule "two or fewer now". */
  readonly persistence_f1: number | null
}

/**
 * All figures of rows whose thresholds may differ: precision, recall, F1 and the confusion are of what was said. Nothing
 * depends on the order of the rows. BAD_INPUT as for `evaluate`.
 */
export function evaluateSaid(rows: SaidRows): SaidEvaluation {
  if (rows.said.length !== rows.labels.length)
    throw new OperatorError('BAD_INPUT', `${rows.labels.length} labels came with ${rows.said.length} answers`)
  const { threshold: _, ...evaluation } = evaluate({ ...rows, threshold: 0 })
  const confusion = saidConfusion(rows.labels, rows.said)
  return {
    ...evaluation,
    confusion,
    precision: precisionOf(confusion),
    recall: recallOf(confusion),
    f1: fBetaOf(confusion),
    persistence_f1: fBetaOf(saidConfusion(rows.labels, saidByPersistence(rows.counts))),
    hit_rate: evaluation.rows === 0 ? null : (confusion.tp + confusion.fp) / evaluation.rows,
  }
}

/** The yes-or-no rule: short now, short then. */
function saidByPersistence(counts: ArrayLike<number>): Uint8Array {
  const said = new Uint8Array(counts.length)
  for (let row = 0; row < counts.length; row++) said[row] = (counts[row] ?? 0) <= STOCKOUT_AT_MOST ? 1 : 0
  return said
}

/** What was said (1 or 0) against what came. */
export function saidConfusion(labels: ArrayLike<number>, said: ArrayLike<number>): Confusion {
  const cells = [0, 0, 0, 0]
  for (let row = 0; row < labels.length; row++) {
    const cell = (labels[row] === 1 ? 2 : 0) + (said[row] === 1 ? 1 : 0)
    cells[cell] = (cells[cell] ?? 0) + 1
  }
  const [tn = 0, fp = 0, fn = 0, tp = 0] = cells
  return { tp, fp, tn, fn }
}
