import type { WeatherHour } from '../../../src/core/contracts/station.ts'
import { TABLE_SCHEMAS } from '../../../src/core/contracts/tables.ts'
import { dayKey, qualityKey } from '../../../src/core/keys.ts'
import { DAY_SECONDS, dsOf, dsRange, dtOf, parseDs } from '../../../src/core/time.ts'
import { ensureCalendar } from '../../../src/data/features/calendar-table.ts'
import { featureStatement } from '../../../src/data/features/feature-statement.ts'
import { zoneOf } from '../../../src/data/features/holidays.ts'
import { mergeStatusDay } from '../../../src/data/lake/status-day.ts'
import { ensureStationTables } from '../../../src/data/features/station-tables.ts'
import type { LocalPlatform } from '../../support/local-platform.ts'
import { CITY, fillQualityLake, START, STATIONS, TIMEZONE } from '../../support/quality-lake.ts'
import { writeInputs } from '../../support/feature-lake.ts'

export const ENDPOINTS = ['bikeshare-prod', 'bikeshare-staging']
const HOURS = 3

/** A lake with rows in every table: three hours of a day, weather, features, predictions and their quality. */
export async function fillStatementLake(platform: LocalPlatform): Promise<void> {
  await fillQualityLake(platform, { hours: HOURS, endpoints: ENDPOINTS })
  await mergeStatusDay(platform, CITY, dsOf(START), [])
  await writeInputs(platform, CITY, {
    timezone: TIMEZONE,
    country: 'CA',
    status: [],
    information: Array.from({ length: STATIONS }, (_, i) => ({
      valid_from: START - DAY_SECONDS,
      station_id: `s${String(i).padStart(2, '0')}`,
      lat: 45.5 + (i % 5) / 500,
      lon: -73.6 + Math.floor(i / 5) / 500,
      capacity: 20 + (i % 3),
    })),
    weather: Array.from({ length: HOURS + 4 }, (_, i) => weatherAt(START + (i - 3) * 3600, i)),
  })
  const midnight = parseDs(dsOf(START))
  const days = dsRange(midnight - DAY_SECONDS, midnight + DAY_SECONDS)
  await ensureCalendar(platform, CITY, zoneOf(TIMEZONE, 'CA'), days)
  await ensureStationTables(platform, CITY, [dsOf(START)])
  const slots = { from: START, to: START + HOURS * 3600 - 300, knownUntil: START + HOURS * 3600 }
  const features = await featureStatement(platform.store, CITY, slots)
  await platform.warehouse.write(features, dayKey('features', CITY, dsOf(START)))
  for (const endpoint of ENDPOINTS) await writeQuality(platform, endpoint)
}

function weatherAt(valid_at: number, i: number): WeatherHour {
  const figures = { temp_c: 10.5 + i, precip_mm: i / 10, wind_kph: 12.25, rhum_pct: 55, pres_hpa: 1011.3 }
  return {
    valid_at,
    issued_at: valid_at - 1800,
    source: i % 2 === 0 ? 'open-meteo' : 'csv',
    ...figures,
    wind_dir_deg: 180,
    wind_gust_kph: null,
    snow_mm: 0,
    weather_code: 3,
  }
}

async function writeQuality({ warehouse }: LocalPlatform, endpoint: string): Promise<void> {
  const rows = ['all', 'variant', 'hour'].map((kind, i) => ({
    city: CITY,
    endpoint,
    target: 'bikes',
    ends_at: START,
    dt: dtOf(START),
    revision: 0,
    digest: 'd',
    kind,
    name: kind,
    batches: 144,
    samples: 1000 + i,
    pr_auc: 0.9 + i / 100,
    capacity_max: i === 0 ? null : i,
  }))
  await warehouse.writeRows(
    qualityKey(endpoint, CITY, START),
    TABLE_SCHEMAS.monitoring_quality.map(({ name, type }) => ({
      name,
      type,
      values: rows.map((row) => (row as Record<string, string | number | null>)[name] ?? null),
    })),
  )
}
