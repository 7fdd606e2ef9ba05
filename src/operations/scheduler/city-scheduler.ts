import { messageOf, OperatorError } from '../../core/errors.ts'
import type { Reporter } from '../../core/report.ts'
import { isoOf, SLOT_SECONDS, type Clock, type EpochSeconds } from '../../core/time.ts'
import { readLake } from '../../data/lake/lake-info.ts'
import { clockStep, stepBack } from './clock-step.ts'
import { dueWork, type DueItem } from './due-work.ts'
import { fencedPlatform } from './fence.ts'
import type { Job, ScheduledCity } from './job.ts'
import { openJobRunner, type JobRunner, type JobRunReport, type Ledger } from './job-runner.ts'
import { AFTER_SLOT, JOB_TABLE } from './jobs/job-table.ts'
import { lateWords } from './lateness.ts'
import { takeLease, type Holder, type Lease, type LeaseRecord } from './lease.ts'
import { jobsOf, type Part } from './parts.ts'
import { reporterOf } from './reporter.ts'
import { freshState, jobStateOf, readState, writeState, type SchedulerState } from './state.ts'

/** What every city's scheduler is given. */
export interface SchedulerOptions {
  readonly holder: Holder
  /** Dates the lease. Jobs go by the time of their tick. */
  readonly wall: Clock
  readonly elapsedMs: () => number
  readonly report: Reporter
  /** Default: LEASE_SECONDS. */
  readonly leaseSeconds?: number
  /** A tick stops catching up after this long, so that now gets its turn; without it, it ends with nothing missed. */
  readonly budgetMs?: number
  /** Default: JOB_TABLE. */
  readonly jobs?: readonly Job[]
  /** Do the jobs of this part alone, with its own lease and state. */
  readonly part?: Part
}

/** What a tick did for a city. */
export interface CityTick {
  readonly city: string
  /** Runs of the main lane, and those of the slow lane that ended since the last tick. */
  readonly ran: readonly JobRunReport[]
  /** Runs of the main lane that are due and were left to the next tick. */
  readonly behind: number
}

/** The scheduler of one city. One tick at a time. */
export interface CityScheduler {
  readonly city: string
  /** Takes the lease; gives who holds it when it is not to be had. A tick needs it. */
  begin(): Promise<LeaseRecord | undefined>
  /** Does all that is due at `now`. UNAVAILABLE once the lease is lost. */
  tick(now: EpochSeconds): Promise<CityTick>
  /** When the next tick has something to do, after `now`. */
  nextDue(now: EpochSeconds): EpochSeconds
  /** Waits until the slow lane has nothing more to do. */
  idle(): Promise<void>
  /** What is late or failing, in words. */
  late(now: EpochSeconds): string[]
  /** The last tick's time; null before the first. */
  tickedAt(): EpochSeconds | null
  /** Breaks off what can be taken up again, waits for the rest, and gives up the lease. */
  close(): Promise<void>
}

/** A long catch-up is noted this often, so that a kill costs little. */
const SAVE_EVERY_MS = 5000

interface Held {
  readonly lease: Lease
  readonly runner: JobRunner
}

/** Makes the scheduler of a city; nothing is touched before `begin`. */
export function openCityScheduler(city: ScheduledCity, options: SchedulerOptions): CityScheduler {
  const o = { ...options, report: reporterOf(options.report) }
  const jobs = o.part ? jobsOf(o.part) : (o.jobs ?? JOB_TABLE)
  const part = o.part?.name
  const { store } = city.platform
  const ledger: Ledger = { state: freshState(), ran: [] }
  let ending = new AbortController()
  let begun: (Held & { readonly save: () => Promise<void> }) | undefined
  let timezone: string | undefined
  let last: { readonly now: EpochSeconds; readonly elapsed: number } | undefined
  let slow: Promise<void> | undefined

  const held = (): NonNullable<typeof begun> => {
    if (!begun) throw new Error('a tick needs the lease: call begin first')
    return begun
  }
  const due = (lane: Job['lane'], now: EpochSeconds): DueItem[] => {
    const { items, state } = dueWork(jobs, ledger.state, { city, timezone, lane, now })
    ledger.state = state
    return items
  }
  const nextSlow = (): { item: DueItem; now: EpochSeconds } | undefined => {
    const now = last?.now
    if (now === undefined || ending.signal.aborted) return undefined
    const item = due('slow', now).find(({ job }) => held().runner.isFree(job, now))
    return item && { item, now }
  }
  const slowLane = async (): Promise<void> => {
    for (let next = nextSlow(); next; next = nextSlow()) {
      await held().runner.run(next.item, next.now)
      await held().save()
    }
  }
  const startSlowLane = (): void => {
    if (slow || !nextSlow()) return
    slow = slowLane()
      .catch((error: unknown) => {
        if (!held().lease.lost.aborted) o.report.warn(`The slow lane stopped: ${messageOf(error)}`)
      })
      .finally(() => (slow = undefined))
  }
  const noteClock = (now: EpochSeconds): void => {
    const isVirtual = city.feedTimes !== undefined
    const passed = isVirtual || !last ? undefined : (o.elapsedMs() - last.elapsed) / 1000
    const by = clockStep(ledger.state.ticked_at, now, passed)
    if (by === 0) return
    o.report.warn(`The clock was set ${by < 0 ? 'back' : 'forward'} by ${Math.abs(by)} s, to ${isoOf(now)}.`)
    ledger.state =
      by < 0 ? stepBack(ledger.state, jobs, by, now) : { ...ledger.state, clock_step: { by, to: now } }
  }

  return {
    city: city.name,
    async begin() {
      const { holder, wall, elapsedMs, leaseSeconds } = o
      const terms = {
        holder,
        wall,
        elapsedMs,
        ...(leaseSeconds === undefined ? {} : { seconds: leaseSeconds }),
        ...(part === undefined ? {} : { part }),
      }
      const taken = await takeLease(store, terms)
      if ('heldBy' in taken) return taken.heldBy
      const { lease } = taken
      const platform = fencedPlatform(city.platform, () => lease.check())
      ending = new AbortController()
      const common = { city, platform, ledger, elapsedMs, report: o.report }
      const runner = openJobRunner({ ...common, signal: ending.signal, lost: lease.lost })
      // Only now: the one before may have written until it let go.
      ledger.state = (await readState(store, part)) ?? freshState()
      begun = { lease, runner, save: saver(() => writeState(platform.store, ledger.state, part)) }
      return undefined
    },

    async tick(now) {
      const { lease, runner, save } = held()
      await lease.check()
      noteClock(now)
      timezone = (await readLake(store))?.timezone
      const started = o.elapsedMs()
      last = { now, elapsed: started }
      // The newest of ingest and predict, then what was missed, the oldest first.
      for (const job of jobs.filter(({ nowFirst }) => nowFirst === true)) {
        const item = due('main', now).findLast((candidate) => candidate.job === job)
        if (item && runner.isFree(job, now)) await runner.run(item, now)
      }
      let behind = 0
      let savedAt = started
      for (const item of due('main', now)) {
        if (ending.signal.aborted) break
        // A job that failed is waited for: its later times come after it.
        if (!runner.isFree(item.job, now) || isDone(ledger.state, item)) continue
        if (o.budgetMs !== undefined && o.elapsedMs() - started > o.budgetMs) {
          behind++
          continue
        }
        await runner.run(item, now)
        if (o.elapsedMs() - savedAt < SAVE_EVERY_MS) continue
        await save()
        savedAt = o.elapsedMs()
      }
      ledger.state = { ...ledger.state, ticked_at: now }
      startSlowLane()
      await save()
      const ran = ledger.ran
      ledger.ran = []
      return { city: city.name, ran, behind }
    },

    nextDue(now) {
      const boundary = (Math.floor((now - AFTER_SLOT) / SLOT_SECONDS) + 1) * SLOT_SECONDS + AFTER_SLOT
      const pauses = jobs.map((job) => jobStateOf(ledger.state, job.name).not_before ?? Infinity)
      const snapshot = city.feedTimes?.find((time) => time > now) ?? Infinity
      return Math.min(boundary, snapshot, ...pauses.filter((time) => time > now))
    },

    async idle() {
      await slow
    },

    late: (now) => lateWords(ledger.state, jobs, now),
    tickedAt: () => ledger.state.ticked_at,

    async close() {
      ending.abort(new OperatorError('CANCELLED', 'the scheduler ends'))
      await slow
      if (!begun) return
      await begun.runner.settled()
      await begun.save().catch(() => {})
      await begun.lease.release()
      begun = undefined
    },
  }
}

function isDone(state: SchedulerState, { job, at }: DueItem): boolean {
  const { last, ahead } = jobStateOf(state, job.name)
  return (last !== null && at <= last) || ahead.includes(at)
}

/** Saves one after another: both lanes do, and the last must win. */
function saver(write: () => Promise<void>): () => Promise<void> {
  let saving: Promise<void> = Promise.resolve()
  return () => (saving = saving.catch(() => {}).then(write))
}
