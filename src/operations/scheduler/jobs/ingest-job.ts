import { ingestOnce } from '../../../data/lake/ingest.ts'
import type { JobResult, JobRun } from '../job.ts'

const SHORTEST_SECONDS = 60
const LONGEST_SECONDS = 120

/** The newest snapshot of the feed, with information and weather when they are due. The first one begins the lake. */
export async function ingestJob({ city, platform, now, report }: JobRun): Promise<JobResult> {
  const result = await ingestOnce(platform, { ...city.ingest, city: city.name, now, report })
  const { outcome, stations, quarantined, ttl } = result
  const aside = quarantined === 0 ? '' : `, ${quarantined} set aside`
  return {
    outcome: 'done',
    note: outcome === 'unchanged' ? 'unchanged' : `${outcome}, ${stations} stations${aside}`,
    // A replayed feed is asked whenever it has something new.
    ...(city.feedTimes === undefined && {
      nextIn: Math.min(Math.max(ttl, SHORTEST_SECONDS), LONGEST_SECONDS),
    }),
  }
}
