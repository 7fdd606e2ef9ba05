import { HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { newestDue } from './cadence.ts'
import type { JobState } from './state.ts'

/** How far back missed nominal times are done; what is older is skipped, and said so. */
export interface CatchUpRule {
  /** Seconds before the newest that is due; 0 does only the newest. */
  readonly most: number
  /** When more was missed than `most`, only the newest is done. */
  readonly allOrNewest?: boolean
  /** The newest does the work of those that were missed as well: none counts as skipped. */
  readonly coversMissed?: boolean
}

/** What a job has to do, oldest first, and what it will not. */
export interface MissedWork {
  readonly due: readonly EpochSeconds[]
  /** Everything up to here is done or will not be done any more. */
  readonly passed: EpochSeconds | null
  readonly skipped: { readonly from: EpochSeconds; readonly to: EpochSeconds; readonly count: number } | null
}

/** The nominal times of an `every` cadence that a job has before it at `now`. The first time ever it is the newest alone. */
export function missedWork(
  cadence: { readonly every: number; readonly after: number },
  rule: CatchUpRule,
  job: Pick<JobState, 'last' | 'ahead'>,
  now: EpochSeconds,
): MissedWork {
  const { every } = cadence
  const newest = newestDue(cadence, now)
  if (job.last === null) return { due: [newest], passed: null, skipped: null }
  if (newest <= job.last) return { due: [], passed: job.last, skipped: null }
  const ahead = new Set(job.ahead)
  const reach = Math.ceil((newest - rule.most) / every) * every
  const tooMuch = rule.allOrNewest === true && job.last + every < reach
  const from = tooMuch ? newest : Math.max(job.last + every, reach)
  const due: EpochSeconds[] = []
  for (let at = from; at <= newest; at += every) if (!ahead.has(at)) due.push(at)
  const lost: EpochSeconds[] = []
  for (let at = job.last + every; at < from; at += every) if (!ahead.has(at)) lost.push(at)
  const [first, end] = [lost[0], lost.at(-1)]
  const passed = from - every
  if (rule.coversMissed === true || first === undefined || end === undefined)
    return { due, passed, skipped: null }
  return { due, passed, skipped: { from: first, to: end, count: lost.length } }
}

/** The bound of a rule in words. */
export function boundText({ most, allOrNewest }: CatchUpRule): string {
  if (most === 0) return 'only the newest is done'
  const hours = `${most / HOUR_SECONDS} h`
  return allOrNewest === true ? `more than ${hours} were missed` : `more than ${hours} ago`
}
