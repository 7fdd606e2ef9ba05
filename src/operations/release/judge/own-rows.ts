import { STOCKOUT_AT_MOST } from '../../../core/contracts/features.ts'
import type { ReleaseEndpoint } from '../../../core/contracts/release.ts'
import { HORIZON_SECONDS } from '../../../core/time.ts'
import { prAuc } from '../../../model/evaluation/metrics.ts'
import { saidConfusion } from '../../../model/evaluation/said.ts'
import { fBetaOf } from '../../../model/evaluation/threshold.ts'
import { FEWEST_BATCHES } from '../../monitoring/quality/quality-metrics.ts'
import { MIN_F1, MIN_PR_AUC, MIN_SAMPLES } from '../gate/read-conditions.ts'
import type { JudgedRow } from './judged-rows.ts'

/** Fewest rows with more than two left that the candidate must have scored. */
const MIN_ONSET_ROWS = 50

/**
 * A figure of the candidate's that is below the gate's. It is of its own rows alone: what another candidate was said to be in
 * the last 24 hours says nothing about this one. Of a few hours it would be low for a good model too, as in monitoring.
 */
export function poorFigure(rows: readonly JudgedRow[], { candidate }: ReleaseEndpoint): string | undefined {
  const own = rows.filter((row) => row.candidate)
  if (own.length < MIN_SAMPLES || new Set(own.map(({ slot }) => slot)).size < FEWEST_BATCHES) return undefined
  const labels = own.map(({ label }) => label)
  const scores = own.map(({ score }) => score)
  const said = scores.map((score) => (score >= candidate.threshold ? 1 : 0))
  const figures = [
    ['PR-AUC', prAuc(labels, scores), MIN_PR_AUC],
    ['F1', fBetaOf(saidConfusion(labels, said)), MIN_F1],
  ] as const
  for (const [name, value, least] of figures)
    if (value !== null && value < least)
      return `${name} is ${value.toFixed(3)} over ${own.length} rows, below ${least}`
  return undefined
}

/** What a step's rows of the candidate still lack to be judged by. */
export function notEnough(rows: readonly JudgedRow[]): string | undefined {
  const own = rows.filter(({ candidate }) => candidate)
  if (own.length === 0)
    return `no outcome of its predictions yet; they come ${HORIZON_SECONDS / 60} min later`
  if (own.length < MIN_SAMPLES) return `${own.length} of ${MIN_SAMPLES} predictions with an outcome`
  const positives = own.filter(({ label }) => label === 1).length
  if (positives === 0 || positives === own.length) return 'outcomes of one class only'
  const onsets = own.filter(({ count }) => count > STOCKOUT_AT_MOST).length
  return onsets < MIN_ONSET_ROWS ? `${onsets} of ${MIN_ONSET_ROWS} onset rows` : undefined
}
