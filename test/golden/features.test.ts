import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEATURE_NAMES, TARGET_COLUMNS, TARGETS } from '../../src/core/contracts/features.ts'
import type { WeatherHour } from '../../src/core/contracts/station.ts'
import { dsOf, parseTime, type EpochSeconds } from '../../src/core/time.ts'
import { onlineFeatures } from '../../src/data/features/online.ts'
import {
  featureDay,
  writeInputs,
  type FeatureInputs,
  type FeatureRow,
} from '../support/feature-lake.ts'
import { openLocalPlatform, type LocalPlatform } from '../support/local-platform.ts'

/** Each folder is a case: input.json, a small city, and expected.json, what its features are. */
const FOLDER = join(import.meta.dirname, 'features')
const CASES = readdirSync(FOLDER).sort()
/** Neighbours weigh whole parts per billion, and 1e-6 km stands in every distance. */
const NEIGHBOUR_TOLERANCE = 2e-5

interface Input {
  /** What the case shows. */
  readonly says: string
  readonly timezone: string
  readonly country: string | null
  /** Versions of stations; `valid_from` is long ago and all are at one place when nothing else is said. */
  readonly stations: readonly Station[]
  /** By time, then station: bikes, docks, and what is not as usual. */
  readonly status: Readonly<Record<string, Readonly<Record<string, [number, number, Unusual?]>>>>
  readonly weather: readonly Weather[]
}

interface Station {
  readonly station_id: string
  readonly capacity: number | null
  readonly lat?: number
  readonly lon?: number
  readonly valid_from?: string
}

interface Unusual {
  readonly bikes_disabled?: number
  readonly docks_disabled?: number
  readonly is_installed?: boolean
  readonly is_renting?: boolean
  readonly is_returning?: boolean
}

type Weather = Partial<Omit<WeatherHour, 'valid_at' | 'issued_at' | 'source'>> & {
  readonly valid_at: string
  readonly issued_at: string
  readonly source: string
}

/** By slot, then station: some columns of its row. */
type Expected = Readonly<Record<string, Readonly<Record<string, FeatureRow | 'no row'>>>>

const readJson = (name: string, file: string): unknown =>
  JSON.parse(readFileSync(join(FOLDER, name, file), 'utf8'))
const inputOf = (name: string): Input => readJson(name, 'input.json') as Input
const expectedOf = (name: string): Expected => readJson(name, 'expected.json') as Expected

function inputsOf({ timezone, country, stations, status, weather }: Input): FeatureInputs {
  return {
    timezone,
    country,
    information: stations.map(({ station_id, capacity, lat = 40, lon = -74, valid_from }) => ({
      station_id,
      capacity,
      lat,
      lon,
      valid_from: valid_from === undefined ? 1_600_000_000 : parseTime(valid_from),
    })),
    status: Object.entries(status).flatMap(([at, counts]) =>
      Object.entries(counts).map(([station_id, [bikes, docks, unusual]]) => ({
        last_updated: parseTime(at),
        station_id,
        num_bikes_available: bikes,
        num_docks_available: docks,
        num_bikes_disabled: unusual?.bikes_disabled ?? 0,
        num_docks_disabled: unusual?.docks_disabled ?? null,
        is_installed: unusual?.is_installed ?? true,
        is_renting: unusual?.is_renting ?? true,
        is_returning: unusual?.is_returning ?? true,
      })),
    ),
    weather: weather.map((row) => ({
      temp_c: null,
      precip_mm: null,
      wind_kph: null,
      rhum_pct: null,
      pres_hpa: null,
      wind_dir_deg: null,
      wind_gust_kph: null,
      snow_mm: null,
      weather_code: null,
      ...row,
      valid_at: parseTime(row.valid_at),
      issued_at: parseTime(row.issued_at),
    })),
  }
}

/** `actual` where it is near enough to what is expected, so that a failure shows both. */
function compared(actual: FeatureRow | undefined, expected: FeatureRow | 'no row'): FeatureRow | 'no row' {
  if (actual === undefined || expected === 'no row') return actual ?? 'no row'
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => {
      const tolerance = name.startsWith('nbr_') ? NEIGHBOUR_TOLERANCE : 0
      const found = actual[name]
      const near =
        typeof value === 'number' &&
        typeof found === 'number' &&
        Math.abs(found - Math.fround(value)) <= tolerance
      return [name, near ? value : (found ?? null)]
    }),
  )
}

/** The rows of the days of these slots. */
async function rowsOf(
  platform: LocalPlatform,
  city: string,
  inputs: FeatureInputs,
  slots: readonly EpochSeconds[],
): Promise<FeatureRow[]> {
  const days = [...new Set(slots.map(dsOf))]
  return (await Promise.all(days.map((ds) => featureDay(platform, city, inputs, ds)))).flat()
}

describe('golden feature cases', () => {
  let platform: LocalPlatform
  beforeAll(async () => {
    platform = await openLocalPlatform()
  })
  afterAll(() => platform.close())

  it('are there for every feature, and for every label', () => {
    const shown = new Set(
      CASES.flatMap((name) =>
        Object.values(expectedOf(name)).flatMap((rows) =>
          Object.values(rows).flatMap((row) => (row === 'no row' ? [] : Object.keys(row))),
        ),
      ),
    )
    const labels = TARGETS.flatMap((target) => [TARGET_COLUMNS[target].label, TARGET_COLUMNS[target].target])
    expect([...FEATURE_NAMES, ...labels].filter((name) => !shown.has(name))).toEqual([])
    expect(FEATURE_NAMES.filter((name) => !CASES.includes(name))).toEqual([])
  })

  for (const name of CASES) {
    const input = inputOf(name)
    it(`${name}: ${input.says}`, async () => {
      const inputs = inputsOf(input)
      await writeInputs(platform, name, inputs)
      const slots = Object.entries(expectedOf(name))
      const offline = await rowsOf(platform, name, inputs, slots.map(([time]) => parseTime(time)))
      for (const [time, expected] of slots) {
        const slot = parseTime(time)
        const online = await onlineFeatures(platform, { city: name, ...inputs, slot })
        for (const [station, values] of Object.entries(expected)) {
          const row = offline.find((one) => one['slot'] === slot && one['station_id'] === station)
          const at = `${station} at ${time}`
          expect({ [at]: compared(row, values) }).toEqual({ [at]: values })
          expect([at, online.stationIds.includes(station)]).toEqual([at, row !== undefined])
        }
      }
    })
  }
})
