import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEATURE_NAMES, FEATURE_ROW_COLUMNS } from '../../core/contracts/features.ts'
import { parseDs, parseTime, SLOT_SECONDS, type EpochSeconds } from '../../core/time.ts'
import {
  featureDay,
  featureRows,
  writeInputs,
  type FeatureInputs,
  type FeatureRow,
} from '../../../test/support/feature-lake.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { randomLake } from '../../../test/support/random-lake.ts'
import { referenceRow, type ReferenceRow } from '../../../test/support/reference-features.ts'
import { seededRandom } from '../../core/seeded-random.ts'

/** Clocks go forward in New York at 2024-03-10T07:00Z. */
const DS = '2024-03-10'
const MIDNIGHT = parseDs(DS)
const LABELS = ['target_bikes_t30', 'target_docks_t30', 'y_stockout_bikes_30', 'y_stockout_docks_30']

let platform: LocalPlatform
let cities = 0
beforeAll(async () => {
  platform = await openLocalPlatform()
})
afterAll(() => platform.close())

/** Every case is a city of its own in the same folder. */
async function cityWith(inputs: FeatureInputs, layout: 'days' | 'live' = 'days'): Promise<string> {
  const city = `c${cities++}`
  await writeInputs(platform, city, inputs, layout)
  return city
}

const without = (row: FeatureRow, names: readonly string[]): FeatureRow =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = seededRandom(seed)
  return list
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

function expectReference(row: FeatureRow, reference: ReferenceRow): void {
  const { features, nbr_tolerance, ...base } = reference
  for (const [name, value] of Object.entries(base)) expect([name, row[name]]).toEqual([name, value])
  for (const name of FEATURE_NAMES) {
    const expected = features[name]
    const actual = row[name]
    const tolerance = name.startsWith('nbr_') ? nbr_tolerance : 0
    const near =
      expected === null || actual === null
        ? expected === actual
        : Math.abs(Number(actual) - Math.fround(expected)) <= tolerance
    const where = { slot: row['slot'], station: row['station_id'], name, actual, expected }
    expect({ ...where, near }).toEqual({ ...where, near: true })
  }
}

describe('the features statement', () => {
  it('has the columns of the contract, in its order', async () => {
    const inputs = randomLake({ seed: 1, stations: 5, from: MIDNIGHT, to: MIDNIGHT + 3600 })
    const rows = await featureDay(platform, await cityWith(inputs), inputs, DS)
    expect(rows.length).toBeGreaterThan(0)
    expect(Object.keys(rows[0] ?? {})).toEqual([...FEATURE_ROW_COLUMNS])
  })

  it('agrees with a direct reading of the definitions, in random lakes', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(MIDNIGHT - 5400, MIDNIGHT + 6 * 3600, MIDNIGHT + 22 * 3600),
        async (seed, from) => {
          const inputs = randomLake({ seed, stations: 14, from, to: from + 3 * 3600 })
          const city = await cityWith(inputs)
          const rows = await featureDay(platform, city, inputs, DS)
          const stations = [...new Set(inputs.status.map((row) => row.station_id))]
          const found = new Map(rows.map((row) => [`${row['slot']} ${row['station_id']}`, row]))
          for (let slot = Math.max(from, MIDNIGHT); slot <= from + 3.5 * 3600; slot += 1500) {
            if (slot >= MIDNIGHT + 86_400) break
            for (const station of stations) {
              const reference = referenceRow(inputs, station, slot)
              const row = found.get(`${slot} ${station}`)
              expect([station, slot, row !== undefined]).toEqual([station, slot, reference !== undefined])
              if (reference && row) expectReference(row, reference)
              compared++
            }
          }
        },
      ),
      { numRuns: 12 },
    )
    expect(compared).toBeGreaterThan(500)
  })

  it('gives the same rows whatever the order of stations and snapshots in the files', async () => {
    const inputs = randomLake({ seed: 7, stations: 25, from: MIDNIGHT - 7200, to: MIDNIGHT + 4 * 3600 })
    const mixed: FeatureInputs = {
      ...inputs,
      status: shuffled(inputs.status, 1),
      information: shuffled(inputs.information, 2),
      weather: shuffled(inputs.weather, 3),
    }
    const rows = await featureDay(platform, await cityWith(inputs), inputs, DS)
    const again = await featureDay(platform, await cityWith(mixed), mixed, DS)
    const city = (row: FeatureRow): FeatureRow => without(row, ['city'])
    expect(rows.length).toBeGreaterThan(300)
    expect(again.map(city)).toEqual(rows.map(city))
    const order = rows.map((row) => `${row['dt']} ${row['station_id']}`)
    expect(order).toEqual([...order].sort())
  })

  it('never changes the features of a row by snapshots, weather or information that come after its slot', async () => {
    const whole = randomLake({ seed: 21, stations: 25, from: MIDNIGHT - 7200, to: MIDNIGHT + 9 * 3600 })
    const later = await featureDay(platform, await cityWith(whole), whole, DS)
    let [labels, rows] = [0, 0]
    for (const hours of [1, 1.75, 3, 6, 7.25]) {
      const until: EpochSeconds = MIDNIGHT + hours * 3600
      const known: FeatureInputs = {
        ...whole,
        status: whole.status.filter((row) => row.last_updated <= until),
        information: whole.information.filter((row) => row.valid_from <= until),
        weather: whole.weather.filter((row) => row.issued_at <= until),
      }
      const then = await featureRows(platform, await cityWith(known), whole, { from: MIDNIGHT, to: until })
      const last = Math.max(...known.status.map((row) => row.last_updated))
      const now = later.filter((row) => Number(row['slot']) <= last)
      rows += then.length
      const past = (row: FeatureRow): FeatureRow => without(row, [...LABELS, 'city'])
      expect(then.map(past)).toEqual(now.map(past))
      then.forEach((row, i) => {
        for (const name of LABELS) {
          if (row[name] === now[i]?.[name]) continue
          expect(row[name]).toBeNull()
          labels++
        }
      })
    }
    expect(rows).toBeGreaterThan(1000)
    expect(labels).toBeGreaterThan(100)
  })

  it('has no row without a snapshot of the last 15 minutes, and none after the day', async () => {
    const at = MIDNIGHT + 3600
    const inputs: FeatureInputs = {
      ...randomLake({ seed: 3, stations: 3, from: at, to: at }),
      information: [{ valid_from: 0, station_id: 'a', lat: 40, lon: -74, capacity: 10 }],
      status: [at, MIDNIGHT + 86_400].map((last_updated) => ({
        last_updated,
        station_id: 'a',
        num_bikes_available: 5,
        num_docks_available: 5,
        num_bikes_disabled: 0,
        num_docks_disabled: 0,
        is_installed: true,
        is_renting: true,
        is_returning: true,
      })),
    }
    const rows = await featureDay(platform, await cityWith(inputs), inputs, DS)
    expect(rows.map((row) => Number(row['slot']) - at)).toEqual([0, 300, 600, 900])
  })

  it('follows the local clock over its change', async () => {
    const from = parseTime('2024-03-10T05:30:00Z')
    const inputs = randomLake({ seed: 5, stations: 4, from, to: from + 3 * 3600 })
    const rows = await featureDay(platform, await cityWith(inputs), inputs, DS)
    const hourOf = new Map(rows.map((row) => [Number(row['slot']), row['hour']]))
    const change = parseTime('2024-03-10T07:00:00Z')
    const seen = [...hourOf].map(([slot, hour]) => [slot < change, hour])
    expect(seen).toContainEqual([true, 1])
    expect(seen).toContainEqual([false, 3])
    expect([...hourOf.values()]).not.toContain(2)
    expect(change % SLOT_SECONDS).toBe(0)
  })
})
