import type { Config } from '../../core/config/schema.ts'
import type { Reporter } from '../../core/report.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { LocalLeftovers } from '../../data/lake/leftovers.ts'
import type { IngestOptions } from '../../data/lake/ingest-options.ts'
import type { LakeInfo } from '../../data/lake/lake-info.ts'
import type { Platform } from '../../platform/ports.ts'
import type { Cadence } from './cadence.ts'
import type { CatchUpRule } from './catch-up.ts'

/** The settings that jobs go by. */
export type JobSettings = Pick<
  Config,
  | 'platform'
  | 'db'
  | 'aws'
  | 'cw_custom_ns'
  | 'sm_endpoint'
  | 'retention'
  | 'run'
  | 'train'
  | 'serve'
  | 'alarms'
  | 'release'
>

/** A city whose jobs are done. */
export interface ScheduledCity {
  readonly name: string
  readonly platform: Platform
  /** How its feed is had. */
  readonly ingest: Omit<IngestOptions, 'city' | 'now' | 'report'>
  readonly settings: JobSettings
  /** Of a replayed feed: when it changes, in order. A live one is asked as often as it says. */
  readonly feedTimes?: readonly EpochSeconds[]
  /** Folders of this machine where stopped runs leave files; only with a clock that is the machine's own. */
  readonly leftovers?: readonly LocalLeftovers[]
  /** The process's environment, for the commands that alarms start. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** What a job remembers between its runs in one process. Losing it costs time and nothing else. */
export class JobMemory {
  readonly #kept = new Map<string, unknown>()

  /** What is kept under a name; `make` makes it the first time. */
  keep<T>(name: string, make: () => T): T {
    if (!this.#kept.has(name)) this.#kept.set(name, make())
    return this.#kept.get(name) as T
  }

  forget(name: string): void {
    this.#kept.delete(name)
  }

  /** Keeps a value, and gives the one before. */
  swap<T>(name: string, value: T): T | undefined {
    const before = this.#kept.get(name) as T | undefined
    this.#kept.set(name, value)
    return before
  }
}

/** One run of a job. */
export interface JobRun {
  readonly city: ScheduledCity
  /** The city's platform; it refuses changes once the lease is lost. */
  readonly platform: Platform
  /** As of when. */
  readonly at: EpochSeconds
  readonly now: EpochSeconds
  readonly report: Reporter
  /** Aborted when the job has taken too long, or the scheduler ends; for what can be broken off. */
  readonly signal: AbortSignal
  readonly memory: JobMemory
}

/** A run of a job that needs the lake to be there. */
export interface LakeRun extends JobRun {
  readonly info: LakeInfo
}

/** How a run went. */
export interface JobResult {
  /** `refused` is done as well: what was tried is not wanted. `again` is not done yet, and has to be tried once more. */
  readonly outcome: 'done' | 'refused' | 'again'
  /** For people. */
  readonly note?: string
  /** Seconds until it is due again, of a `feed` cadence; until the next try, of `again`. */
  readonly nextIn?: number
}

/** A job of the table. */
export interface Job {
  readonly name: string
  /** The main lane goes in order and waits for nothing else; the slow one does one job at a time beside it. */
  readonly lane: 'main' | 'slow'
  readonly cadence: Cadence
  readonly catchUp: CatchUpRule
  /** Now goes before what was missed. */
  readonly nowFirst?: boolean
  /** On a lake without any run before, wait for the next time instead of doing the last. */
  readonly waitsFirst?: boolean
  /** Seconds. */
  readonly limit: number
  /** Longest pause after failures, in seconds. */
  readonly backoff: number
  /** True for a past nominal time that there is nothing to do for. */
  readonly isVoid?: (run: LakeRun) => Promise<boolean>
  readonly run: (run: LakeRun) => Promise<JobResult>
}

/** Seconds between the nominal times of a job; undefined where they are no grid. */
export const stepOf = ({ cadence }: Pick<Job, 'cadence'>): number | undefined =>
  cadence.kind === 'every' ? cadence.every : undefined
