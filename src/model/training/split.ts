import { BATCH_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'

/** Share of the time range, at its end, that is validation. */
const VALIDATION_SHARE = 0.2
/** Between the last training slot and the first of validation: an hour of features, of which 30 minutes are outcome, too. */
export const GAP_SECONDS = HOUR_SECONDS

/** Half-open windows of slots. */
export interface TimeSplit {
  readonly train: { readonly from: EpochSeconds; readonly until: EpochSeconds }
  readonly validation: { readonly from: EpochSeconds; readonly until: EpochSeconds }
}

/**
 * Cuts the slots `first`..`last` in time: the last fifth of the range is validation, training ends an hour before it, so
 * that no snapshot serves both. Undefined when nothing would be left to train on.
 */
export function splitInTime(first: EpochSeconds, last: EpochSeconds): TimeSplit | undefined {
  const until = last + BATCH_SECONDS
  const cut = first + (1 - VALIDATION_SHARE) * (until - first)
  const validationFrom = Math.ceil(cut / BATCH_SECONDS) * BATCH_SECONDS
  const trainUntil = validationFrom - GAP_SECONDS
  if (validationFrom >= until || trainUntil <= first) return undefined
  return { train: { from: first, until: trainUntil }, validation: { from: validationFrom, until } }
}
