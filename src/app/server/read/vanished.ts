import { loadSql } from '../../../core/sql.ts'
import { dsOf, STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { cacheOf, kept } from './read-cache.ts'
import { lakeDays, newestSnapshotTime } from './snapshot-times.ts'

const LAST_SEEN_SQL = loadSql(import.meta.url, './last-seen.sql')
/** Days that one statement looks at. */
const DAYS_AT_ONCE = 7

/** When a station was last in a snapshot, if that is over 15 minutes before `at`; null for one that is there, or never was. */
export async function vanishedSince(
  source: CitySource,
  stationId: string,
  at: EpochSeconds,
): Promise<EpochSeconds | null> {
  const newest = await newestSnapshotTime(source, at)
  const seen = await kept(cacheOf(source).lists, `seen/${stationId}/${newest ?? 'never'}`, '', () =>
    lastSeen(source, stationId, newest),
  )
  return seen === null || at - seen <= STATE_MAX_AGE_SECONDS ? null : seen
}

async function lastSeen(
  source: CitySource,
  station_id: string,
  at: EpochSeconds | undefined,
): Promise<EpochSeconds | null> {
  if (at === undefined) return null
  const { platform, info } = source
  const days = (await lakeDays(source)).filter((ds) => ds <= dsOf(at))
  for (let end = days.length; end > 0; end -= DAYS_AT_ONCE) {
    const [dsFrom, dsTo] = [days[Math.max(0, end - DAYS_AT_ONCE)], days[end - 1]]
    if (dsFrom === undefined || dsTo === undefined) return null
    const [row] = await platform.warehouse.rows<{ last_updated: EpochSeconds | null }>({
      name: 'last-seen',
      sql: LAST_SEEN_SQL,
      tables: { status: { dataset: 'station_status', city: info.city, dsFrom, dsTo } },
      params: { station_id, at },
    })
    if (row && row.last_updated !== null) return row.last_updated
  }
  return null
}
