import type { EpochSeconds } from '../../core/time.ts'
import { newestWeekly } from './cadence.ts'
import { boundText, missedWork } from './catch-up.ts'
import type { Job, ScheduledCity } from './job.ts'
import { withJob } from './outcome.ts'
import { jobStateOf, noteSkipped, type SchedulerState } from './state.ts'

/** A job and a nominal time of it that is due. */
export interface DueItem {
  readonly job: Job
  readonly at: EpochSeconds
}

/**
 * What a lane has to do at `now`, the oldest nominal time first and jobs of the same one in the table's order; and the
 * state, in which what will not be done any more is noted.
 */
export function dueWork(
  jobs: readonly Job[],
  before: SchedulerState,
  o: {
    readonly city: Pick<ScheduledCity, 'feedTimes' | 'settings'>
    readonly timezone: string | undefined
    readonly lane: Job['lane']
    readonly now: EpochSeconds
  },
): { readonly items: DueItem[]; readonly state: SchedulerState } {
  let state = before
  const items: DueItem[] = []
  for (const job of jobs) {
    if (job.lane !== o.lane) continue
    const { now } = o
    const standing = jobStateOf(state, job.name)
    switch (job.cadence.kind) {
      case 'feed':
        if (isFeedDue(standing.last, o.city.feedTimes, now)) items.push({ job, at: now })
        break
      case 'weekly': {
        if (o.timezone === undefined) break
        const { retrain_weekday: weekday, retrain_hour: hour } = o.city.settings.run
        const newest = newestWeekly({ timezone: o.timezone, weekday, hour }, now)
        if (standing.last === null && job.waitsFirst)
          state = withJob(state, job, { ...standing, last: newest })
        else if (standing.last === null || newest > standing.last) items.push({ job, at: newest })
        break
      }
      case 'every': {
        const { due, passed, skipped } = missedWork(job.cadence, job.catchUp, standing, now)
        for (const at of due) items.push({ job, at })
        const why = boundText(job.catchUp)
        if (skipped)
          state = noteSkipped(state, { job: job.name, ...skipped, why, noticed_at: now }, job.cadence.every)
        if (passed !== null && passed !== standing.last)
          state = withJob(state, job, {
            ...standing,
            last: passed,
            ahead: standing.ahead.filter((at) => at > passed),
          })
      }
    }
  }
  const order = new Map(jobs.map((job, i) => [job, i]))
  items.sort((a, b) => a.at - b.at || (order.get(a.job) ?? 0) - (order.get(b.job) ?? 0))
  return { items, state }
}

/** A replayed feed is due at its snapshots; when a live one is due, its own pause says. */
function isFeedDue(
  last: EpochSeconds | null,
  feedTimes: readonly EpochSeconds[] | undefined,
  now: EpochSeconds,
): boolean {
  if (feedTimes === undefined || last === null) return true
  return feedTimes.some((time) => time > last && time <= now)
}
