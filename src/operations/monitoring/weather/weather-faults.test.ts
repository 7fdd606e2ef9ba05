import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../../test/support/local-platform.ts'
import { DAY_SECONDS, HOUR_SECONDS } from '../../../core/time.ts'
import { openLocalClock } from '../../../data/simulation/local-clock.ts'
import { simulateWeather, type SimulatedHour } from '../../../data/simulation/weather.ts'
import { addWeather, storeWeather } from '../../../data/lake/store-weather.ts'
import { weatherFaults } from './weather-faults.ts'

const FROM = Date.UTC(2024, 8, 2) / 1000
const AT = FROM + 20 * DAY_SECONDS
const HOURS = 20 * 24

describe('weather faults', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
  })
  afterEach(() => platform.close())

  const weather = (change: (hour: SimulatedHour) => SimulatedHour = (hour) => hour): Promise<number> => {
    const source = simulateWeather(7, FROM, 40.7, openLocalClock('America/New_York', 'US'))
    const hours = Array.from({ length: HOURS }, () => change(source.next().value))
    return addWeather(platform, 'c', hours)
  }
  const faults = (): ReturnType<typeof weatherFaults> => weatherFaults(platform, { city: 'c', at: AT })
  /** Open-Meteo's answer for two hours. */
  const received = async (temperatures: readonly number[]): Promise<void> => {
    const body = JSON.stringify({
      utc_offset_seconds: 0,
      hourly_units: { time: 'unixtime', temperature_2m: '°C' },
      hourly: { time: [AT - 2 * HOUR_SECONDS, AT - HOUR_SECONDS], temperature_2m: temperatures },
    })
    const origin = { source_url: 'http://localhost/weather', fetched_at: AT - 1800 }
    await storeWeather(platform, 'c', new TextEncoder().encode(body), origin)
  }

  it('are none in quiet weather, and unknown without any', async () => {
    expect(await faults()).toBeNull()
    await weather()
    expect(await faults()).toEqual([])
  })

  it('are the hours of a value that was sent out of range and left empty', async () => {
    await weather()
    await received([150, 148])
    expect(await faults()).toEqual([
      expect.objectContaining({ column: 'temp_c', kind: 'range', hours: 2, first: AT - 2 * HOUR_SECONDS }),
    ])
  })

  it('are the hours since a unit changed', async () => {
    const since = AT - 10 * HOUR_SECONDS
    await weather((hour) =>
      hour.valid_at >= since ? { ...hour, temp_c: Math.min(60, hour.temp_c * 1.8 + 32) } : hour,
    )
    expect(await faults()).toEqual([
      expect.objectContaining({ column: 'temp_c', kind: 'unit', hours: 10, first: since }),
    ])
  })
})
