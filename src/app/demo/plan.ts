import {
  BATCH_SECONDS,
  DAY_SECONDS,
  batchFloor,
  dayFloor,
  HORIZON_SECONDS,
  type EpochSeconds,
} from '../../core/time.ts'
import { OperatorError } from '../../core/errors.ts'

/** Batches of the day that is replayed: 24 hours, one every 10 minutes. */
export const REPLAY_BATCHES = 144

/** Fewest days of a recording that can be cut into training, validation and test. */
const MIN_DAYS = 5

/** How a recording is cut in time. All are epoch seconds. */
export interface DemoPlan {
  readonly days: number
  /** Training and validation use slots before this; nothing at or after it is seen by them. */
  readonly testFrom: EpochSeconds
  /** First and last batch of the day that is scored. */
  readonly firstBatch: EpochSeconds
  readonly lastBatch: EpochSeconds
  /** Last batch at all: the recording ends before its outcome. */
  readonly openBatch: EpochSeconds
  /** End of what there is: the newest snapshot. */
  readonly end: EpochSeconds
}

/**
 * Cuts a recording whose snapshots run from `first` to `last`: the last fifth of its UTC days is test, and its last 24
 * hours whose outcome is known are replayed.
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
  const testDays = Math.floor(days / 5)
  const lastBatch = batchFloor(last - HORIZON_SECONDS)
  return {
    days,
    testFrom: dayFloor(last) + DAY_SECONDS - testDays * DAY_SECONDS,
    firstBatch: lastBatch - (REPLAY_BATCHES - 1) * BATCH_SECONDS,
    lastBatch,
    openBatch: batchFloor(last),
    end: last,
  }
}
