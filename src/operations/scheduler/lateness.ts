import { isoOf, type EpochSeconds } from '../../core/time.ts'
import type { Job } from './job.ts'
import { jobStateOf, type JobState, type SchedulerState } from './state.ts'

/** A feed may be asked this many seconds after it was last had. */
const FEED_PAUSE_SECONDS = 120

/** What is late or failing at `now`, one line each; nothing before the first tick. */
export function lateWords(state: SchedulerState, jobs: readonly Job[], now: EpochSeconds): string[] {
  if (state.ticked_at === null) return []
  const lines: string[] = []
  for (const job of jobs) {
    const standing = jobStateOf(state, job.name)
    const why = reasonOf(standing)
    const since = lateSince(job, standing)
    if (since !== null && now - since > job.limit)
      lines.push(`${job.name} is ${minutes(now - since)} late${why === null ? '' : `: ${why}`}`)
    else if (why !== null) lines.push(`${job.name}: ${why}`)
  }
  return lines
}

/** When the job should have been done next; null when that is not known. */
function lateSince(job: Job, { last, ended_at }: JobState): EpochSeconds | null {
  if (last === null) return null
  if (job.cadence.kind === 'every') return last + job.cadence.every + job.cadence.after
  return job.cadence.kind === 'feed' && ended_at !== null ? ended_at + FEED_PAUSE_SECONDS : null
}

function reasonOf({ failures, error, outcome, at }: JobState): string | null {
  if (failures === 0 || error === null || at === null) return null
  const first = error.split('\n')[0] ?? ''
  if (outcome === 'late') return `its run as of ${isoOf(at)} is late: ${first}`
  return `failed ${failures === 1 ? 'once' : `${failures} times in a row`}, last as of ${isoOf(at)}: ${first}`
}

function minutes(seconds: number): string {
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
