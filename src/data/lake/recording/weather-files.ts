import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { TABLE_SCHEMAS } from '../../../core/contracts/tables.ts'
import type { WeatherHour } from '../../../core/contracts/station.ts'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { ColumnBatch, ScanType, Warehouse } from '../../../platform/ports.ts'
import { parseWeatherCsv } from '../../weather/weather-csv.ts'
import { maybeGunzip } from '../gzip.ts'

/** Hours of weather in a CSV of any known header, or in a Parquet file with the columns of `weather_hourly`. */
export async function* readWeatherFile(
  warehouse: Warehouse,
  path: string,
  report: Reporter,
): AsyncIterable<WeatherHour[]> {
  if (path.endsWith('.parquet')) {
    for await (const batch of warehouse.scanFile(path, WEATHER_COLUMNS)) yield weatherOf(batch)
    return
  }
  const { hours, quarantined } = parseWeatherCsv(await readText(path), basename(path).replace(/\..*$/, ''))
  const [first] = quarantined
  if (first !== undefined) {
    report.warn(
      `${path}: ${quarantined.length} values were set aside, the first in line ${first.line}: ${first.reason}.`,
    )
  }
  yield hours
}

/** Rows of `weather_hourly` as hours. */
export function weatherOf(batch: ColumnBatch): WeatherHour[] {
  return Array.from({ length: batch.rows }, (_, row) => {
    const number = (name: keyof WeatherHour): number | null => {
      const value = batch.columns[name]?.[row]
      return typeof value === 'number' && !Number.isNaN(value) ? value : null
    }
    return {
      valid_at: number('valid_at') ?? Number.NaN,
      issued_at: number('issued_at') ?? number('valid_at') ?? Number.NaN,
      source: String(batch.columns['source']?.[row] ?? 'recording'),
      temp_c: number('temp_c'),
      precip_mm: number('precip_mm'),
      wind_kph: number('wind_kph'),
      rhum_pct: number('rhum_pct'),
      pres_hpa: number('pres_hpa'),
      wind_dir_deg: number('wind_dir_deg'),
      wind_gust_kph: number('wind_gust_kph'),
      snow_mm: number('snow_mm'),
      weather_code: number('weather_code'),
    }
  }).filter((hour) => !Number.isNaN(hour.valid_at))
}

const WEATHER_COLUMNS: Readonly<Record<string, ScanType>> = Object.fromEntries(
  TABLE_SCHEMAS.weather_hourly.map(({ name, type }) => [name, name.endsWith('_at') ? 'EPOCH' : type]),
)

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder().decode(maybeGunzip(await readFile(path), path))
  } catch (error) {
    if (error instanceof OperatorError) throw error
    throw new OperatorError(
      'NOT_FOUND',
      `${path} cannot be read: ${messageOf(error)}`,
      'Check the path.',
      error,
    )
  }
}
