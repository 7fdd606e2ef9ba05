import type { WeatherHour } from '../../core/contracts/station.ts'

/** The measured columns of a WeatherHour, in the order of the lake. */
export const WEATHER_COLUMNS = [
  'temp_c',
  'precip_mm',
  'wind_kph',
  'rhum_pct',
  'pres_hpa',
  'wind_dir_deg',
  'wind_gust_kph',
  'snow_mm',
  'weather_code',
] as const

export type WeatherColumn = (typeof WEATHER_COLUMNS)[number]

/** What every column can hold, both ends included, in its unit; no reading on Earth leaves these. Precipitation is an hour's. */
export const WEATHER_RANGES: Readonly<Record<WeatherColumn, readonly [min: number, max: number]>> = {
  temp_c: [-60, 60],
  precip_mm: [0, 200],
  wind_kph: [0, 250],
  rhum_pct: [0, 100],
  pres_hpa: [850, 1100],
  wind_dir_deg: [0, 360],
  wind_gust_kph: [0, 400],
  snow_mm: [0, 200],
  weather_code: [0, 99],
}

/** The values of one hour, by column. */
export type WeatherValues = Pick<WeatherHour, WeatherColumn>

/** True when a column can hold the value; a weather code is whole as well. */
export function isInRange(column: WeatherColumn, value: number): boolean {
  const [min, max] = WEATHER_RANGES[column]
  return value >= min && value <= max && (column !== 'weather_code' || Number.isInteger(value))
}

/** Puts together one hour's values, asking `read` for each column. */
export function valuesOf(read: (column: WeatherColumn) => number | null): WeatherValues {
  return {
    temp_c: read('temp_c'),
    precip_mm: read('precip_mm'),
    wind_kph: read('wind_kph'),
    rhum_pct: read('rhum_pct'),
    pres_hpa: read('pres_hpa'),
    wind_dir_deg: read('wind_dir_deg'),
    wind_gust_kph: read('wind_gust_kph'),
    snow_mm: read('snow_mm'),
    weather_code: read('weather_code'),
  }
}

/** True when an hour says nothing at all. */
export function isEmptyHour(values: WeatherValues): boolean {
  return WEATHER_COLUMNS.every((column) => values[column] === null)
}

/** Order of the lake: by hour, then issue, then source. */
export function byHour(a: WeatherHour, b: WeatherHour): number {
  return a.valid_at - b.valid_at || a.issued_at - b.issued_at || (a.source < b.source ? -1 : 1)
}
