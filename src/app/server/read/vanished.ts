import { loadSql } from '../../../core/sql.ts'
import { dsOf, STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { cacheOf, kept } from './read-cache.ts'
import { dayTimes, lakeDays, newestSnapshotTime } from './snapshot-times.ts'

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
  if (newest === undefined) return null
  const today = dsOf(newest)
  const days = await lakeDays(source)
  const seen =
    (await seenOn(source, stationId, newest)) ??
    // Moments of a day share what the days before it say.
    (await kept(cacheOf(source).lists, `seen/${stationId}/before/${today}`, days.join(), () =>
      lastSeen(source, stationId, { days: days.filter((ds) => ds < today), until: newest }),
    ))
  return seen === null || at - seen <= STATE_MAX_AGE_SECONDS ? null : seen
}

/** When a station was last in a snapshot of one day up to `at`, and of how many snapshots that is known. */
interface Seen {
  readonly at: EpochSeconds
  readonly closed: string | null
  readonly snapshots: number
  readonly seen: EpochSeconds | null
}

/** The newest snapshot of the day of `newest`, until then, that has a station. Of an open day only what is new is read. */
async function seenOn(
  source: CitySource,
  stationId: string,
  newest: EpochSeconds,
): Promise<EpochSeconds | null> {
  const ds = dsOf(newest)
  const { lists } = cacheOf(source)
  const key = `seen/${stationId}/on/${ds}`
  const { closed, times } = await dayTimes(source, ds, newest)
  const upTo = (at: EpochSeconds): number => times.filter((time) => time <= at).length
  const last = lists.peek(key) as Seen | undefined
  const known = last?.closed === closed && last.snapshots === upTo(last.at) ? last : undefined
  if (known && newest <= known.at && (known.seen === null || known.seen <= newest)) return known.seen
  const isLater = known !== undefined && newest > known.at
  const since = isLater ? { since: known.at + 1 } : {}
  const found = await lastSeen(source, stationId, { days: [ds], ...since, until: newest })
  const seen = found ?? (isLater ? known.seen : null)
  if (!known || isLater) {
    const now: Seen = { at: newest, closed, snapshots: upTo(newest), seen }
    lists.keep(key, '', now)
  }
  return seen
}

/** The newest snapshot of some days, until `at`, that has a station. */
async function lastSeen(
  { platform, info }: CitySource,
  station_id: string,
  o: {
    readonly days: readonly string[]
    /** Nothing before is of interest. */
    readonly since?: EpochSeconds
    readonly until: EpochSeconds
  },
): Promise<EpochSeconds | null> {
  const { days, since = 0, until } = o
  for (let end = days.length; end > 0; end -= DAYS_AT_ONCE) {
    const [dsFrom, dsTo] = [days[Math.max(0, end - DAYS_AT_ONCE)], days[end - 1]]
    if (dsFrom === undefined || dsTo === undefined) return null
    const [row] = await platform.warehouse.rows<{ last_updated: EpochSeconds | null }>({
      name: 'last-seen',
      sql: LAST_SEEN_SQL,
      tables: { status: { dataset: 'station_status', city: info.city, dsFrom, dsTo, since, until } },
      params: { station_id, at: until },
    })
    if (row && row.last_updated !== null) return row.last_updated
  }
  return null
}
