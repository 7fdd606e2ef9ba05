import type { CompositeAlarm, MetricAlarm } from '../../core/contracts/cloudwatch.ts'
import { BATCH_SECONDS, DAY_SECONDS } from '../../core/time.ts'
import type { DatasetSize } from './lake-size.ts'

/** What the system does in a month, from which every line follows. */
export interface Usage {
  readonly datasets: readonly DatasetSize[]
  /** Endpoints of the city, staging too, and the instances behind their variants. */
  readonly endpoints: readonly EndpointUsage[]
  /** Series of our own namespace. */
  readonly metrics: number
  readonly alarms: readonly (MetricAlarm | CompositeAlarm)[]
  /** Snapshots of the feed that come in a day; null when no whole day is there. */
  readonly snapshots_per_day: number | null
  /** Models that are trained in a month. */
  readonly trainings: number
  /** Times an alarm was sent in the last 30 days; null when no history is there. */
  readonly notifications: number | null
}

/** One endpoint and what serves it. */
export interface EndpointUsage {
  readonly endpoint: string
  readonly stage: 'staging' | 'prod' | 'other'
  readonly instances: readonly { readonly type: string; readonly count: number; readonly variant: string }[]
}

/** Batches of a day. */
export const BATCHES_PER_DAY = DAY_SECONDS / BATCH_SECONDS
/** Times the feed is asked a day: once a minute. */
export const POLLS_PER_DAY = 1440
/** Weeks of an average month of 730 hours. */
export const WEEKS_PER_MONTH = 730 / 168
/** What Athena bills for a query at least, bytes. */
export const ATHENA_MIN_BYTES = 10e6

/** A job's query over the lake. */
export interface Scan {
  readonly job: string
  readonly runs_per_month: number
  readonly bytes_per_run: number
}

/** What the jobs scan with Athena, by their schedule; a query bills 10 MB at least. */
export function scans(usage: Usage, monthDays: number): Scan[] {
  const perDay = (dataset: string): number =>
    usage.datasets.find((size) => size.dataset === dataset)?.bytes_per_day ?? 0
  const total = (dataset: string): number =>
    usage.datasets.find((size) => size.dataset === dataset)?.bytes ?? 0
  const status = perDay('curated/station_status') || perDay('curated/station_status_live')
  const small = perDay('curated/weather_hourly') + perDay('curated/calendar') + perDay('curated/stations')
  const scan = (job: string, runsPerDay: number, bytes: number): Scan => ({
    job,
    runs_per_month: runsPerDay * monthDays,
    bytes_per_run: Math.max(ATHENA_MIN_BYTES, bytes),
  })
  return [
    // A partition is a day: the window of 75 minutes reads the day it lies in.
    scan('online features', BATCHES_PER_DAY, status + small),
    scan('quality', BATCHES_PER_DAY, 2 * status + 2 * perDay('inference')),
    scan('features of a day', 1, 2 * status + small),
    scan('daily report', 1, 2 * status + 2 * perDay('inference')),
    scan('training rows', usage.trainings / monthDays, total('features')),
  ]
}
