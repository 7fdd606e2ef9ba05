import { describe, expect, it } from 'vitest'
import { HOUR_SECONDS, parseTime } from '../../core/time.ts'
import { openLocalClock } from './local-clock.ts'
import { ridersFactor, simulateWeather, type SimulatedHour } from './weather.ts'

const local = openLocalClock('America/New_York', 'US')

function hours(from: string, count: number, latitude = 42, seed = 1): SimulatedHour[] {
  const source = simulateWeather(seed, parseTime(from), latitude, local)
  return Array.from({ length: count }, () => source.next().value)
}
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length

/** The ranges that no reading leaves, with 0..359 for directions. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  temp_c: [-60, 60],
  wind_kph: [0, 250],
  wind_gust_kph: [0, 400],
  rhum_pct: [0, 100],
  pres_hpa: [850, 1100],
  precip_mm: [0, 200],
  snow_mm: [0, 200],
  wind_dir_deg: [0, 359],
}
const WMO = new Set([0, 1, 2, 3, 45, 51, 61, 63, 65, 71, 73, 75, 95])

describe('simulated weather', () => {
  it('stays within the ranges that no reading leaves, for a year at any latitude', () => {
    for (const latitude of [-35, 0, 42, 65]) {
      const year = hours('2024-01-01', 8784, latitude)
      const left = Object.entries(RANGES).filter(([name, [low, high]]) => {
        const values = year.map((hour) => Number(hour[name as keyof SimulatedHour]))
        return !(Math.min(...values) >= low && Math.max(...values) <= high)
      })
      expect(left).toEqual([])
      expect(year.filter((hour) => !WMO.has(hour.weather_code))).toEqual([])
      expect(
        year.filter((hour) => hour.snow_mm > hour.precip_mm || hour.wind_gust_kph < hour.wind_kph),
      ).toEqual([])
    }
  })

  it('has one row an hour, observed when it is valid', () => {
    const day = hours('2024-09-02', 24)
    day.forEach((hour, k) => {
      expect(hour.valid_at).toBe(parseTime('2024-09-02') + k * HOUR_SECONDS)
      expect(hour.issued_at).toBe(hour.valid_at)
    })
  })

  it('has seasons, warmer afternoons, rain on some hours and snow in winter only', () => {
    const year = hours('2024-01-01', 8784)
    const month = (m: number): SimulatedHour[] =>
      year.filter(({ valid_at }) => new Date(valid_at * 1000).getUTCMonth() === m)
    const temperature = (rows: readonly SimulatedHour[]): number => mean(rows.map((hour) => hour.temp_c))
    expect(temperature(month(6)) - temperature(month(0))).toBeGreaterThan(12)
    const atHour = (h: number): SimulatedHour[] =>
      year.filter(({ valid_at }) => Math.floor(local(valid_at).minute / 60) === h)
    expect(temperature(atHour(15)) - temperature(atHour(4))).toBeGreaterThan(4)
    const rainy = mean(year.map((hour) => (hour.precip_mm > 0 ? 1 : 0)))
    expect(rainy).toBeGreaterThan(0.04)
    expect(rainy).toBeLessThan(0.2)
    expect(month(6).every((hour) => hour.snow_mm === 0)).toBe(true)
    expect(year.some((hour) => hour.snow_mm > 0)).toBe(true)
  })

  it('remembers: an hour is much like the one before, and little like the one a week before', () => {
    const pressure = hours('2024-01-01', 8784).map((hour) => hour.pres_hpa)
    const centre = mean(pressure)
    const lag = (k: number): number =>
      mean(pressure.slice(k).map((x, i) => (x - centre) * ((pressure[i] ?? 0) - centre))) /
      mean(pressure.map((x) => (x - centre) ** 2))
    expect(lag(1)).toBeGreaterThan(0.9)
    expect(Math.abs(lag(168))).toBeLessThan(0.2)
  })

  it('keeps people off bikes when it rains, blows or freezes', () => {
    const [any] = hours('2024-06-01', 1)
    if (any === undefined) throw new Error('no hour')
    const fair: SimulatedHour = {
      ...any,
      temp_c: 21,
      precip_mm: 0,
      wind_kph: 8,
      snow_mm: 0,
    }
    for (const leisure of [false, true]) {
      expect(ridersFactor(fair, leisure)).toBe(1)
      expect(ridersFactor({ ...fair, precip_mm: 1.5 }, leisure)).toBeLessThan(0.6)
      expect(ridersFactor({ ...fair, wind_kph: 50 }, leisure)).toBeLessThan(0.8)
      expect(ridersFactor({ ...fair, temp_c: -5 }, leisure)).toBeLessThan(0.5)
    }
  })
})
