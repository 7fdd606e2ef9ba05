import { describe, expect, it } from 'vitest'
import { DAY_SECONDS } from '../../../core/time.ts'
import { openLocalClock } from '../../../data/simulation/local-clock.ts'
import { simulateWeather } from '../../../data/simulation/weather.ts'
import { unitChange } from './unit-change.ts'
import { UNIT_TESTS } from './units.ts'

const FROM = Date.UTC(2024, 8, 2) / 1000
const DAYS = 63
const weather = (seed: number): { at: number; [column: string]: number | string }[] => {
  const source = simulateWeather(seed, FROM, 40.7, openLocalClock('America/New_York', 'US'))
  return Array.from({ length: DAYS * 24 }, () => source.next().value).map((hour) => ({
    ...hour,
    at: hour.valid_at,
  }))
}
const testOf = (column: string): (typeof UNIT_TESTS)[number] => {
  const found = UNIT_TESTS.find((test) => test.column === column)
  if (!found) throw new Error(column)
  return found
}
const series = (seed: number, column: string): { at: number; value: number }[] =>
  weather(seed).map((hour) => ({ at: hour.at, value: Number(hour[column]) }))
const upTo = <T extends { at: number }>(hours: readonly T[], at: number): T[] =>
  hours.filter((hour) => hour.at <= at && hour.at > at - 35 * DAY_SECONDS)

describe('a change of unit', () => {
  it.each(UNIT_TESTS.map(({ column }) => column))('is not seen in %s over seven quiet weeks', (column) => {
    const hours = series(3, column)
    const seen: unknown[] = []
    for (let day = 14; day < DAYS; day++) {
      const change = unitChange(testOf(column), upTo(hours, FROM + day * DAY_SECONDS))
      if (change) seen.push(change)
    }
    expect(seen).toEqual([])
  })

  it.each([
    ['temp_c', '°F', (value: number) => value * 1.8 + 32, 6],
    ['rhum_pct', 'a share of 1', (value: number) => value / 100, 6],
    ['wind_kph', 'm/s', (value: number) => value / 3.6, 24],
  ] as const)('of %s to %s is seen within hours', (column, unit, wrong, within) => {
    const since = FROM + 30 * DAY_SECONDS
    const hours = series(5, column).map((hour) =>
      hour.at >= since ? { ...hour, value: wrong(hour.value) } : hour,
    )
    expect(unitChange(testOf(column), upTo(hours, since - 3600))).toBeUndefined()
    expect(unitChange(testOf(column), upTo(hours, since + within * 3600))).toMatchObject({ unit })
  })

  it('is not told without a week of history, from missing values, or where nothing ever changed', () => {
    const hours = series(5, 'temp_c')
    const test = testOf('temp_c')
    expect(
      unitChange(
        test,
        hours.slice(0, 6 * 24).map((hour, i) => (i > 100 ? { ...hour, value: 55 } : hour)),
      ),
    ).toBeUndefined()
    expect(
      unitChange(
        test,
        hours.map(({ at }) => ({ at, value: null })),
      ),
    ).toBeUndefined()
    expect(
      unitChange(
        test,
        hours.map(({ at }) => ({ at, value: 20 })),
      ),
    ).toBeUndefined()
    expect(unitChange(test, [])).toBeUndefined()
  })
})
