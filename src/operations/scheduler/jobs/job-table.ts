import { BATCH_SECONDS, DAY_SECONDS, HOUR_SECONDS, SLOT_SECONDS } from '../../../core/time.ts'
import type { Job } from '../job.ts'
import { alarmsJob, maintainJob } from './alarms-job.ts'
import { ingestJob } from './ingest-job.ts'
import { cleanJob, compactJob, featuresJob } from './lake-jobs.ts'
import { driftJob, estimateJob, feedAgeJob, feedHealthJob, qualityJob } from './monitoring-jobs.ts'
import { hasNoState, predictJob } from './predict-job.ts'
import { idleStagingJob, releaseJob } from './release-job.ts'
import { reportJob } from './report-job.ts'
import { retrainJob } from './retrain-job.ts'

/** A batch's jobs are due this many seconds after its slot, when the slot's snapshot is in. */
export const AFTER_SLOT = 5
/** Alarms look at periods that are over: their last minute's metrics are put within the minute after it. */
const AFTER_MINUTE = 65
/** A day's jobs are due this many seconds after it ended, when its last snapshots are in. */
const AFTER_DAY = 900
const MINUTES = 60
/** The newest does what those before it would have done. */
const NEWEST_DOES_ALL = { most: 0, coversMissed: true }
const TWO_DAYS = { most: 2 * DAY_SECONDS }
const ONLY_NEWEST = { most: 0 }

const eachBatch = { kind: 'every', every: BATCH_SECONDS, after: AFTER_SLOT } as const
const eachHour = { kind: 'every', every: HOUR_SECONDS, after: AFTER_SLOT } as const
const eachDay = { kind: 'every', every: DAY_SECONDS, after: AFTER_DAY } as const

/** Every job of a city, in the order in which those of the same nominal time are done. */
export const JOB_TABLE: readonly Job[] = [
  {
    name: 'ingest',
    lane: 'main',
    cadence: { kind: 'feed' },
    catchUp: ONLY_NEWEST,
    nowFirst: true,
    limit: 3 * MINUTES,
    backoff: 1 * MINUTES,
    run: ingestJob,
  },
  {
    name: 'predict',
    lane: 'main',
    cadence: eachBatch,
    catchUp: { most: 24 * HOUR_SECONDS },
    nowFirst: true,
    limit: 5 * MINUTES,
    backoff: 2 * MINUTES,
    isVoid: hasNoState,
    run: predictJob,
  },
  {
    name: 'quality',
    lane: 'main',
    cadence: eachBatch,
    catchUp: TWO_DAYS,
    limit: 5 * MINUTES,
    backoff: 10 * MINUTES,
    run: qualityJob,
  },
  {
    name: 'estimate',
    lane: 'main',
    cadence: eachBatch,
    catchUp: TWO_DAYS,
    limit: 5 * MINUTES,
    backoff: 10 * MINUTES,
    run: estimateJob,
  },
  {
    name: 'feed-age',
    lane: 'main',
    cadence: eachBatch,
    catchUp: TWO_DAYS,
    limit: 1 * MINUTES,
    backoff: 10 * MINUTES,
    run: feedAgeJob,
  },
  {
    name: 'drift',
    lane: 'main',
    cadence: eachHour,
    catchUp: TWO_DAYS,
    limit: 5 * MINUTES,
    backoff: 10 * MINUTES,
    run: driftJob,
  },
  {
    name: 'feed',
    lane: 'main',
    cadence: eachHour,
    catchUp: TWO_DAYS,
    limit: 5 * MINUTES,
    backoff: 10 * MINUTES,
    run: feedHealthJob,
  },
  {
    name: 'alarms',
    lane: 'main',
    cadence: { kind: 'every', every: SLOT_SECONDS, after: AFTER_MINUTE },
    catchUp: { most: 6 * HOUR_SECONDS, allOrNewest: true },
    limit: 5 * MINUTES,
    backoff: 5 * MINUTES,
    run: alarmsJob,
  },
  {
    name: 'release',
    lane: 'main',
    cadence: { kind: 'every', every: SLOT_SECONDS, after: AFTER_MINUTE },
    catchUp: NEWEST_DOES_ALL,
    limit: 5 * MINUTES,
    backoff: 1 * MINUTES,
    run: releaseJob,
  },
  {
    name: 'idle-staging',
    lane: 'main',
    cadence: eachHour,
    catchUp: NEWEST_DOES_ALL,
    limit: 5 * MINUTES,
    backoff: 60 * MINUTES,
    run: idleStagingJob,
  },
  {
    name: 'metrics',
    lane: 'main',
    cadence: eachHour,
    catchUp: NEWEST_DOES_ALL,
    limit: 10 * MINUTES,
    backoff: 30 * MINUTES,
    run: maintainJob,
  },
  {
    name: 'compact',
    lane: 'slow',
    cadence: eachDay,
    catchUp: NEWEST_DOES_ALL,
    limit: 60 * MINUTES,
    backoff: 60 * MINUTES,
    run: compactJob,
  },
  {
    name: 'features',
    lane: 'slow',
    cadence: eachDay,
    catchUp: NEWEST_DOES_ALL,
    limit: 120 * MINUTES,
    backoff: 60 * MINUTES,
    run: featuresJob,
  },
  {
    name: 'clean',
    lane: 'slow',
    cadence: eachDay,
    catchUp: NEWEST_DOES_ALL,
    limit: 60 * MINUTES,
    backoff: 60 * MINUTES,
    run: cleanJob,
  },
  {
    name: 'report',
    lane: 'slow',
    cadence: eachHour,
    catchUp: { most: 7 * DAY_SECONDS },
    limit: 30 * MINUTES,
    backoff: 60 * MINUTES,
    run: reportJob,
  },
  {
    name: 'retrain',
    lane: 'slow',
    cadence: { kind: 'weekly' },
    catchUp: ONLY_NEWEST,
    waitsFirst: true,
    limit: 6 * HOUR_SECONDS,
    backoff: 120 * MINUTES,
    run: retrainJob,
  },
]
