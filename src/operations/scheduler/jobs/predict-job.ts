import { BATCH_SECONDS, STATE_MAX_AGE_SECONDS } from '../../../core/time.ts'
import { snapshotTimes } from '../../../data/lake/gaps.ts'
import { predictBatch } from '../../../model/prediction/predict-batch.ts'
import type { JobResult, LakeRun } from '../job.ts'

/** A batch that is not whole is tried again after this many seconds, as long as it is in time. */
const AGAIN_SECONDS = 120

/** One batch by every endpoint of the city. A past one is marked as made after the fact. */
export async function predictJob(run: LakeRun): Promise<JobResult> {
  const { platform, info, at, now, report, city } = run
  const results = await predictBatch(platform, {
    city: city.name,
    timezone: info.timezone,
    country: info.country,
    slot: at,
    now,
    namespace: city.settings.cw_custom_ns,
    report,
  })
  const predictions = results.reduce((sum, result) => sum + result.predictions, 0)
  const note = results.length === 0 ? 'no endpoint' : `${predictions} predictions`
  const isOpen = results.some(({ outcome }) => outcome === 'pending') && now < at + BATCH_SECONDS
  return isOpen ? { outcome: 'again', note, nextIn: AGAIN_SECONDS } : { outcome: 'done', note }
}

/** True for a slot whose state the lake does not have: nothing can be said about it any more. */
export async function hasNoState({ platform, city, at }: LakeRun): Promise<boolean> {
  const span = { city: city.name, from: at - STATE_MAX_AGE_SECONDS, to: at }
  return (await snapshotTimes(platform, span)).length === 0
}
