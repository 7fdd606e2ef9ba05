import type { EpochSeconds } from '../../core/time.ts'
import { stepOf, type Job, type JobResult } from './job.ts'
import { advance, jobStateOf, noteSkipped, type JobState, type SchedulerState } from './state.ts'

/** A nominal time that failed this often is given up, so that the ones after it are done. */
const MAX_TRIES = 5
const FIRST_PAUSE_SECONDS = 30

/** A run that ended. */
export interface Attempt {
  readonly job: Job
  readonly at: EpochSeconds
  readonly now: EpochSeconds
  readonly milliseconds: number
}

/** The state after a run that came to a result. */
export function withResult(state: SchedulerState, attempt: Attempt, result: JobResult): SchedulerState {
  const { job, at, now } = attempt
  const before = knowingFirst(jobStateOf(state, job.name), attempt)
  const { outcome, note = null, nextIn } = result
  const ended = { ...before, ...common(attempt), outcome, note, error: null, failures: 0, tries: 0 }
  const not_before = nextIn === undefined ? null : now + nextIn
  if (outcome !== 'again') return withJob(state, job, { ...advance(ended, at, stepOf(job)), not_before })
  // The next nominal time does not wait for it.
  const next = job.cadence.kind === 'every' ? at + job.cadence.every + job.cadence.after : Infinity
  return withJob(state, job, { ...ended, not_before: Math.min(not_before ?? now, next) })
}

/** The state after a run that failed, or (`late`) took longer than it may. */
export function withFailure(
  state: SchedulerState,
  attempt: Attempt,
  outcome: 'failed' | 'late',
  error: string,
): SchedulerState {
  const { job, at, now } = attempt
  const before = knowingFirst(jobStateOf(state, job.name), attempt)
  const failures = before.failures + 1
  const tries = before.tries + 1
  const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(failures - 1, 20), job.backoff)
  const ended = {
    ...before,
    ...common(attempt),
    outcome,
    note: null,
    error,
    failures,
    not_before: now + pause,
  }
  // What the feed said then cannot be asked for later.
  if (job.cadence.kind === 'feed') return withJob(state, job, { ...ended, last: at, tries: 0 })
  if (tries < MAX_TRIES) return withJob(state, job, { ...ended, tries })
  const given = withJob(state, job, { ...advance(ended, at, stepOf(job)), tries: 0 })
  const why = `failed ${MAX_TRIES} times: ${error}`
  return noteSkipped(
    given,
    { job: job.name, from: at, to: at, count: 1, why, noticed_at: now },
    stepOf(job) ?? 0,
  )
}

/** The state with a job's replaced. */
export const withJob = (state: SchedulerState, { name }: Job, job: JobState): SchedulerState => ({
  ...state,
  jobs: { ...state.jobs, [name]: job },
})

/** A job's first time ever is to be remembered until it is done, though newer ones come. */
function knowingFirst(standing: JobState, { job, at }: Attempt): JobState {
  const step = stepOf(job)
  return standing.last === null && step !== undefined ? { ...standing, last: at - step } : standing
}

function common({ at, now, milliseconds }: Attempt): Pick<JobState, 'at' | 'ended_at' | 'milliseconds'> {
  return { at, ended_at: now, milliseconds: Math.round(milliseconds) }
}
