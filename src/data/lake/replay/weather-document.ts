import type { WeatherHour } from '../../../core/contracts/station.ts'
import { loadSql } from '../../../core/sql.ts'
import { DAY_SECONDS, dayFloor, dsOf, type EpochSeconds } from '../../../core/time.ts'
import type { LakeParts } from '../publish.ts'

const WEATHER_SQL = loadSql(import.meta.url, './weather-at.sql')

/** 10 mm of water are about 7 cm of snow, as Open-Meteo gives it. */
const SNOW_CM_PER_MM = 0.7

/** Open-Meteo's variables: name, unit, and the value from an hour of the lake. */
const VARIABLES: readonly (readonly [string, string, (hour: WeatherHour) => number | null])[] = [
  ['temperature_2m', '°C', (hour) => hour.temp_c],
  ['precipitation', 'mm', (hour) => hour.precip_mm],
  ['wind_speed_10m', 'km/h', (hour) => hour.wind_kph],
  ['relative_humidity_2m', '%', (hour) => hour.rhum_pct],
  ['pressure_msl', 'hPa', (hour) => hour.pres_hpa],
  ['wind_direction_10m', '°', (hour) => hour.wind_dir_deg],
  ['wind_gusts_10m', 'km/h', (hour) => hour.wind_gust_kph],
  ['snowfall', 'cm', (hour) => (hour.snow_mm === null ? null : hour.snow_mm * SNOW_CM_PER_MM)],
  ['weather_code', 'wmo code', (hour) => hour.weather_code],
]

/** The lake's weather as known at `at`, as an answer of Open-Meteo's forecast: yesterday, today and tomorrow, hourly, UTC. */
export async function weatherDocument(lake: LakeParts, city: string, at: EpochSeconds): Promise<Uint8Array> {
  const from = dayFloor(at) - DAY_SECONDS
  const to = from + 3 * DAY_SECONDS
  const hours = await lake.warehouse.rows<WeatherHour>({
    name: 'weather-at',
    sql: WEATHER_SQL,
    tables: { weather: { dataset: 'weather_hourly', city, dsFrom: dsOf(from), dsTo: dsOf(to - 1) } },
    params: { at, valid_from: from, valid_to: to },
  })
  const columns = VARIABLES.map(([name, , value]) => [name, hours.map(value)] as const)
  const units = VARIABLES.map(([name, unit]) => [name, unit] as const)
  const document = {
    utc_offset_seconds: 0,
    timezone: 'GMT',
    hourly_units: Object.fromEntries([['time', 'unixtime'], ...units]),
    hourly: Object.fromEntries([['time', hours.map((hour) => hour.valid_at)], ...columns]),
  }
  return new TextEncoder().encode(JSON.stringify(document))
}
