import { BETS, type BatchEvidence } from './evidence.ts'

/** One row that both models scored: a shadow sees what the variant in production sees. */
export interface PairedRow {
  /** (score - label)^2 of each. */
  readonly candidateLoss: number
  readonly baselineLoss: number
}

/** The pairs of one batch, and how much greater the shadow's mean loss may be. */
export interface PairedBatch {
  readonly pairs: readonly PairedRow[]
  readonly margin: number
}

/**
 * The evidence of each of a run of batches, in the order of their slots, that a shadow's loss is greater by more than
 * the margin. Rows of one batch share the weather and the hour, so a batch counts once: by the sign and size of its mean
 * difference, against the same with its sign turned, which is as likely when the models are equal. Sizes are measured by the
 * batches before, so the first only gives the measure. Batches without rows are left out.
 */
export function pairedEvidence(batches: readonly PairedBatch[]): BatchEvidence[] {
  const evidence: BatchEvidence[] = []
  let squares = 0
  for (const { pairs, margin } of batches) {
    if (pairs.length === 0) continue
    const mean = pairs.reduce((sum, row) => sum + row.candidateLoss - row.baselineLoss, 0) / pairs.length
    const d = mean - margin
    // Not less than the margin, so that calm batches do not count for more than is at stake in them.
    const scale = evidence.length === 0 ? 0 : Math.max(margin, Math.sqrt(squares / evidence.length))
    evidence.push({
      rows: pairs.length,
      difference: mean,
      factors: BETS.map((bet) => (scale === 0 ? 1 : 2 / (1 + Math.exp((-2 * bet * d) / scale)))),
    })
    squares += d * d
  }
  return evidence
}
