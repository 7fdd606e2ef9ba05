import { OperatorError } from '../../core/errors.ts'
import type { Job } from './job.ts'
import { JOB_TABLE } from './jobs/job-table.ts'

/** Some of the jobs, done by a process of their own, with a lease and a state of their own. */
export interface Part {
  readonly name: string
  /** By their names in the job table. */
  readonly jobs: readonly string[]
  /** When a process is started for it that does what is due and ends; null for one that stays. */
  readonly schedule: string | null
  /** What it does, in a sentence. */
  readonly what: string
}

/**
 * How the job table is shared out where each job has a role of its own. Every job belongs to one part. The schedules are
 * EventBridge Scheduler's expressions, UTC, and begin when the slot's snapshot is in.
 */
export const PARTS: readonly Part[] = [
  {
    name: 'ingest',
    jobs: ['ingest'],
    schedule: null,
    what: 'Asks the feed and the weather as often as they say.',
  },
  {
    name: 'batch',
    jobs: ['predict', 'quality', 'estimate', 'feed-age', 'drift', 'feed', 'alarms', 'metrics'],
    schedule: 'cron(0/10 * * * ? *)',
    what: 'Predicts, and judges what was predicted.',
  },
  {
    name: 'release',
    jobs: ['release', 'idle-staging'],
    schedule: 'cron(5/10 * * * ? *)',
    what: 'Goes on with a promotion or a rollback, and stops an idle staging.',
  },
  {
    name: 'daily',
    jobs: ['compact', 'features', 'clean', 'report'],
    schedule: 'cron(20 * * * ? *)',
    what: 'Closes days, builds features, removes what is past its time, writes reports.',
  },
  {
    name: 'retrain',
    jobs: ['retrain'],
    schedule: 'cron(30 0/6 * * ? *)',
    what: 'Trains once a week, on the day and at the hour of the settings.',
  },
]

/** A part that is started anew each time. */
export type ScheduledPart = Part & { readonly schedule: string }

/** In the order of the parts. */
export const SCHEDULED_PARTS: readonly ScheduledPart[] = PARTS.filter(
  (part): part is ScheduledPart => part.schedule !== null,
)

/** What starts a part on AWS: one schedule for all cities of the account. */
export const scheduleName = ({ name }: Pick<Part, 'name'>): string => `bikeshare-${name}`

/** The part of a name. USAGE for a name that is none. */
export function partOf(name: string): Part {
  const part = PARTS.find((candidate) => candidate.name === name)
  if (part) return part
  throw new OperatorError(
    'USAGE',
    `"${name}" is no part of the jobs`,
    `Use ${PARTS.map((candidate) => candidate.name).join(', ')}.`,
  )
}

/** Jobs of a part, in the order of the table. */
export const jobsOf = (part: Part): readonly Job[] => JOB_TABLE.filter(({ name }) => part.jobs.includes(name))
