import { dayKey, partitionPrefix } from '../../../core/keys.ts'
import { loadSql } from '../../../core/sql.ts'
import {
  DAY_SECONDS,
  dsOf,
  dtOf,
  HOUR_SECONDS,
  parseDs,
  parseDt,
  type EpochSeconds,
} from '../../../core/time.ts'
import { statusDays } from '../../../data/lake/days.ts'
import type { CitySource } from '../city-source.ts'
import { lastUpTo, listed, tokenOf } from './listing.ts'
import { cacheOf, kept } from './read-cache.ts'

const TIMES_SQL = loadSql(import.meta.url, './snapshot-times.sql')

/** The snapshots of one UTC day. */
export interface DayTimes {
  /** Tag of the day's compacted file; null while the day is open. */
  readonly closed: string | null
  /** Ascending. */
  readonly times: readonly EpochSeconds[]
}

/**
 * The snapshots of the UTC day `ds`. Of an open day the hours around `near` are looked at anew; the others when one of these
 * changed, or another hour is asked for.
 */
export async function dayTimes(source: CitySource, ds: string, near: EpochSeconds): Promise<DayTimes> {
  const { store } = source.platform
  const { city } = source.info
  const day = parseDs(ds)
  const hour = Math.floor(Math.min(Math.max(near, day), day + DAY_SECONDS - 1) / HOUR_SECONDS) * HOUR_SECONDS
  const prefix = partitionPrefix('station_status_live', city, ds)
  // Live files before the day's: a compaction writes that before it removes those.
  const around = (
    await Promise.all(
      [hour, hour - HOUR_SECONDS].map((h) => listed(store, `${prefix}${dtOf(h).slice(0, 13)}`)),
    )
  ).flat()
  const [file] = await listed(store, dayKey('station_status', city, ds))
  const { lists } = cacheOf(source)
  if (file)
    return kept(lists, `times/${ds}`, file.etag, async () => ({
      closed: file.etag,
      times: await timesByQuery(source, ds),
    }))
  return kept(lists, `live/${ds}/${hour}`, tokenOf(around), async () => ({
    closed: null,
    times: (await listed(store, prefix))
      .flatMap(({ key }) => parseDt(key.slice(prefix.length, -'.parquet'.length)) ?? [])
      .sort((a, b) => a - b),
  }))
}

async function timesByQuery({ platform, info }: CitySource, ds: string): Promise<EpochSeconds[]> {
  const from = parseDs(ds)
  const rows = await platform.warehouse.rows<{ last_updated: EpochSeconds }>({
    name: 'snapshot-times',
    sql: TIMES_SQL,
    tables: { status: { dataset: 'station_status', city: info.city, dsFrom: ds, dsTo: ds } },
    params: { from, until: from + DAY_SECONDS },
  })
  return rows.map(({ last_updated }) => last_updated)
}

/** The newest snapshot at or before `at`, however old; undefined without one. */
export async function newestSnapshotTime(
  source: CitySource,
  at: EpochSeconds,
): Promise<EpochSeconds | undefined> {
  for (const day of [at, at - DAY_SECONDS]) {
    const found = lastUpTo((await dayTimes(source, dsOf(day), at)).times, at)
    if (found !== undefined) return found
  }
  for (const ds of (await lakeDays(source)).toReversed()) {
    if (parseDs(ds) > at) continue
    const found = lastUpTo((await dayTimes(source, ds, at)).times, at)
    if (found !== undefined) return found
  }
  return undefined
}

/** Every UTC day that has status, in order. */
export const lakeDays = ({ platform, info }: CitySource): Promise<string[]> =>
  statusDays(platform.store, info.city)
