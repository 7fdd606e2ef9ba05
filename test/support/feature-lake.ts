import type { WeatherHour } from '../../src/core/contracts/station.ts'
import { TABLE_SCHEMAS, type TableName } from '../../src/core/contracts/tables.ts'
import { dayKey, liveStatusKey, type Dataset } from '../../src/core/keys.ts'
import { DAY_SECONDS, dsOf, dsRange, parseDs, type EpochSeconds } from '../../src/core/time.ts'
import { ensureCalendar } from '../../src/data/features/calendar-table.ts'
import { featureStatement, type SlotRange } from '../../src/data/features/feature-statement.ts'
import { zoneOf } from '../../src/data/features/holidays.ts'
import { lastSnapshot } from '../../src/data/features/last-snapshot.ts'
import { ensureStationTables } from '../../src/data/features/station-tables.ts'
import type { Column } from '../../src/platform/ports.ts'
import type { LocalPlatform } from './local-platform.ts'

/** One station in one snapshot. */
export interface StatusRow {
  readonly last_updated: EpochSeconds
  readonly station_id: string
  readonly num_bikes_available: number
  readonly num_docks_available: number
  readonly num_bikes_disabled: number | null
  readonly num_docks_disabled: number | null
  readonly is_installed: boolean
  readonly is_renting: boolean
  readonly is_returning: boolean
}

/** One version of a station's information. */
export interface InformationRow {
  readonly valid_from: EpochSeconds
  readonly station_id: string
  readonly lat: number
  readonly lon: number
  readonly capacity: number | null
}

/** What a city's features are made of. */
export interface FeatureInputs {
  readonly timezone: string
  readonly country: string | null
  readonly status: readonly StatusRow[]
  readonly information: readonly InformationRow[]
  readonly weather: readonly WeatherHour[]
}

/** A feature row by column name. */
export type FeatureRow = Readonly<Record<string, number | string | boolean | null>>

/** How status is stored: a file a day, or a file a snapshot as ingest leaves it. */
export type StatusLayout = 'days' | 'live'

/** Writes what features are made of into a lake, in the order the rows are given. */
export async function writeInputs(
  { warehouse }: Pick<LocalPlatform, 'warehouse'>,
  city: string,
  inputs: FeatureInputs,
  layout: StatusLayout = 'days',
): Promise<void> {
  const status = inputs.status.map((row) => ({
    num_ebikes_available: null,
    last_reported: row.last_updated,
    ...row,
  }))
  const write = async (table: TableName, key: string, rows: readonly object[]): Promise<void> => {
    await warehouse.writeRows(key, columnsOf(table, rows))
  }
  const writeDays = async <Row extends object>(
    dataset: Dataset,
    rows: readonly Row[],
    timeOf: (row: Row) => EpochSeconds,
  ): Promise<void> => {
    for (const [ds, day] of groups(rows, (row) => dsOf(timeOf(row))))
      await write(dataset, dayKey(dataset, city, ds), day)
  }
  if (layout === 'days') await writeDays('station_status', status, (row) => row.last_updated)
  else
    for (const [at, snapshot] of groups(status, (row) => row.last_updated))
      await write('station_status_live', liveStatusKey(city, at), snapshot)
  const information = inputs.information.map((row) => ({ name: row.station_id, ...row }))
  await writeDays('station_information', information, (row) => row.valid_from)
  await writeDays('weather_hourly', inputs.weather, (row) => row.valid_at)
}

/** The feature rows of a range of slots on one UTC day, straight from the statement, without checks. */
export async function featureRows(
  platform: LocalPlatform,
  city: string,
  { timezone, country }: Pick<FeatureInputs, 'timezone' | 'country'>,
  range: Pick<SlotRange, 'from' | 'to'>,
): Promise<FeatureRow[]> {
  const slots = { ...range, knownUntil: await lastSnapshot(platform, city) }
  const days = dsRange(slots.from - DAY_SECONDS, slots.to + DAY_SECONDS)
  await ensureCalendar(platform, city, zoneOf(timezone, country), days)
  await ensureStationTables(platform, city, [dsOf(slots.from)])
  return platform.warehouse.rows(await featureStatement(platform.store, city, slots))
}

/** The feature rows of a whole UTC day; see `featureRows`. */
export function featureDay(
  platform: LocalPlatform,
  city: string,
  zone: Pick<FeatureInputs, 'timezone' | 'country'>,
  ds: string,
): Promise<FeatureRow[]> {
  const from = parseDs(ds)
  return featureRows(platform, city, zone, { from, to: from + DAY_SECONDS - 300 })
}

function columnsOf(table: TableName, rows: readonly object[]): Column[] {
  return TABLE_SCHEMAS[table].map(({ name, type }) => ({
    name,
    type,
    values: rows.map((row) => (row as FeatureRow)[name] ?? null),
  }))
}

function groups<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const byKey = new Map<Key, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = byKey.get(key)
    if (group) group.push(row)
    else byKey.set(key, [row])
  }
  return byKey
}
