import type { Evaluation } from '../../core/contracts/manifest.ts'
import { STOCKOUT_AT_MOST } from '../../core/contracts/features.ts'
import { OperatorError } from '../../core/errors.ts'
import { calibration, calibrationError } from './calibration.ts'
import { persistencePrAuc } from './persistence.ts'
import { averagePrecision } from './pr-curve.ts'
import { rank, type Ranking } from './ranking.ts'
import { bestThreshold, type Confusion, confusionAt, fBetaOf, precisionOf, recallOf } from './threshold.ts'

/** Rows to judge, by position: what came (0 or 1), what was said, and how many bikes or docks there were. */
export interface ScoredRows {
  readonly labels: ArrayLike<number>
  readonly scores: ArrayLike<number>
  /** Count now, at the slot predicted from. */
  readonly counts: ArrayLike<number>
}

/** PR-AUC as scikit-learn's `average_precision_score`; null when a class is absent. BAD_INPUT for a score that is no number. */
export function prAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  return averagePrecision(rank(labels, scores))
}

/** Mean squared difference between score and label; null without rows. */
export function brier(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  return brierOf(rank(labels, scores))
}

// Over sorted scores, so that the sum does not depend on the order of the rows.
function brierOf({ positives, negatives }: Ranking): number | null {
  const rows = positives.length + negatives.length
  let sum = 0
  for (const score of positives) sum += (1 - score) ** 2
  for (const score of negatives) sum += score ** 2
  return rows === 0 ? null : sum / rows
}

/** The threshold of 0.01 … 0.99 with the highest F-beta; null without positives. */
export function fBetaThreshold(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  beta = 2,
): number | null {
  return bestThreshold(rank(labels, scores), beta)
}

/** What "two or fewer now means two or fewer then" would have said of the same rows: persistence as a yes or no. */
export function presentRule(labels: ArrayLike<number>, counts: ArrayLike<number>): Confusion {
  const short = new Uint8Array(counts.length)
  for (let i = 0; i < counts.length; i++) short[i] = (counts[i] ?? 0) <= STOCKOUT_AT_MOST ? 1 : 0
  return confusionAt(rank(labels, short), 1)
}

/** The rows where nothing is short yet: count now above the stock-out limit. */
export function onsetRows({ labels, scores, counts }: ScoredRows): {
  labels: Uint8Array
  scores: Float64Array
  counts: Int32Array
} {
  let rows = 0
  for (let i = 0; i < counts.length; i++) if ((counts[i] ?? 0) > STOCKOUT_AT_MOST) rows += 1
  const onset = {
    labels: new Uint8Array(rows),
    scores: new Float64Array(rows),
    counts: new Int32Array(rows),
  }
  let at = 0
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0
    if (count <= STOCKOUT_AT_MOST) continue
    onset.labels[at] = labels[i] ?? 0
    onset.scores[at] = scores[i] ?? Number.NaN
    onset.counts[at] = count
    at += 1
  }
  return onset
}

/**
 * All figures of one set of rows, each beside persistence's on the same rows. Nothing depends on the order of the rows.
 * BAD_INPUT for scores that are not finite, labels that are not 0 or 1, or columns of different lengths.
 */
export function evaluate(rows: ScoredRows & { readonly threshold: number }): Evaluation {
  const { labels, scores, counts, threshold } = rows
  if (counts.length !== labels.length)
    throw new OperatorError('BAD_INPUT', `${labels.length} labels came with ${counts.length} counts`)
  const all = rank(labels, scores)
  const onset = onsetRows(rows)
  const onsetRanking = rank(onset.labels, onset.scores)
  const confusion = confusionAt(all, threshold)
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  return {
    rows: labels.length,
    positives: all.positives.length,
    prevalence: share(all.positives.length, labels.length),
    pr_auc: averagePrecision(all),
    persistence_pr_auc: persistencePrAuc(labels, counts),
    onset_rows: onset.labels.length,
    onset_positives: onsetRanking.positives.length,
    onset_prevalence: share(onsetRanking.positives.length, onset.labels.length),
    onset_pr_auc: averagePrecision(onsetRanking),
    persistence_onset_pr_auc: persistencePrAuc(onset.labels, onset.counts),
    brier: brierOf(all),
    calibration_error: calibrationError(calibration(all)),
    threshold,
    precision: precisionOf(confusion),
    recall: recallOf(confusion),
    f1: fBetaOf(confusion),
    confusion,
  }
}
