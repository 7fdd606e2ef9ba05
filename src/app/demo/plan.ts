import {
  BATCH_SECONDS,
  DAY_SECONDS,
  batchFloor,
  dayFloor,
  HORIZON_SECONDS,
  type EpochSeconds,
} from '../../core/time.ts'
import { OperatorError } from '../../core/errors.ts'

/** Batches of the day that staging serves before the gate is asked: 24 hours, one every 10 minutes. */
export const REPLAY_BATCHES = 144
/** Batches after it, in which the model goes into production and a bad one is taken back: three hours. */
const RELEASE_BATCHES = 18

/** Fewest days of a recording that can be cut into training, validation and test. */
const MIN_DAYS = 5

/** How a recording is cut in time. All are epoch seconds. */
export interface DemoPlan {
  readonly days: number
  /** Training and validation use slots before this; nothing at or after it is seen by them. */
  readonly testFrom: EpochSeconds
  /** Models of the time before, for production, use slots before this. */
  readonly incumbentUntil: EpochSeconds
  /** First and last batch of the day on staging. */
  readonly firstBatch: EpochSeconds
  readonly gateBatch: EpochSeconds
  /** Last batch whose outcome is known. */
  readonly lastBatch: EpochSeconds
  /** Last batch at all: the recording ends before its outcome. */
  readonly openBatch: EpochSeconds
  /** End of what there is: the newest snapshot. */
  readonly end: EpochSeconds
}

/**
 * Cuts a recording whose snapshots run from `first` to `last`: the last fifth of its UTC days is test, two at least, and its last 27
 * hours whose outcome is known are replayed: a day on staging, and three hours of releases. What is in production before
 * that was trained on the first two thirds of the training days.
 */
export function planDemo(first: EpochSeconds, last: EpochSeconds): DemoPlan {
  const days = Math.round((dayFloor(last) - dayFloor(first)) / DAY_SECONDS) + 1
  if (days < MIN_DAYS) {
    throw new OperatorError(
      'BAD_INPUT',
      `the recording covers ${days} days`,
      `At least ${MIN_DAYS} are needed to train, validate and test.`,
    )
  }
  // The 27 hours that are lived through must lie in days that no training saw.
  const testDays = Math.max(2, Math.floor(days / 5))
  const lastBatch = batchFloor(last - HORIZON_SECONDS)
  const testFrom = dayFloor(last) + DAY_SECONDS - testDays * DAY_SECONDS
  const gateBatch = lastBatch - RELEASE_BATCHES * BATCH_SECONDS
  return {
    days,
    testFrom,
    incumbentUntil: testFrom - Math.floor((days - testDays) / 3) * DAY_SECONDS,
    firstBatch: gateBatch - (REPLAY_BATCHES - 1) * BATCH_SECONDS,
    gateBatch,
    lastBatch,
    openBatch: batchFloor(last),
    end: last,
  }
}
