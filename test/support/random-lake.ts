import type { WeatherHour } from '../../src/core/contracts/station.ts'
import type { EpochSeconds } from '../../src/core/time.ts'
import type { FeatureInputs, InformationRow, StatusRow } from './feature-lake.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'

/** What a random lake is to have. */
export interface RandomLake {
  readonly seed: number
  readonly stations: number
  readonly from: EpochSeconds
  readonly to: EpochSeconds
}

/** Seconds between snapshots: bursts, the usual, and gaps around and beyond what a state may be old. */
const STEPS = [20, 60, 60, 290, 300, 310, 600, 600, 899, 900, 901, 1100, 1300, 2400, 4200]

/**
 * A city without a pattern but with what real feeds do: irregular snapshots and gaps, stations that are missing, come late,
 * move, lie at the same place or far off, change capacity, have none or never had information, are closed or do not rent;
 * counts above capacity; weather observed and forecast, late, doubled and with holes. All of it from the seed.
 */
export function randomLake({ seed, stations, from, to }: RandomLake): FeatureInputs {
  const random = seededRandom(seed)
  const whole = (below: number): number => Math.floor(random() * below)
  const chance = (p: number): boolean => random() < p
  const pick = <T>(list: readonly T[]): T => list[whole(list.length)] as T

  const ids = Array.from({ length: stations }, (_, i) => `${pick(['', 'x', 'Ä', '-'])}${i * 7 + whole(7)}`)
  const information: InformationRow[] = []
  const places = ids.map(() => ({ lat: 40.7 + random() * 0.03, lon: -74 + random() * 0.03 }))
  ids.forEach((station_id, i) => {
    if (chance(0.05)) return
    let place = places[i] as { lat: number; lon: number }
    if (i > 0 && chance(0.15)) place = places[whole(i)] as typeof place
    if (chance(0.05)) place = { lat: place.lat + 0.2, lon: place.lon - 0.1 }
    let valid_from = chance(0.8) ? from - 86_400 - whole(86_400) : from + whole(to - from)
    do {
      information.push({ valid_from, station_id, ...place, capacity: pick([null, 0, 10, 15, 20, 25, 30]) })
      valid_from += 600 + whole(to - from)
      if (chance(0.2)) place = { lat: place.lat + 0.001, lon: place.lon }
    } while (valid_from < to && chance(0.7))
  })

  const status: StatusRow[] = []
  const bikes = ids.map(() => whole(20))
  const absent = ids.map(() => chance(0.1))
  for (let at = from + whole(600); at <= to; at += pick(STEPS)) {
    ids.forEach((station_id, i) => {
      if (chance(0.03)) absent[i] = !absent[i]
      if (absent[i]) return
      bikes[i] = Math.max(0, (bikes[i] ?? 0) + whole(7) - 3)
      const empty = chance(0.02)
      status.push({
        last_updated: at,
        station_id,
        num_bikes_available: empty ? 0 : (bikes[i] ?? 0),
        num_docks_available: empty ? 0 : whole(20),
        num_bikes_disabled: empty ? 0 : pick([null, 0, 1, 2]),
        num_docks_disabled: empty ? null : pick([null, 0, 1]),
        is_installed: !chance(0.05),
        is_renting: !chance(0.05),
        is_returning: !chance(0.05),
      })
    })
  }
  return {
    timezone: 'America/New_York',
    country: null,
    status,
    information,
    weather: randomWeather(random, from, to),
  }
}

function randomWeather(random: () => number, from: EpochSeconds, to: EpochSeconds): WeatherHour[] {
  const value = (scale: number): number | null =>
    random() < 0.1 ? null : Math.round(random() * scale * 10) / 10
  const rows = new Map<string, WeatherHour>()
  for (let valid_at = Math.floor(from / 3600) * 3600 - 7 * 3600; valid_at <= to + 7200; valid_at += 3600) {
    if (random() < 0.25) continue
    const reports = 1 + Math.floor(random() * 4)
    for (let n = 0; n < reports; n++) {
      const issued_at = valid_at + Math.floor(random() * 8 - 5) * 1800
      const source = random() < 0.5 ? 'open-meteo' : 'csv'
      rows.set(`${valid_at} ${issued_at} ${source}`, {
        valid_at,
        issued_at,
        source,
        temp_c: value(30),
        precip_mm: value(5),
        wind_kph: value(40),
        rhum_pct: value(100),
        pres_hpa: value(1000),
        wind_dir_deg: value(360),
        wind_gust_kph: value(90),
        snow_mm: value(3),
        weather_code: value(99),
      })
    }
  }
  return [...rows.values()]
}
