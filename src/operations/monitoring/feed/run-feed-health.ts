import {
  DAY_SECONDS,
  dsOf,
  HOUR_SECONDS,
  SLOT_SECONDS,
  STATE_MAX_AGE_SECONDS,
  type EpochSeconds,
} from '../../../core/time.ts'
import { loadSql } from '../../../core/sql.ts'
import { gaps, snapshotTimes } from '../../../data/lake/gaps.ts'
import { requireLake } from '../../../data/lake/lake-info.ts'
import type { Platform } from '../../../platform/ports.ts'
import { isRecent } from '../drift/drift-metrics.ts'
import { weekHours } from '../drift/week-hour.ts'
import { readActivity } from './activity-store.ts'
import { ingestAttempts } from './attempts.ts'
import { writeFeed, type FeedRecord } from './feed-file.ts'
import { putFeedMetric } from './feed-metrics.ts'
import { fetchedWithin } from './fetched-hour.ts'
import { frozenStations } from './frozen.ts'
import { gapCause } from './gap-cause.ts'
import { refusedWithin } from './refused-documents.ts'

const STATIONS_SQL = loadSql(import.meta.url, './stations-now.sql')

/** A station that has not reported for this long is silent. */
const SILENT_SECONDS = DAY_SECONDS
/** A habit is told from this many days, and not from fewer than three. */
const HABIT_SECONDS = 14 * DAY_SECONDS
const LEAST_HABIT_SECONDS = 3 * DAY_SECONDS

export type FeedPlatform = Pick<Platform, 'store' | 'warehouse' | 'metrics'>

export interface FeedOptions {
  readonly city: string
  /** A whole hour (of `putFeedAge`, a batch): the result is as of then. */
  readonly at: EpochSeconds
  readonly now: EpochSeconds
  readonly namespace: string
  /** Puts metrics, at `at`; without it only the record is written. */
  readonly live: boolean
}

/** Looks at the feed, writes the record, and puts FrozenStations for every endpoint of the city. Run again it changes nothing. */
export async function runFeedHealth(platform: FeedPlatform, options: FeedOptions): Promise<FeedRecord> {
  const record = await judgeFeed(platform, options)
  await writeFeed(platform.store, record)
  if (options.live && isRecent(options) && record.frozen)
    await putFeedMetric(platform, options, 'FrozenStations', record.frozen.share)
  return record
}

/**
 * Looks at the feed over the 24 hours before and with `at`: freshness, coverage, gaps and whose they are, what was refused and
 * set aside, how soon snapshots were in, silent and frozen stations. What cannot be told is null.
 */
export async function judgeFeed(
  platform: FeedPlatform,
  options: Pick<FeedOptions, 'city' | 'at' | 'namespace'>,
): Promise<FeedRecord> {
  const { store, warehouse, metrics } = platform
  const { city, at, namespace } = options
  const from = at - DAY_SECONDS
  const times = await snapshotTimes(platform, { city, from: from - STATE_MAX_AGE_SECONDS, to: at })
  const newest = times.at(-1) ?? null
  const found = await gaps(platform, { city, from, to: at })
  const attempts = found.length === 0 ? null : await ingestAttempts(metrics, namespace, city, from, at)
  const refused = await refusedWithin(store, city, from, at)
  const fetched = await fetchedWithin(store, city, at)
  const stations = await warehouse.rows<StationNow>({
    name: 'stations-now',
    sql: STATIONS_SQL,
    tables: {
      status: {
        dataset: 'station_status',
        city,
        dsFrom: dsOf(from),
        dsTo: dsOf(at),
        since: newest ?? at,
        until: at,
      },
    },
    params: { at },
  })
  const frozen = await frozenOf(platform, city, at)
  return {
    feed_version: 1,
    city,
    from,
    at,
    newest,
    age_seconds: newest === null ? null : at - newest,
    snapshots: times.filter((time) => time > from).length,
    coverage: coverageOf(times, from, at),
    stations: newest === null ? null : stations.length,
    gaps: found.map((gap) => ({
      ...gap,
      cause: gapCause(gap, attempts, refused.filter((one) => one.at > gap.from && one.at < gap.to).length),
    })),
    refused: countBy(refused.map(({ reason }) => reason)),
    quarantined: fetched && fetched.quarantined,
    ingest: fetched && {
      snapshots: fetched.snapshots,
      in_time: fetched.in_time,
      share: fetched.in_time / fetched.snapshots,
    },
    silent: newest === null ? null : silentOf(stations),
    frozen,
  }
}

/** Puts FeedAge, the age of the newest snapshot at a batch, for every endpoint of the city; nothing when a week has none. */
export async function putFeedAge(platform: FeedPlatform, options: FeedOptions): Promise<number | null> {
  const { city, at } = options
  for (const reach of [HOUR_SECONDS, 7 * DAY_SECONDS]) {
    const newest = (await snapshotTimes(platform, { city, from: at - reach, to: at })).at(-1)
    if (newest === undefined) continue
    if (options.live && isRecent(options)) await putFeedMetric(platform, options, 'FeedAge', at - newest)
    return at - newest
  }
  return null
}

interface StationNow {
  readonly station_id: string
  readonly last_updated: EpochSeconds
  readonly last_reported: EpochSeconds
  readonly is_installed: boolean
}

function silentOf(stations: readonly StationNow[]): { station_id: string; last_reported: EpochSeconds }[] {
  return stations
    .filter(
      (station) => station.is_installed && station.last_updated - station.last_reported > SILENT_SECONDS,
    )
    .map(({ station_id, last_reported }) => ({ station_id, last_reported }))
}

async function frozenOf(
  platform: FeedPlatform,
  city: string,
  at: EpochSeconds,
): Promise<FeedRecord['frozen']> {
  const from = at - DAY_SECONDS
  const activity = await readActivity(platform, city, from - HABIT_SECONDS, at)
  const first = Math.min(...[...activity.values()].map((hours) => Math.min(...hours.keys())))
  if (!(from - first >= LEAST_HABIT_SECONDS)) return null
  const { timezone } = await requireLake(platform.store, city)
  const weekHour = weekHours(timezone)
  const { judged, frozen, share } = frozenStations(activity, from, (hour) => {
    const ofWeek = weekHour(hour)
    return { hour: ofWeek % 24, weekend: ofWeek >= 5 * 24 }
  })
  return share === null ? null : { judged, share, stations: [...frozen] }
}

function coverageOf(times: readonly EpochSeconds[], from: EpochSeconds, at: EpochSeconds): number {
  let [known, slots, next] = [0, 0, 0]
  for (
    let slot = Math.floor(from / SLOT_SECONDS + 1) * SLOT_SECONDS;
    slot <= at;
    slot += SLOT_SECONDS, slots++
  ) {
    while ((times[next] ?? Infinity) <= slot) next++
    const newest = times[next - 1]
    if (newest !== undefined && slot - newest <= STATE_MAX_AGE_SECONDS) known++
  }
  return known / slots
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
