import { HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { newestDue } from './cadence.ts'
import type { Job } from './job.ts'
import { withJob } from './outcome.ts'
import { jobStateOf, type SchedulerState } from './state.ts'

/** Corrections of the clock below this are nobody's concern, in seconds. */
const SMALL_STEP_SECONDS = 60
/** A clock that goes back by more than this was wrong before: what was done for times to come is not taken for done. */
const REBASE_SECONDS = 2 * HOUR_SECONDS
/** A clock may run ahead of the process by this much before it counts as set forward. */
const FORWARD_SECONDS = 300

/** Seconds that the clock went by itself since the last tick: negative for back, 0 when it did not. */
export function clockStep(
  tickedAt: EpochSeconds | null,
  now: EpochSeconds,
  /** Seconds that really passed since that tick, when this process made it. */
  passed: number | undefined,
): number {
  if (tickedAt === null) return 0
  const by = now - tickedAt
  if (by < -SMALL_STEP_SECONDS) return by
  return passed !== undefined && by - passed > FORWARD_SECONDS ? Math.round(by - passed) : 0
}

/**
 * The state after the clock went back. Nothing is done twice: nominal times that are done stay done, and monitoring goes on
 * once the clock has reached them again. What concerns now alone, ingest and the batch of now, goes on at once; so does
 * everything when the clock was wrong by hours.
 */
export function stepBack(
  state: SchedulerState,
  jobs: readonly Job[],
  by: number,
  now: EpochSeconds,
): SchedulerState {
  let next: SchedulerState = { ...state, clock_step: { by, to: now } }
  for (const job of jobs) {
    const before = jobStateOf(next, job.name)
    const goesOn = job.nowFirst === true || -by > REBASE_SECONDS
    let { last, ahead } = before
    if (goesOn && last !== null) {
      if (job.cadence.kind === 'feed') last = Math.min(last, now - 1)
      if (job.cadence.kind === 'every') {
        last = Math.min(last, newestDue(job.cadence, now) - job.cadence.every)
        ahead = []
      }
    }
    next = withJob(next, job, { ...before, last, ahead, not_before: null })
  }
  return next
}
