import { loadSql } from '../../core/sql.ts'
import { BATCH_SECONDS, DAY_SECONDS, dsOf, type EpochSeconds } from '../../core/time.ts'
import { datasetDays } from '../../data/lake/days.ts'
import type { Platform, TableRef } from '../../platform/ports.ts'
import type { LocalDay } from './local-day.ts'
import { runsOf, type Run } from './runs.ts'

const MOVES_SQL = loadSql(import.meta.url, './moves.sql')
const SLOTS_SQL = loadSql(import.meta.url, './station-slots.sql')
const SHORT_SQL = loadSql(import.meta.url, './short-stations.sql')

/** Bikes that moved in a half hour, by the counts of stations. */
export interface Moves {
  readonly half_hour: EpochSeconds
  readonly taken: number
  readonly returned: number
  readonly snapshots: number
}

/** How many stations were short at a ten-minute slot. */
export interface SlotCounts {
  readonly slot: EpochSeconds
  readonly stations: number
  readonly no_bikes: number
  readonly no_docks: number
}

/** A station that was short of bikes (or docks), and when. */
export interface ShortStation {
  readonly station_id: string
  readonly name: string | null
  readonly minutes: number
  readonly runs: readonly Run[]
}

/** What happened in a city on a local day. */
export interface CityDay {
  readonly moves: readonly Moves[]
  readonly slots: readonly SlotCounts[]
  /** Stations that were ever short, and of these those that were short longest. */
  readonly short: Readonly<
    Record<'bikes' | 'docks', { readonly stations: number; readonly worst: readonly ShortStation[] }>
  >
}

/** Stations that a report names. */
const WORST = 8

/** Reads what happened; a half hour or slot without a snapshot is not in it. */
export async function readCityDay(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  day: LocalDay,
): Promise<CityDay> {
  const { from, to } = day
  const status: TableRef = {
    dataset: 'station_status',
    city,
    dsFrom: dsOf(from - 900),
    dsTo: dsOf(to),
    since: from - 900,
    until: to,
  }
  const statement = { tables: { station_status: status }, params: { from, to } }
  const { warehouse } = platform
  const moves = await warehouse.rows<Moves>({ name: 'moves of a day', sql: MOVES_SQL, ...statement })
  const slots = await warehouse.rows<SlotCounts>({ name: 'slots of a day', sql: SLOTS_SQL, ...statement })
  const rows = await warehouse.rows<{ station_id: string; slot: number; no_bikes: number; no_docks: number }>(
    {
      name: 'short stations of a day',
      sql: SHORT_SQL,
      ...statement,
    },
  )
  const names = await stationNames(platform, city, to)
  const shortOf = (column: 'no_bikes' | 'no_docks'): CityDay['short']['bikes'] => {
    const slotsOf = new Map<string, number[]>()
    for (const row of rows)
      if (row[column] === 1) slotsOf.set(row.station_id, [...(slotsOf.get(row.station_id) ?? []), row.slot])
    const worst = [...slotsOf]
      .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
      .slice(0, WORST)
      .map(([station_id, found]) => ({
        station_id,
        name: names.get(station_id) ?? null,
        minutes: (found.length * BATCH_SECONDS) / 60,
        runs: runsOf(found, BATCH_SECONDS),
      }))
    return { stations: slotsOf.size, worst }
  }
  return { moves, slots, short: { bikes: shortOf('no_bikes'), docks: shortOf('no_docks') } }
}

/** Names of stations by their newest information before `to`. */
export async function stationNames(
  { store, warehouse }: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  to: EpochSeconds,
): Promise<Map<string, string>> {
  const dsTo = dsOf(to + DAY_SECONDS)
  const days = (await datasetDays(store, 'station_information', city)).filter((ds) => ds <= dsTo)
  const [dsFrom, last] = [days[0], days.at(-1)]
  if (dsFrom === undefined || last === undefined) return new Map()
  const rows = await warehouse.rows<{ station_id: string; name: string | null }>({
    name: 'station names',
    sql: 'select station_id, name from station_information where valid_from < $to order by valid_from',
    tables: { station_information: { dataset: 'station_information', city, dsFrom, dsTo: last } },
    params: { to },
  })
  return new Map(rows.flatMap(({ station_id, name }) => (name === null ? [] : [[station_id, name] as const])))
}
