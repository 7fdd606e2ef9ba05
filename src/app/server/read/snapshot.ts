import type { StationCondition } from '../../../core/contracts/api/city.ts'
import type { StationStatus } from '../../../core/contracts/station.ts'
import { loadSql } from '../../../core/sql.ts'
import { dsOf, STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { cacheOf, kept } from './read-cache.ts'
import { dayTimes, newestSnapshotTime } from './snapshot-times.ts'

const SNAPSHOT_SQL = loadSql(import.meta.url, './snapshot.sql')

/** One snapshot of a city, by station. */
export interface Snapshot {
  readonly at: EpochSeconds
  readonly stations: ReadonlyMap<string, StationStatus>
}

/** The newest snapshot at or before `at` that tells the state at `at`; undefined when it would be over 15 minutes old. */
export async function stateSnapshot(source: CitySource, at: EpochSeconds): Promise<Snapshot | undefined> {
  const newest = await newestSnapshotTime(source, at)
  return newest === undefined || at - newest > STATE_MAX_AGE_SECONDS ? undefined : snapshotOf(source, newest)
}

/** The snapshot with `last_updated` = `at`. */
export async function snapshotOf(source: CitySource, at: EpochSeconds): Promise<Snapshot> {
  const { closed } = await dayTimes(source, dsOf(at), at)
  // What was received first for a time stays, so that an open day needs no tag.
  return kept(cacheOf(source).snapshots, String(at), closed ?? '', () => readSnapshot(source, at))
}

async function readSnapshot({ platform, info }: CitySource, at: EpochSeconds): Promise<Snapshot> {
  const ds = dsOf(at)
  const rows = await platform.warehouse.rows<StationStatus>({
    name: 'snapshot',
    sql: SNAPSHOT_SQL,
    tables: {
      status: { dataset: 'station_status', city: info.city, dsFrom: ds, dsTo: ds, since: at, until: at },
    },
    params: { at },
  })
  return { at, stations: new Map(rows.map((row) => [row.station_id, row])) }
}

/** What a station can be used for; `unknown` for one that is not in the snapshot. */
export function conditionOf(status: StationStatus | undefined): StationCondition {
  if (!status) return 'unknown'
  const { is_installed, is_renting, is_returning } = status
  if (!is_installed || (!is_renting && !is_returning)) return 'closed'
  if (!is_renting) return 'no_rent'
  return is_returning ? 'ok' : 'no_return'
}
