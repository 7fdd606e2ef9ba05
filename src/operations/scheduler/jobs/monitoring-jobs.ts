import type { EpochSeconds } from '../../../core/time.ts'
import { runDrift } from '../../monitoring/drift/run-drift.ts'
import { runEstimate } from '../../monitoring/estimate/run-estimate.ts'
import { putFeedAge, runFeedHealth } from '../../monitoring/feed/run-feed-health.ts'
import type { EndpointView } from '../../monitoring/quality/endpoint-windows.ts'
import { runQuality } from '../../monitoring/quality/run-quality.ts'
import { openQualityWindow } from '../../monitoring/quality/window.ts'
import type { JobResult, LakeRun } from '../job.ts'

const WINDOW = 'quality window'

/** What quality saw last: the estimates of the same batch begin with it. */
const VIEWS = 'quality views'
interface JudgedViews {
  readonly at: EpochSeconds
  readonly views: readonly EndpointView[]
}

/** Quality of the 24 hours that end at a batch. */
export async function qualityJob(run: LakeRun): Promise<JobResult> {
  const window = run.memory.keep(WINDOW, openQualityWindow)
  try {
    const { endpoints, views } = await runQuality(run.platform, { ...common(run), window })
    run.memory.swap(VIEWS, { at: run.at, views })
    return { outcome: 'done', note: countText(endpoints.length, 'endpoint') }
  } catch (error) {
    // It may be half way to this batch: the next run begins with a new one.
    run.memory.forget(WINDOW)
    run.memory.forget(VIEWS)
    throw error
  }
}

/** Estimates of the batches that have no outcome yet; from the window of quality when that is at the same batch. */
export async function estimateJob(run: LakeRun): Promise<JobResult> {
  const judged = run.memory.keep<JudgedViews | undefined>(VIEWS, () => undefined)
  const views = judged?.at === run.at ? { views: judged.views } : {}
  const estimates = await runEstimate(run.platform, { ...common(run), ...views })
  return { outcome: 'done', note: countText(estimates.length, 'endpoint') }
}

/** Drift, skew and weather of the 24 hours that end at an hour. */
export async function driftJob(run: LakeRun): Promise<JobResult> {
  const records = await runDrift(run.platform, { ...common(run), country: run.info.country })
  return { outcome: 'done', note: countText(records.length, 'endpoint') }
}

/** Age of the newest snapshot at a batch. */
export async function feedAgeJob(run: LakeRun): Promise<JobResult> {
  const age = await putFeedAge(run.platform, common(run))
  return { outcome: 'done', ...(age !== null && age > LATE_FEED_SECONDS && { note: `${age} s` }) }
}

/** Health of the feed over the 24 hours that end at an hour. */
export async function feedHealthJob(run: LakeRun): Promise<JobResult> {
  await runFeedHealth(run.platform, common(run))
  return { outcome: 'done' }
}

/** A feed of this age is worth a word in the log. */
const LATE_FEED_SECONDS = 900

function common({ city, info, at, now }: LakeRun) {
  const namespace = city.settings.cw_custom_ns
  return { city: city.name, timezone: info.timezone, at, now, namespace, live: true } as const
}

const countText = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
