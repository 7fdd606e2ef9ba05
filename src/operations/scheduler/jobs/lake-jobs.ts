import { DAY_SECONDS } from '../../../core/time.ts'
import { buildFeatures } from '../../../data/features/build.ts'
import { cleanLake } from '../../../data/lake/clean.ts'
import { compactDays } from '../../../data/lake/compact.ts'
import type { JobResult, LakeRun } from '../job.ts'

/** The days that ended by the nominal time, each into one file. */
export async function compactJob({ platform, city, at, report }: LakeRun): Promise<JobResult> {
  const days = await compactDays(platform, { city: city.name, before: at, report })
  return { outcome: 'done', note: days.length === 0 ? 'nothing to do' : days.map(({ ds }) => ds).join(', ') }
}

/** The feature rows of the days that ended, and of what changed in the two days before. */
export async function featuresJob(run: LakeRun): Promise<JobResult> {
  const { platform, city, info, at, report, signal } = run
  const { days } = await buildFeatures(platform, {
    city: city.name,
    timezone: info.timezone,
    country: info.country,
    // The last half hour of a day has its outcome in the next; late snapshots may come a day later.
    ...(run.memory.swap('features built', true) === undefined ? {} : { from: at - 3 * DAY_SECONDS }),
    to: at - 1,
    report,
    signal,
  })
  return { outcome: 'done', note: `${days.filter(({ built }) => built).length} days built` }
}

/** Removes what retention no longer keeps. */
export async function cleanJob({ platform, city, now }: LakeRun): Promise<JobResult> {
  const { removed } = await cleanLake(platform, {
    city: city.name,
    now,
    retention: city.settings.retention,
    dryRun: false,
    ...(city.leftovers && { local: { folders: city.leftovers, wallNow: now } }),
  })
  return { outcome: 'done', note: `${removed.length} files removed` }
}
