/**
 * Evidence that a candidate is worse, gathered batch by batch, as a wager: each batch multiplies it by a factor that is at
 * most 1 on average while the candidate is not worse. So the chance that it ever reaches 1 / ALPHA is at most ALPHA, however
 * often one looks and whenever one stops (Ville's inequality). Several sizes of the bet are played side by side, since the
 * best one depends on how much worse the candidate is; their mean has the same guarantee.
 */

/** Chance of rolling back a candidate that is not worse, over the whole of a release. */
export const ALPHA = 0.05
/** Sizes of the bet, in standard deviations of one batch. */
export const BETS = [0.25, 0.5, 1, 2] as const

/** What one batch adds. */
export interface BatchEvidence {
  /** Rows that the candidate scored. */
  readonly rows: number
  /** The candidate's mean loss less the baseline's. */
  readonly difference: number
  /** One a bet. */
  readonly factors: readonly number[]
}

/** Evidence so far. */
export interface Evidence {
  readonly batches: number
  readonly rows: number
  /** Mean difference of the losses, weighted by rows; null before the first batch. */
  readonly difference: number | null
  /** 1 at the beginning; at 1 / ALPHA or more, ever, the candidate is worse. */
  readonly value: number
  /** The greatest value so far: what was shown once stays shown. */
  readonly greatest: number
  readonly worse: boolean
}

/** Adds up the evidence of batches, in the order of their slots. */
export function evidenceOf(batches: readonly BatchEvidence[]): Evidence {
  const wealth: number[] = BETS.map(() => 1)
  let greatest = 1
  let value = 1
  for (const { factors } of batches) {
    factors.forEach((factor, i) => (wealth[i] = (wealth[i] ?? 0) * factor))
    value = wealth.reduce((sum, w) => sum + w, 0) / wealth.length
    greatest = Math.max(greatest, value)
  }
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0)
  const weighted = batches.reduce((sum, batch) => sum + batch.rows * batch.difference, 0)
  return {
    batches: batches.length,
    rows,
    difference: rows === 0 ? null : weighted / rows,
    value,
    greatest,
    worse: greatest >= 1 / ALPHA,
  }
}
