import type { PastPrediction } from '../../../../src/core/contracts/api/station.ts'

/**
 * What became of a prediction: `hit` said and came true, `false_alarm` said and did not, `miss` came true unsaid, `quiet`
 * rightly silent, `pending` said and not known (yet), `unknown` not said and not known.
 */
export const VERDICTS = ['hit', 'miss', 'false_alarm', 'pending', 'quiet', 'unknown'] as const
export type Verdict = (typeof VERDICTS)[number]

/** Seconds from a prediction's slot to the moment that it is about. */
export const HORIZON_SECONDS = 1800

export function verdictOf({ stockout, happened }: PastPrediction): Verdict {
  if (happened === null) return stockout ? 'pending' : 'unknown'
  if (stockout) return happened ? 'hit' : 'false_alarm'
  return happened ? 'miss' : 'quiet'
}

export function countVerdicts(past: readonly PastPrediction[]): Readonly<Record<Verdict, number>> {
  const counts = { hit: 0, miss: 0, false_alarm: 0, pending: 0, quiet: 0, unknown: 0 }
  for (const prediction of past) counts[verdictOf(prediction)] += 1
  return counts
}
