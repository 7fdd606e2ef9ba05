import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import { parseTime, SLOT_SECONDS, type EpochSeconds } from '../../core/time.ts'
import {
  featureDay,
  writeInputs,
  type FeatureInputs,
  type FeatureRow,
} from '../../../test/support/feature-lake.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { randomLake } from '../../../test/support/random-lake.ts'
import { onlineFeatures, type OnlineFeatures } from './online.ts'

let platform: LocalPlatform
beforeAll(async () => {
  platform = await openLocalPlatform()
})
afterAll(() => platform.close())

const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.slice().buffer)

/** What `onlineFeatures` has to give for a slot, from the offline rows of that slot. */
function asOnline(slot: EpochSeconds, rows: readonly FeatureRow[]): OnlineFeatures {
  const features = Float32Array.from(
    rows.flatMap((row) => FEATURE_NAMES.map((name) => (row[name] === null ? Number.NaN : Number(row[name])))),
  )
  return {
    slot,
    stationIds: rows.map((row) => String(row['station_id'])),
    bikes: Int32Array.from(rows, (row) => Number(row['bikes'])),
    docks: Int32Array.from(rows, (row) => Number(row['docks'])),
    usableBikes: rows.map((row) => row['usable_bikes'] === true),
    usableDocks: rows.map((row) => row['usable_docks'] === true),
    features,
  }
}

/** Slots around which something happens: midnight UTC, the local change of clocks, and every gap in between. */
const SPANS = [
  {
    name: 'midnight',
    from: '2024-03-08T21:30:00Z',
    to: '2024-03-09T03:00:00Z',
    days: ['2024-03-08', '2024-03-09'],
  },
  { name: 'clocks forward', from: '2024-03-10T04:00:00Z', to: '2024-03-10T10:00:00Z', days: ['2024-03-10'] },
  { name: 'clocks back', from: '2024-11-03T03:30:00Z', to: '2024-11-03T09:00:00Z', days: ['2024-11-03'] },
] as const

async function cityOf(name: string, inputs: FeatureInputs, layout: 'days' | 'live'): Promise<string> {
  await writeInputs(platform, name, inputs, layout)
  return name
}

describe('online features', () => {
  it('equal the offline features bit for bit, across gaps, daylight saving and midnight', async () => {
    let pairs = 0
    let missing = 0
    for (const [i, span] of SPANS.entries()) {
      const [from, to] = [parseTime(span.from), parseTime(span.to)]
      const inputs = randomLake({ seed: 100 + i, stations: 80, from, to })
      const offline = await cityOf(`offline${i}`, inputs, 'days')
      const online = await cityOf(`online${i}`, inputs, 'live')
      const rows = (
        await Promise.all(span.days.map((ds) => featureDay(platform, offline, inputs, ds)))
      ).flat()
      const last = Math.max(...inputs.status.map((row) => row.last_updated))
      for (let slot = from; slot <= last; slot += SLOT_SECONDS * 3) {
        const expected = asOnline(
          slot,
          rows.filter((row) => row['slot'] === slot),
        )
        const actual = await onlineFeatures(platform, { city: online, ...inputs, slot })
        expect({ ...actual, features: bitsOf(actual.features) }).toEqual({
          ...expected,
          features: bitsOf(expected.features),
        })
        pairs += actual.stationIds.length
        if (actual.stationIds.length === 0) missing++
      }
    }
    expect(pairs).toBeGreaterThan(2000)
    expect(missing).toBeGreaterThan(0)
  })

  it('do not look at anything after the slot', async () => {
    const at = parseTime('2024-05-01T12:00:00Z')
    const whole = randomLake({ seed: 9, stations: 20, from: at - 7200, to: at + 3600 })
    const known: FeatureInputs = {
      ...whole,
      status: whole.status.filter((row) => row.last_updated <= at),
      information: whole.information.filter((row) => row.valid_from <= at),
      weather: whole.weather.filter((row) => row.issued_at <= at),
    }
    const [a, b] = [await cityOf('whole', whole, 'live'), await cityOf('known', known, 'live')]
    const then = await onlineFeatures(platform, { city: b, ...known, slot: at })
    expect(then.stationIds.length).toBeGreaterThan(5)
    expect(await onlineFeatures(platform, { city: a, ...whole, slot: at })).toEqual(then)
  })

  it('are none without a snapshot of the last 15 minutes', async () => {
    const at = parseTime('2024-05-02T12:00:00Z')
    const inputs = randomLake({ seed: 10, stations: 20, from: at, to: at + 600 })
    const city = await cityOf('still', inputs, 'live')
    const last = Math.max(...inputs.status.map((row) => row.last_updated))
    const slot = Math.ceil((last + 901) / SLOT_SECONDS) * SLOT_SECONDS
    const none = await onlineFeatures(platform, { city, ...inputs, slot })
    expect([none.stationIds, none.features.length]).toEqual([[], 0])
  })

  it('know the present of a feed that is 15 minutes behind', async () => {
    const at = parseTime('2024-05-03T12:00:00Z')
    const inputs = randomLake({ seed: 11, stations: 20, from: at - 7200, to: at - 600 })
    const city = await cityOf('behind', inputs, 'live')
    const last = Math.max(...inputs.status.map((row) => row.last_updated))
    const slot = Math.floor((last + 900) / SLOT_SECONDS) * SLOT_SECONDS
    const { stationIds } = await onlineFeatures(platform, { city, ...inputs, slot })
    expect(stationIds.length).toBeGreaterThan(5)
  })
})
