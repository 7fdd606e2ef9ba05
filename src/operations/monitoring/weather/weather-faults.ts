import { OperatorError } from '../../../core/errors.ts'
import { loadSql } from '../../../core/sql.ts'
import { DAY_SECONDS, dsOf, HOUR_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
import type { WeatherHour } from '../../../core/contracts/station.ts'
import { readRaw } from '../../../data/lake/raw.ts'
import { parseOpenMeteo } from '../../../data/weather/open-meteo.ts'
import {
  isInRange,
  WEATHER_COLUMNS,
  WEATHER_RANGES,
  type WeatherColumn,
} from '../../../data/weather/ranges.ts'
import type { ObjectStore, Platform } from '../../../platform/ports.ts'
import type { WeatherFault } from '../drift/drift-file.ts'
import { rawTimes } from '../../../data/features/known-at.ts'
import { unitChange } from './unit-change.ts'
import { UNIT_TESTS } from './units.ts'

const HOURS_SQL = loadSql(import.meta.url, './hours.sql')
const HISTORY_SECONDS = 35 * DAY_SECONDS

type Hour = Pick<WeatherHour, 'valid_at' | WeatherColumn>

/**
 * What is wrong with the weather of the 24 hours before and with `at`: values out of range, as received (raw documents) and as
 * kept, and columns that came in another unit by all appearance. One fault a column and kind; null when the lake has no
 * weather of that time at all.
 */
export async function weatherFaults(
  { store, warehouse }: Pick<Platform, 'store' | 'warehouse'>,
  { city, at }: { readonly city: string; readonly at: EpochSeconds },
): Promise<WeatherFault[] | null> {
  const from = at - HISTORY_SECONDS
  const hours = await warehouse.rows<Hour>({
    name: 'weather-hours',
    sql: HOURS_SQL,
    tables: { weather: { dataset: 'weather_hourly', city, dsFrom: dsOf(from), dsTo: dsOf(at) } },
    params: { from, to: at },
  })
  const since = at - DAY_SECONDS
  const window = hours.filter((hour) => hour.valid_at > since)
  const outside = [...kept(window), ...(await received(store, city, since, at))]
  if (window.length === 0 && outside.length === 0) return null
  return [...rangeFaults(outside), ...unitFaults(hours, since)]
}

interface Outside {
  readonly column: WeatherColumn
  readonly validAt: EpochSeconds
  readonly value: unknown
}

function kept(window: readonly Hour[]): Outside[] {
  return window.flatMap((hour) =>
    WEATHER_COLUMNS.flatMap((column) => {
      const value = hour[column]
      return value === null || isInRange(column, value) ? [] : [{ column, validAt: hour.valid_at, value }]
    }),
  )
}

/** What was sent and left empty for being out of range, in the documents fetched in `(since, at]`, whatever hour it is of. */
async function received(
  store: ObjectStore,
  city: string,
  since: EpochSeconds,
  at: EpochSeconds,
): Promise<Outside[]> {
  const outside: Outside[] = []
  for (const time of await rawTimes(store, 'weather_hourly', city, since + 1, at)) {
    const body = await readRaw(store, { feed: 'weather_hourly', city, at: time })
    if (body === undefined) continue
    try {
      parseOpenMeteo(body, time, undefined, (column, validAt, value) =>
        outside.push({ column, validAt, value }),
      )
    } catch (error) {
      // Refused when it came; that weather is missing is told elsewhere.
      if (!(error instanceof OperatorError)) throw error
    }
  }
  return outside
}

function rangeFaults(outside: readonly Outside[]): WeatherFault[] {
  return WEATHER_COLUMNS.flatMap((column): WeatherFault[] => {
    const found = outside.filter((value) => value.column === column)
    const first = found.toSorted((a, b) => a.validAt - b.validAt)[0]
    if (first === undefined) return []
    const [least, greatest] = WEATHER_RANGES[column]
    const detail = `${String(first.value)} at ${isoOf(first.validAt)} is outside ${least} to ${greatest}`
    return [
      {
        column,
        kind: 'range',
        hours: new Set(found.map(({ validAt }) => validAt)).size,
        first: first.validAt,
        detail,
      },
    ]
  })
}

function unitFaults(hours: readonly Hour[], since: EpochSeconds): WeatherFault[] {
  return UNIT_TESTS.flatMap((test): WeatherFault[] => {
    const series = hours.map((hour) => ({ at: hour.valid_at, value: hour[test.column] }))
    const change = unitChange(test, series)
    if (change === undefined) return []
    const affected = series.filter(({ at, value }) => at > since && at >= change.since && value !== null)
    if (affected.length === 0) return []
    const detail = `since ${isoOf(change.since)} the values look like ${change.unit} (exp(${change.evidence.toFixed(0)}) times likelier by the habit of the weeks before)`
    const first = Math.max(change.since, Math.ceil((since + 1) / HOUR_SECONDS) * HOUR_SECONDS)
    return [{ column: test.column, kind: 'unit', hours: affected.length, first, detail }]
  })
}
