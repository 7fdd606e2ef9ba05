import { isOperatorError, messageOf } from '../../core/errors.ts'
import type { Reporter } from '../../core/report.ts'
import { isoOf, type EpochSeconds } from '../../core/time.ts'
import { readLake } from '../../data/lake/lake-info.ts'
import type { Platform } from '../../platform/ports.ts'
import type { DueItem } from './due-work.ts'
import { JobMemory, stepOf, type Job, type JobResult, type LakeRun, type ScheduledCity } from './job.ts'
import { withFailure, withJob, withResult } from './outcome.ts'
import { runWithin, type Limited } from './run-within.ts'
import { advance, jobStateOf, noteSkipped, type SchedulerState } from './state.ts'

/** One run of a job, as a tick tells it. */
export interface JobRunReport {
  readonly city: string
  readonly job: string
  readonly at: EpochSeconds
  readonly outcome: 'done' | 'refused' | 'again' | 'failed' | 'late'
  readonly milliseconds: number
  readonly note: string | null
  readonly error: string | null
}

/** What both lanes of a city share, in memory. */
export interface Ledger {
  state: SchedulerState
  /** Runs that the next tick tells. */
  ran: JobRunReport[]
}

/** What running a city's jobs needs. `signal` ends them; `lost` is aborted when the lease is. */
export interface RunnerOptions {
  readonly city: ScheduledCity
  /** With the fence. */
  readonly platform: Platform
  readonly ledger: Ledger
  readonly elapsedMs: () => number
  readonly report: Reporter
  readonly signal: AbortSignal
  readonly lost: AbortSignal
}

/** Runs jobs one at a time, and keeps in the ledger how they went. */
export interface JobRunner {
  /** False while a job pauses after a failure, or a run of it that was too slow still goes on. */
  isFree(job: Job, now: EpochSeconds): boolean
  /** A job that fails is noted; rejects only when the lease is lost. */
  run(item: DueItem, now: EpochSeconds): Promise<void>
  /** Waits for runs that were too slow. */
  settled(): Promise<void>
}

export function openJobRunner(o: RunnerOptions): JobRunner {
  const { city, platform, ledger } = o
  const memory = new JobMemory()
  const overdue = new Map<string, Promise<unknown>>()

  const attempt = async (
    item: DueItem,
    now: EpochSeconds,
  ): Promise<Limited<JobResult | 'void'> | undefined> => {
    const { job, at } = item
    const info = await readLake(city.platform.store)
    // Only ingest begins a lake.
    if (info === undefined && job.cadence.kind !== 'feed') return undefined
    return runWithin<JobResult | 'void'>(
      async (signal) => {
        const run = { city, platform, at, now, report: o.report, signal, memory, info } as LakeRun
        const isPast = now >= at + (stepOf(job) ?? Infinity)
        return isPast && (await job.isVoid?.(run)) === true ? 'void' : job.run(run)
      },
      { seconds: job.limit, signal: AbortSignal.any([o.signal, o.lost]) },
    )
  }

  const note = (
    { job, at }: DueItem,
    now: EpochSeconds,
    milliseconds: number,
    limited: Limited<JobResult | 'void'>,
  ): void => {
    const made = { job, at, now, milliseconds }
    const tell = (outcome: JobRunReport['outcome'], said: { note?: string; error?: string }): void => {
      const { note: text = null, error = null } = said
      ledger.ran.push({ city: city.name, job: job.name, at, outcome, milliseconds, note: text, error })
    }
    const fail = (outcome: 'failed' | 'late', error: string): void => {
      ledger.state = withFailure(ledger.state, made, outcome, error)
      o.report.warn(`${job.name} as of ${isoOf(at)} ${outcome === 'late' ? 'is late' : 'failed'}: ${error}`)
      tell(outcome, { error })
    }
    if (limited.kind === 'failed') fail('failed', errorText(limited.error))
    else if (limited.kind === 'late') {
      overdue.set(
        job.name,
        limited.ended.finally(() => overdue.delete(job.name)),
      )
      fail('late', `it took longer than the ${job.limit} s it may`)
    } else if (limited.value === 'void') ledger.state = withoutIt(ledger.state, job, at, now)
    else {
      ledger.state = withResult(ledger.state, made, limited.value)
      tell(limited.value.outcome, limited.value.note === undefined ? {} : { note: limited.value.note })
    }
  }

  return {
    isFree: (job, now) =>
      !overdue.has(job.name) && (jobStateOf(ledger.state, job.name).not_before ?? -Infinity) <= now,
    async run(item, now) {
      const started = o.elapsedMs()
      const limited = await attempt(item, now)
      o.lost.throwIfAborted()
      // What was broken off on request is as if it had not begun.
      if (!limited || (limited.kind === 'failed' && o.signal.aborted)) return
      note(item, now, o.elapsedMs() - started, limited)
    },
    async settled() {
      await Promise.all(overdue.values())
    },
  }
}

function withoutIt(state: SchedulerState, job: Job, at: EpochSeconds, now: EpochSeconds): SchedulerState {
  const why = 'the lake has no state for them'
  const passed = withJob(state, job, advance(jobStateOf(state, job.name), at, stepOf(job)))
  return noteSkipped(
    passed,
    { job: job.name, from: at, to: at, count: 1, why, noticed_at: now },
    stepOf(job) ?? 0,
  )
}

function errorText(error: unknown): string {
  if (isOperatorError(error)) return error.message
  return error instanceof Error ? `a bug: ${error.stack ?? error.message}` : messageOf(error)
}
