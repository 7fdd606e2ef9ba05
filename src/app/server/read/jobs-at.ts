import type { SystemHealth } from '../../../core/contracts/api/system.ts'
import { isoOf, type EpochSeconds } from '../../../core/time.ts'
import { JOB_TABLE } from '../../../operations/scheduler/jobs/job-table.ts'
import type { Job } from '../../../operations/scheduler/job.ts'
import { lateWords } from '../../../operations/scheduler/lateness.ts'
import { jobStateOf, readState } from '../../../operations/scheduler/state.ts'
import type { CitySource } from '../city-source.ts'
import { schedulerStatus, schedulerText } from '../../status/scheduler-status.ts'

type Jobs = Pick<SystemHealth, 'jobs' | 'scheduler'> & {
  /** What is late or failing, in words. */
  readonly late: readonly string[]
}

/**
 * How the scheduler's jobs stand. It keeps what each did last, so that of a past moment nothing is told; nor by a virtual
 * clock is anything late: that stands still, and its jobs with it.
 */
export async function jobsAt(source: CitySource, at: EpochSeconds): Promise<Jobs> {
  const now = source.now()
  if (at < now) return { jobs: [], scheduler: 'not recorded: only how it stands now is', late: [] }
  const { store } = source.platform
  const state = await readState(store)
  // A virtual clock is not the one by which a lease ends.
  const status = await schedulerStatus(store, { now, wall: source.virtual ? Infinity : now })
  if (!state || state.ticked_at === null) return { jobs: [], scheduler: schedulerText(status, now), late: [] }
  const scheduler = source.virtual
    ? `the lake's clock stands still; the last was at work until ${isoOf(state.ticked_at)}`
    : schedulerText(status, now)
  const jobs = JOB_TABLE.map((job) => {
    const { last, outcome, error, failures } = jobStateOf(state, job.name)
    return {
      name: job.name,
      last_at: last,
      last_ok: outcome === null ? null : outcome === 'done' || outcome === 'refused',
      next_at: last === null ? null : nextOf(job, last),
      late:
        !source.virtual &&
        lateWords({ ...state, jobs: { [job.name]: jobStateOf(state, job.name) } }, [job], now).some((line) =>
          line.startsWith(`${job.name} is `),
        ),
      error: failures > 0 ? error : null,
    }
  })
  return { jobs, scheduler, late: source.virtual ? [] : status.late }
}

function nextOf({ cadence }: Job, last: EpochSeconds): EpochSeconds | null {
  return cadence.kind === 'every' ? last + cadence.every + cadence.after : null
}
