import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import { loadSql } from '../../core/sql.ts'
import { dsOf, dsRange, parseDs, type EpochSeconds } from '../../core/time.ts'
import type { ColumnBatch, Platform, Statement } from '../../platform/ports.ts'
import { ensureCalendar } from './calendar-table.ts'
import { calendarDays, featureStatement, type SlotRange } from './feature-statement.ts'
import { zoneOf } from './holidays.ts'
import { ensureStationTables } from './station-tables.ts'

const AS_KNOWN_SQL = loadSql(import.meta.url, './as-known.sql')

/** The features of one slot as they are known at it: one entry per station whose state is known, by station_id. */
export interface OnlineFeatures {
  readonly slot: EpochSeconds
  readonly stationIds: readonly string[]
  /** Counts now. */
  readonly bikes: Int32Array
  readonly docks: Int32Array
  /** Installed and renting, installed and returning. */
  readonly usableBikes: readonly boolean[]
  readonly usableDocks: readonly boolean[]
  /** Row-major, stations x 25 in the order of `FEATURE_NAMES`; NaN is missing. */
  readonly features: Float32Array
}

/** How far the lake is to be taken as it was: what came later is left out. */
export interface AsKnown {
  /** The newest snapshot that was there. */
  readonly statusUntil: EpochSeconds
  /** When the last weather was fetched. */
  readonly weatherUntil: EpochSeconds
}

/**
 * Features of a slot, by the statement that builds them offline, from the snapshots of the 75 minutes before it: the same
 * float32 values bit for bit. No station when no snapshot of the last 15 minutes is there. With `asKnown`, as they were
 * known at some time in the past.
 */
export async function onlineFeatures(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  options: { city: string; timezone: string; country: string | null; slot: EpochSeconds; asKnown?: AsKnown },
): Promise<OnlineFeatures> {
  const { city, slot } = options
  const slots: SlotRange = { from: slot, to: slot, knownUntil: slot }
  const { dsFrom, dsTo } = calendarDays(slots)
  const zone = zoneOf(options.timezone, options.country)
  await ensureCalendar(platform, city, zone, dsRange(parseDs(dsFrom), parseDs(dsTo)))
  await ensureStationTables(platform, city, [dsOf(slot)])
  const batches: ColumnBatch[] = []
  const statement = await featureStatement(platform.store, city, slots)
  for await (const batch of platform.warehouse.stream(
    options.asKnown ? limited(statement, options.asKnown) : statement,
  ))
    batches.push(batch)
  return gather(slot, batches)
}

/** The statement over the part of status and weather that was there. */
function limited(statement: Statement, { statusUntil, weatherUntil }: AsKnown): Statement {
  const { status, weather, ...tables } = statement.tables ?? {}
  if (status === undefined || weather === undefined) return statement
  return {
    name: 'features as known',
    sql: `${AS_KNOWN_SQL}\nselect * from (\n${statement.sql}\n) as features order by slot, station_id`,
    tables: { ...tables, status_in_lake: status, weather_in_lake: weather },
    params: { ...statement.params, status_until: statusUntil, weather_until: weatherUntil },
  }
}

function gather(slot: EpochSeconds, batches: readonly ColumnBatch[]): OnlineFeatures {
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0)
  const width = FEATURE_NAMES.length
  const features = new Float32Array(rows * width)
  let first = 0
  for (const { rows: count, columns } of batches) {
    FEATURE_NAMES.forEach((name, column) => {
      const values = (columns[name] ?? []) as ArrayLike<number>
      for (let row = 0; row < count; row++)
        features[(first + row) * width + column] = values[row] ?? Number.NaN
    })
    first += count
  }
  const column = <T>(name: string): T[] =>
    batches.flatMap(({ columns }) => Array.from((columns[name] ?? []) as ArrayLike<T>))
  return {
    slot,
    stationIds: column<string>('station_id'),
    bikes: Int32Array.from(column<number>('bikes')),
    docks: Int32Array.from(column<number>('docks')),
    usableBikes: column<boolean>('usable_bikes'),
    usableDocks: column<boolean>('usable_docks'),
    features,
  }
}
