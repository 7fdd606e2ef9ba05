import { z } from 'zod'
import { OperatorError } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'

/** What the scheduler of a lake has done; of a part of its jobs, what that part has. */
const stateKey = (part?: string): string => `scheduler/${part === undefined ? '' : `${part}/`}state.json`
/** Skipped stretches that are remembered. */
const SKIPPED_KEPT = 50

const jobStateSchema = z.strictObject({
  /** Every nominal time up to this one is done, or was skipped; null before the first. */
  last: z.int().nullable(),
  /** Nominal times after `last` that are done: now goes before what was missed. */
  ahead: z.array(z.int()),
  /** Of the last attempt: its nominal time, when it ended, how, and how long it took. */
  at: z.int().nullable(),
  ended_at: z.int().nullable(),
  outcome: z.enum(['done', 'refused', 'again', 'failed', 'late']).nullable(),
  milliseconds: z.int().nonnegative().nullable(),
  note: z.string().nullable(),
  error: z.string().nullable(),
  /** Failures in a row, of whichever nominal time. */
  failures: z.int().nonnegative(),
  /** Tries of the nominal time that is next. */
  tries: z.int().nonnegative(),
  /** It is not tried before this. */
  not_before: z.int().nullable(),
})
/** How a job stands. */
export type JobState = z.infer<typeof jobStateSchema>

const skippedSchema = z.strictObject({
  job: z.string(),
  /** First and last nominal time, and how many there are. */
  from: z.int(),
  to: z.int(),
  count: z.int().positive(),
  why: z.string(),
  noticed_at: z.int(),
})
/** Nominal times that are not going to be done. */
export type Skipped = z.infer<typeof skippedSchema>

const stepSchema = z.strictObject({
  /** Seconds that the clock went forward (or, negative, back) by itself, and where it was then. */
  by: z.int(),
  to: z.int(),
})
/** A clock that was set. */
export type ClockStep = z.infer<typeof stepSchema>

const stateSchema = z.strictObject({
  state_version: z.literal(1),
  /** The last tick's time. */
  ticked_at: z.int().nullable(),
  jobs: z.record(z.string(), jobStateSchema),
  skipped: z.array(skippedSchema),
  clock_step: stepSchema.nullable(),
})
/** scheduler/state.json */
export type SchedulerState = z.infer<typeof stateSchema>

const FRESH_JOB: JobState = {
  last: null,
  ahead: [],
  at: null,
  ended_at: null,
  outcome: null,
  milliseconds: null,
  note: null,
  error: null,
  failures: 0,
  tries: 0,
  not_before: null,
}

/** The state before the first tick. */
export const freshState = (): SchedulerState => ({
  state_version: 1,
  ticked_at: null,
  jobs: {},
  skipped: [],
  clock_step: null,
})

/** How a job stands, also one that never ran. */
export const jobStateOf = (state: SchedulerState, job: string): JobState => state.jobs[job] ?? FRESH_JOB

/** The state; undefined when no scheduler ever ran here. CORRUPT when the file is damaged. */
export async function readState(store: ObjectStore, part?: string): Promise<SchedulerState | undefined> {
  const key = stateKey(part)
  const object = await store.get(key)
  if (object === undefined) return undefined
  try {
    return stateSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} cannot be read`,
      'Delete it: every job finds out by itself what is done; what was missed before is not caught up.',
      error,
    )
  }
}

export async function writeState(store: ObjectStore, state: SchedulerState, part?: string): Promise<void> {
  await store.put(stateKey(part), `${JSON.stringify(state, null, 1)}\n`)
}

/** The job's state once nominal time `at` needs no more work; `step` is the distance between nominal times. */
export function advance(job: JobState, at: EpochSeconds, step: number | undefined): JobState {
  if (job.last !== null && at <= job.last) return job
  if (step === undefined || job.last === null) return { ...job, last: at, ahead: [] }
  const done = new Set([...job.ahead, at])
  let last = job.last
  while (done.delete(last + step)) last += step
  return { ...job, last, ahead: [...done].filter((time) => time > last).sort((a, b) => a - b) }
}

/** The state with a stretch noted as skipped; one that goes on from the last of the job makes it longer. */
export function noteSkipped(state: SchedulerState, skipped: Skipped, step: number): SchedulerState {
  const i = state.skipped.findLastIndex(({ job, why }) => job === skipped.job && why === skipped.why)
  const before = state.skipped[i]
  if (before && skipped.from - before.to <= step && skipped.from > before.to) {
    const longer = {
      ...before,
      to: skipped.to,
      count: before.count + skipped.count,
      noticed_at: skipped.noticed_at,
    }
    return { ...state, skipped: state.skipped.with(i, longer) }
  }
  return { ...state, skipped: [...state.skipped, skipped].slice(-SKIPPED_KEPT) }
}
