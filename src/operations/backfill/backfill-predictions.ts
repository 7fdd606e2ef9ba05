import { OperatorError } from '../../core/errors.ts'
import { silentReporter, type Reporter } from '../../core/report.ts'
import { BATCH_SECONDS, batchFloor, dtOf, STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { atOnce } from '../../data/features/at-once.ts'
import { snapshotTimes } from '../../data/lake/gaps.ts'
import { predictBatch, type PredictionPlatform } from '../../model/prediction/predict-batch.ts'

/** Batches made at a time: one waits for the disk while the other computes. */
const AT_ONCE = 2

export interface BackfillPredictionsOptions {
  readonly city: string
  readonly timezone: string
  readonly country: string | null
  /** Batches in `[from, to]`; those that can still be made in time are left to the scheduler. */
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  readonly now: EpochSeconds
  readonly namespace: string
  readonly report: Reporter
  readonly signal: AbortSignal
}

/** What was made. */
export interface BackfilledPredictions {
  readonly batches: number
  /** Batches without any known state: nothing can be predicted from them. */
  readonly without_state: number
  readonly predictions: number
}

/**
 * Makes the past batches that are missing, by what serves now; each prediction says that it was made after the fact and
 * counts in no live metric. A batch that is there stays. Ended by `signal` with CANCELLED, it goes on from there.
 */
export async function backfillPredictions(
  platform: PredictionPlatform,
  o: BackfillPredictionsOptions,
): Promise<BackfilledPredictions> {
  const { city, report, signal } = o
  const first = Math.ceil(o.from / BATCH_SECONDS) * BATCH_SECONDS
  const last = batchFloor(Math.min(o.to, o.now - BATCH_SECONDS - 1))
  const times = await snapshotTimes(platform, { city, from: first - STATE_MAX_AGE_SECONDS, to: last })
  const slots: EpochSeconds[] = []
  let without = 0
  for (let slot = first; slot <= last; slot += BATCH_SECONDS)
    if (times.some((time) => time <= slot && time >= slot - STATE_MAX_AGE_SECONDS)) slots.push(slot)
    else without++
  const progress = report.start('Predicting past batches', slots.length)
  let [batches, predictions] = [0, 0]
  await atOnce(slots, AT_ONCE, async (slot) => {
    if (signal.aborted)
      throw new OperatorError(
        'CANCELLED',
        'the backfill was ended on request',
        'Run it again: what is done stays.',
      )
    const { timezone, country, now, namespace } = o
    const options = { city, timezone, country, slot, now, namespace, report: silentReporter }
    const results = await predictBatch(platform, options)
    if (results.some(({ outcome }) => outcome === 'done' || outcome === 'incomplete')) batches++
    predictions += results.reduce((sum, result) => sum + result.predictions, 0)
    progress.update(batches, dtOf(slot))
  })
  progress.end(`${batches} batches, ${predictions} predictions`)
  return { batches, without_state: without, predictions }
}
