import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dsOf, parseTime } from '../../core/time.ts'
import { calendarOf } from './calendar.ts'

const NEW_YORK = { timezone: 'America/New_York', country: 'US' }

/** Local hours of a UTC day, each once, in order of their first slot. */
const hoursOf = (timezone: string, ds: string): number[] => {
  const hours = calendarOf({ timezone, country: null })(ds).map((row) => row.hour)
  return hours.filter((hour, i) => hour !== hours[i - 1])
}

describe('the calendar', () => {
  it('has the 288 slots of a UTC day, five minutes apart', () => {
    const rows = calendarOf(NEW_YORK)('2024-03-10')
    expect(rows).toHaveLength(288)
    expect(rows.every((row, i) => row.slot === parseTime('2024-03-10') + i * 300)).toBe(true)
    expect([rows[0]?.dt, rows[287]?.dt]).toEqual(['2024-03-10-00-00-00', '2024-03-10-23-55-00'])
  })

  it('leaves out the hour that does not exist when clocks go forward', () => {
    expect(hoursOf('America/New_York', '2024-03-10').slice(4, 9)).toEqual([23, 0, 1, 3, 4])
  })

  it('has an hour twice when clocks go back', () => {
    const rows = calendarOf(NEW_YORK)('2024-11-03')
    expect(rows.filter((row) => row.hour === 1)).toHaveLength(24)
  })

  it('knows offsets of half and quarter hours, and a change by half an hour', () => {
    expect(calendarOf({ timezone: 'Asia/Kolkata', country: null })('2024-01-01')[6]?.hour).toBe(6)
    expect(calendarOf({ timezone: 'Asia/Kathmandu', country: null })('2024-01-01')[3]?.hour).toBe(6)
    const lordHowe = calendarOf({ timezone: 'Australia/Lord_Howe', country: null })('2024-10-05')
    expect(lordHowe.filter((row) => row.hour === 2)).toHaveLength(6)
  })

  it('counts weekdays from Monday by the local day', () => {
    const rows = calendarOf(NEW_YORK)('2024-03-11')
    const at = (dt: string) => rows.find((row) => row.dt === dt)
    expect(at('2024-03-11-03-55-00')).toMatchObject({ dow: 6, is_weekend: 1 })
    expect(at('2024-03-11-04-00-00')).toMatchObject({ dow: 0, is_weekend: 0 })
  })

  it('has holidays from local midnight to local midnight', () => {
    const days = ['2024-07-04', '2024-07-05'].flatMap(calendarOf(NEW_YORK))
    const holiday = days.filter((row) => row.is_holiday === 1).map((row) => row.dt)
    expect([holiday[0], holiday.at(-1)]).toEqual(['2024-07-04-04-00-00', '2024-07-05-03-55-00'])
    expect(holiday).toHaveLength(288)
  })

  it('has no holidays without a country, or for one that is not known', () => {
    for (const country of [null, 'ZZ']) {
      const rows = calendarOf({ timezone: 'America/New_York', country })('2024-07-04')
      expect(rows.filter((row) => row.is_holiday === 1)).toEqual([])
    }
  })

  it('moves on by one hour and one weekday at a time, in any zone and on any day', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('America/New_York', 'Europe/Paris', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'),
        fc.integer({ min: 1_500_000_000, max: 2_000_000_000 }),
        (timezone, at) => {
          const rows = calendarOf({ timezone, country: null })(dsOf(at))
          const seen = new Set(rows.map((row) => row.hour))
          expect(seen.size).toBeGreaterThanOrEqual(23)
          for (const [i, row] of rows.entries()) {
            const before = rows[i - 1]
            if (before === undefined) continue
            const hours = (row.hour - before.hour + 24) % 24
            expect([0, 1, 2, 23]).toContain(hours)
            expect([0, 1]).toContain((row.dow - before.dow + 7) % 7)
            expect(row.is_weekend).toBe(row.dow >= 5 ? 1 : 0)
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})
