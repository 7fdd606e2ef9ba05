import { OperatorError } from '../../core/errors.ts'
import { loadSql } from '../../core/sql.ts'
import { dsOf, isoOf, STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { datasetDays } from '../../data/lake/days.ts'
import type { Platform } from '../../platform/ports.ts'

const STATIONS_SQL = loadSql(import.meta.url, './stations-at.sql')

/** A station that works, and what stands there. */
export interface StationNow {
  readonly station_id: string
  readonly name: string
  readonly lat: number
  readonly lon: number
  /** Bikes that can be taken, docks that are free. */
  readonly bikes: number
  readonly docks: number
}

/** Working stations of the newest snapshot of the last 15 minutes before `at`. NOT_FOUND without one. */
export async function stationsAt(
  { store, warehouse }: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  at: EpochSeconds,
): Promise<{ readonly stateAt: EpochSeconds; readonly stations: readonly StationNow[] }> {
  const since = at - STATE_MAX_AGE_SECONDS
  const [firstInformation] = await datasetDays(store, 'station_information', city)
  const rows = await warehouse.rows<
    Omit<StationNow, 'name'> & { name: string | null; state_at: EpochSeconds }
  >({
    name: 'stations at',
    sql: STATIONS_SQL,
    tables: {
      status: {
        dataset: 'station_status',
        city,
        dsFrom: dsOf(since),
        dsTo: dsOf(at),
        since,
        until: at,
      },
      information: {
        dataset: 'station_information',
        city,
        dsFrom: firstInformation ?? dsOf(at),
        dsTo: dsOf(at),
      },
    },
    params: { since, at },
  })
  const [first] = rows
  if (first === undefined) {
    throw new OperatorError(
      'NOT_FOUND',
      `${city} has no snapshot of the 15 minutes before ${isoOf(at)}`,
      'Plan for a time that has one: `bikeshare status` says how old the newest is.',
    )
  }
  return {
    stateAt: first.state_at,
    stations: rows.map(({ station_id, name, lat, lon, bikes, docks }) => ({
      station_id,
      name: name ?? station_id,
      lat,
      lon,
      bikes,
      docks,
    })),
  }
}
