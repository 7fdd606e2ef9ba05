import { DAY_SECONDS, isoOf, type EpochSeconds } from '../../core/time.ts'
import type { Job } from '../../operations/scheduler/job.ts'
import { JOB_TABLE } from '../../operations/scheduler/jobs/job-table.ts'
import { jobsOf, PARTS } from '../../operations/scheduler/parts.ts'
import { lateWords } from '../../operations/scheduler/lateness.ts'
import { readLease } from '../../operations/scheduler/lease.ts'
import {
  readState,
  type ClockStep,
  type SchedulerState,
  type Skipped,
} from '../../operations/scheduler/state.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { spanText } from '../cli/table.ts'

/** How the scheduler of a lake stands. */
export interface SchedulerStatus {
  /** False for a lake that none has run on, which is no fault. */
  readonly has_run: boolean
  /** Who holds the lease by the wall clock; null when nobody does. */
  readonly holder: { readonly host: string; readonly pid: number } | null
  readonly ticked_at: EpochSeconds | null
  readonly jobs: SchedulerState['jobs']
  /** Of the last 24 hours. */
  readonly skipped: readonly Skipped[]
  readonly clock_step: ClockStep | null
  /** What is late or failing, in words. */
  readonly late: readonly string[]
}

/** Reads how the scheduler stands at `now`; `wall` says whether its lease still holds. */
export async function schedulerStatus(
  store: ObjectStore,
  { now, wall }: { readonly now: EpochSeconds; readonly wall: EpochSeconds },
): Promise<SchedulerStatus> {
  const whole = await standing(store, JOB_TABLE)
  const parts = await Promise.all(PARTS.map((part) => standing(store, jobsOf(part), part.name)))
  const all = [whole, ...parts]
  const states = all.flatMap(({ state }) => state ?? [])
  const recent = (at: EpochSeconds): boolean => now - at < DAY_SECONDS
  const ticks = states.flatMap(({ ticked_at }) => ticked_at ?? [])
  const held = all.find(({ lease }) => lease && lease.holder !== null && lease.expires_at > wall)
  return {
    has_run: ticks.length > 0,
    holder: held?.lease?.holder ?? null,
    ticked_at: ticks.length > 0 ? Math.max(...ticks) : null,
    jobs: Object.assign({}, ...states.map(({ jobs }) => jobs)) as SchedulerState['jobs'],
    skipped: states.flatMap(({ skipped }) => skipped).filter(({ noticed_at }) => recent(noticed_at)),
    clock_step: states.map(({ clock_step }) => clock_step).find((step) => step && recent(step.to)) ?? null,
    late: all.flatMap(({ state, jobs }) => (state ? lateWords(state, jobs, now) : [])),
  }
}

/** Lease and state of the whole table, or of a part that a process of its own does. */
async function standing(store: ObjectStore, jobs: readonly Job[], part?: string) {
  return { jobs, lease: await readLease(store, part), state: await readState(store, part) }
}

/** The scheduler in one line. */
export function schedulerText({ has_run, holder, ticked_at }: SchedulerStatus, now: EpochSeconds): string {
  if (holder) {
    const last =
      ticked_at === null ? 'has not begun' : `last at work ${spanText(Math.max(0, now - ticked_at))} ago`
    return `process ${holder.pid} on ${holder.host}, ${last}`
  }
  return has_run && ticked_at !== null
    ? `none runs now; the last was at work until ${isoOf(ticked_at)}`
    : 'no scheduler has run here'
}

/** What a person should know though it is no fault: what was skipped, and a clock that was set. */
export function schedulerNotes({ skipped, clock_step }: SchedulerStatus): string[] {
  const notes = skipped.map(
    ({ job, from, to, count, why }) =>
      `${job} was not done ${count === 1 ? `as of ${isoOf(from)}` : `${count} times, ${isoOf(from)} to ${isoOf(to)}`}: ${why.split('\n')[0] ?? ''}`,
  )
  if (clock_step)
    notes.push(
      `the clock was set ${clock_step.by < 0 ? 'back' : 'forward'} by ${spanText(Math.abs(clock_step.by))}, to ${isoOf(clock_step.to)}`,
    )
  return notes
}
