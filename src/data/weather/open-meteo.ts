import type { WeatherHour } from '../../core/contracts/station.ts'
import { OperatorError } from '../../core/errors.ts'
import { type EpochSeconds, isoOf } from '../../core/time.ts'
import { badFeed, type Fields, isFields, parseObject } from '../gbfs/document.ts'
import { describeValue } from '../gbfs/text.ts'
import { LATEST_TIME } from '../gbfs/values.ts'
import { byHour, isEmptyHour, isInRange, WEATHER_COLUMNS, type WeatherColumn, valuesOf } from './ranges.ts'
import {
  type Convert,
  fahrenheitToC,
  inchToMm,
  knotsToKph,
  mphToKph,
  msToKph,
  same,
  snowCmToWaterMm,
  snowInchToWaterMm,
} from './units.ts'

/** To be shown wherever weather from Open-Meteo, or a prediction made with it, is shown (CC BY 4.0). */
export const OPEN_METEO_ATTRIBUTION = 'Weather data by Open-Meteo.com (https://open-meteo.com/), CC BY 4.0'
/** The `source` of these hours in the lake. */
export const OPEN_METEO_SOURCE = 'open-meteo'

const TEMPERATURE: Readonly<Record<string, Convert>> = { '°C': same, '°F': fahrenheitToC }
const SPEED: Readonly<Record<string, Convert>> = {
  'km/h': same,
  'm/s': msToKph,
  mph: mphToKph,
  'mp/h': mphToKph,
  kn: knotsToKph,
}

/** Open-Meteo's hourly variable of each column, with the units it may come in; the first is the one asked for. */
const VARIABLES: Readonly<Record<WeatherColumn, { name: string; units: Readonly<Record<string, Convert>> }>> =
  {
    temp_c: { name: 'temperature_2m', units: TEMPERATURE },
    precip_mm: { name: 'precipitation', units: { mm: same, inch: inchToMm } },
    wind_kph: { name: 'wind_speed_10m', units: SPEED },
    rhum_pct: { name: 'relative_humidity_2m', units: { '%': same } },
    pres_hpa: { name: 'pressure_msl', units: { hPa: same } },
    wind_dir_deg: { name: 'wind_direction_10m', units: { '°': same } },
    wind_gust_kph: { name: 'wind_gusts_10m', units: SPEED },
    snow_mm: { name: 'snowfall', units: { cm: snowCmToWaterMm, inch: snowInchToWaterMm } },
    weather_code: { name: 'weather_code', units: { 'wmo code': same } },
  }
const MAX_HOURS = 20_000

/** Told of a value that no reading can have, as it was sent. */
type OnOutOfRange = (column: WeatherColumn, validAt: EpochSeconds, raw: unknown) => void

/**
 * The forecast request for a place: yesterday, today and tomorrow, hourly, UTC in POSIX seconds, metric units.
 * `lat` and `lon` in degrees, sent with four decimals (11 m). `base` is another server with the same interface.
 */
export function openMeteoUrl(o: { lat: number; lon: number; base?: string }): string {
  if (!(Math.abs(o.lat) <= 90 && Math.abs(o.lon) <= 180)) {
    throw new OperatorError('BAD_INPUT', `No weather for lat ${o.lat}, lon ${o.lon}: not a place on Earth`)
  }
  const url = new URL('/v1/forecast', o.base ?? 'https://api.open-meteo.com')
  const query = {
    latitude: o.lat.toFixed(4),
    longitude: o.lon.toFixed(4),
    hourly: WEATHER_COLUMNS.map((column) => VARIABLES[column].name).join(','),
    past_days: '1',
    forecast_days: '2',
    timezone: 'UTC',
    timeformat: 'unixtime',
    temperature_unit: 'celsius',
    wind_speed_unit: 'kmh',
    precipitation_unit: 'mm',
  }
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
  return url.href
}

/**
 * The hours of a forecast answer in the units of the lake, ordered. An hour after `issuedAt` is a forecast issued then; an
 * earlier one counts as observed in its own hour. A value outside WEATHER_RANGES is left empty, and `onProblem` told once
 * a column, `onOutOfRange` every time. Throws BAD_INPUT for anything that is no such answer or has a unit that is not known.
 */
export function parseOpenMeteo(
  body: Uint8Array,
  issuedAt: EpochSeconds,
  onProblem: (problem: string) => void = () => {},
  onOutOfRange: OnOutOfRange = () => {},
): WeatherHour[] {
  const root = parseObject(body, SOURCE, HINT)
  if (root['error'] === true) throw badFeed(SOURCE, `an error: ${describeValue(root['reason'], 160)}`, HINT)
  const hourly = root['hourly']
  if (!isFields(hourly) || !Array.isArray(hourly['time'])) throw badFeed(SOURCE, 'without hourly.time', HINT)
  const times = timesOf(hourly['time'], root)
  const columns = new Map(
    WEATHER_COLUMNS.map((column) => [column, columnOf(column, hourly, root, onProblem, onOutOfRange)]),
  )
  const hours = new Map<EpochSeconds, WeatherHour>()
  for (const [i, valid_at] of times.entries()) {
    const values = valuesOf((column) => columns.get(column)?.(i, valid_at) ?? null)
    if (isEmptyHour(values) || hours.has(valid_at)) continue
    hours.set(valid_at, {
      valid_at,
      issued_at: Math.min(valid_at, issuedAt),
      source: OPEN_METEO_SOURCE,
      ...values,
    })
  }
  return [...hours.values()].sort(byHour)
}

const SOURCE = "Open-Meteo's answer"
const HINT = 'Try again later, or set weather = "none" for the city; predictions work without weather.'

function timesOf(times: readonly unknown[], root: Fields): EpochSeconds[] {
  if (times.length > MAX_HOURS)
    throw badFeed(SOURCE, `${times.length} hours long, more than ${MAX_HOURS}`, HINT)
  const offset = typeof root['utc_offset_seconds'] === 'number' ? root['utc_offset_seconds'] : 0
  return times.map((time) => {
    if (isTime(time)) return time
    const local =
      typeof time === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(time)
        ? Date.parse(`${time}Z`)
        : Number.NaN
    const utc = local / 1000 - offset
    if (!isTime(utc)) throw badFeed(SOURCE, `with ${describeValue(time)} as a time`, HINT)
    return utc
  })
}

function isTime(time: unknown): time is EpochSeconds {
  return Number.isSafeInteger(time) && (time as number) > 0 && (time as number) <= LATEST_TIME
}

/** A reader of one column by index; a column that was not sent reads as null throughout. */
function columnOf(
  column: WeatherColumn,
  hourly: Fields,
  root: Fields,
  onProblem: (problem: string) => void,
  onOutOfRange: OnOutOfRange,
): (i: number, at: EpochSeconds) => number | null {
  const { name, units } = VARIABLES[column]
  const values: unknown = hourly[name]
  if (!Array.isArray(values)) {
    onProblem(`${name} was not sent, so ${column} is empty`)
    return () => null
  }
  const sent = isFields(root['hourly_units']) ? root['hourly_units'][name] : undefined
  const unit = sent === undefined ? Object.keys(units)[0] : sent
  const convert = typeof unit === 'string' && Object.hasOwn(units, unit) ? units[unit] : undefined
  if (convert === undefined)
    throw badFeed(SOURCE, `with ${name} in ${describeValue(unit)}, which is not known`, HINT)
  let told = false
  return (i, at) => {
    const raw: unknown = values[i]
    if (raw === null || raw === undefined) return null
    const value = typeof raw === 'number' ? convert(raw) + 0 : Number.NaN
    if (isInRange(column, value)) return value
    onOutOfRange(column, at, raw)
    if (!told) onProblem(`${column} ${describeValue(raw)} at ${isoOf(at)} is out of range and left empty`)
    told = true
    return null
  }
}
