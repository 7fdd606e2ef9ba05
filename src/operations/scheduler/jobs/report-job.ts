import { HOUR_SECONDS } from '../../../core/time.ts'
import { localClock } from '../../../data/features/local-clock.ts'
import { writeDailyReport } from '../../reports/write-daily-report.ts'
import type { JobResult, LakeRun } from '../job.ts'

/** The report of the city's own day, an hour after it ended; the other hours have none. */
export async function reportJob({ city, platform, info, at, now }: LakeRun): Promise<JobResult> {
  const dateAt = localClock(info.timezone)
  const ds = dateAt(at - 2 * HOUR_SECONDS).date
  if (ds === dateAt(at - HOUR_SECONDS).date) return { outcome: 'done' }
  const { timezone } = info
  const namespace = city.settings.cw_custom_ns
  await writeDailyReport(platform, { city: city.name, ds, timezone, now, namespace })
  return { outcome: 'done', note: ds }
}
