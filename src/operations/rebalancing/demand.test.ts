import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { silentReporter } from '../../core/report.ts'
import { DAY_SECONDS, dsOf } from '../../core/time.ts'
import { importRecording } from '../../data/lake/import.ts'
import { createCity } from '../../data/simulation/city.ts'
import { writeSimulation } from '../../data/simulation/write.ts'
import { learnDemand } from './demand.ts'
import { flowsOf } from './flow-days.ts'

/** Tuesday to Friday, all of them working days. */
const FROM = Date.UTC(2024, 8, 10) / 1000
const DAYS = 4
const CITY = { seed: 6, stations: 30, from: FROM, timezone: 'America/New_York', country: 'US' }
const ZONE = { city: 'sim', timezone: CITY.timezone, country: 'US' }

describe('demand learnt from counts', () => {
  let platform: LocalPlatform
  beforeAll(async () => {
    platform = await openLocalPlatform()
    const written = await writeSimulation(platform.warehouse, {
      ...CITY,
      days: DAYS,
      faults: false,
      status: 'recording/status.parquet',
      information: 'recording/information.parquet',
      weather: 'recording/weather.parquet',
    })
    const path = ({ key }: { readonly key: string }): string => join(platform.root, key)
    await importRecording(platform, {
      ...ZONE,
      status: written.status.map(path),
      information: [path(written.information)],
      report: silentReporter,
    })
  })
  afterAll(() => platform.close())

  it('comes near the riders who came, those who were lost included', async () => {
    const city = createCity(CITY)
    const before = { ...city.state.counters }
    city.step(DAYS * 24 * 60)
    const { trips, lost } = city.state.counters
    const riders = (trips + lost - before.trips - before.lost) / DAYS
    const demand = await learnDemand(platform, ZONE, FROM + DAYS * DAY_SECONDS)
    const ids = city.stations.map(({ id }) => id)
    const day = ids.map((id) => demand.minutes(id, FROM + DAYS * DAY_SECONDS - DAY_SECONDS, 24 * 60))
    const rentals = day.reduce((sum, one) => sum + one.rentals.reduce((a, b) => a + b, 0), 0)
    const returns = day.reduce((sum, one) => sum + one.returns.reduce((a, b) => a + b, 0), 0)
    // Trucks that move few bikes at a time pass for riders, and demand within a censored interval is not seen.
    expect(rentals / riders).toBeGreaterThan(0.85)
    expect(rentals / riders).toBeLessThan(1.25)
    expect(returns / riders).toBeGreaterThan(0.85)
    expect(returns / riders).toBeLessThan(1.25)
  })

  it('sees no day that is not over', async () => {
    const at = FROM + 2 * DAY_SECONDS + 3600
    expect((await learnDemand(platform, ZONE, at)).days).toEqual([dsOf(FROM), dsOf(FROM + DAY_SECONDS)])
    expect((await learnDemand(platform, ZONE, FROM)).days).toEqual([])
  })

  it('has riders for a weekend too, though it saw none, and for a station without a past', async () => {
    const demand = await learnDemand(platform, ZONE, FROM + DAYS * DAY_SECONDS)
    const saturday = demand.minutes('s001', FROM + 4 * DAY_SECONDS + 16 * 3600, 60)
    expect(Math.min(...saturday.rentals)).toBeGreaterThan(0)
    const unknown = demand.minutes('new', FROM + 3 * DAY_SECONDS + 16 * 3600, 60)
    expect(Math.min(...unknown.rentals)).toBeGreaterThan(0)
  })

  it('counts a day once, and again when what it was counted from is damaged', async () => {
    const ds = dsOf(FROM)
    const key = `plans/demand/city=sim/ds=${ds}/flows.json.gz`
    const counted = await flowsOf(platform, 'sim', ds)
    const kept = await platform.store.get(key)
    expect(await flowsOf(platform, 'sim', ds)).toEqual(counted)
    expect((await platform.store.get(key))?.etag).toBe(kept?.etag)
    await platform.store.put(key, 'not gzip')
    expect(await flowsOf(platform, 'sim', ds)).toEqual(counted)
    expect(counted.station.length).toBeGreaterThan(0)
  })
})
