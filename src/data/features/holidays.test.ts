import { describe, expect, it } from 'vitest'
import { countryOfTimezone, holidayCalendar, knowsHolidays, zoneOf } from './holidays.ts'

describe('the country of a time zone', () => {
  it('is the one country that has it', () => {
    expect(
      ['America/New_York', 'America/Los_Angeles', 'Europe/Paris', 'America/Toronto', 'Europe/London'].map(
        countryOfTimezone,
      ),
    ).toEqual(['US', 'US', 'FR', 'CA', 'GB'])
  })

  it('is unknown where several countries share the zone, or none has it', () => {
    expect(['America/Port_of_Spain', 'UTC', 'Nowhere/At_All'].map(countryOfTimezone)).toEqual([
      null,
      null,
      null,
    ])
  })

  it('gives way to a country that is named', () => {
    expect(zoneOf('Europe/Paris', 'BE')).toEqual({ timezone: 'Europe/Paris', country: 'BE' })
    expect(zoneOf('Europe/Paris', null)).toEqual({ timezone: 'Europe/Paris', country: 'FR' })
  })
})

describe('public holidays', () => {
  it('are those of the country, also of the days around the turn of a year', () => {
    const isHoliday = holidayCalendar('America/Los_Angeles', 'US')
    const dates = [
      '2022-12-31',
      '2023-01-01',
      '2023-01-02',
      '2023-05-29',
      '2023-05-30',
      '2023-11-23',
      '2023-12-25',
    ]
    expect(dates.filter(isHoliday)).toEqual([
      '2023-01-01',
      '2023-01-02',
      '2023-05-29',
      '2023-11-23',
      '2023-12-25',
    ])
  })

  it('that begin at sunset take the day that follows', () => {
    const isHoliday = holidayCalendar('Asia/Jerusalem', 'IL')
    expect(['2024-10-11', '2024-10-12', '2024-10-13'].filter(isHoliday)).toEqual(['2024-10-12'])
  })

  it('are not known for a country that the rules do not have', () => {
    expect([knowsHolidays('US'), knowsHolidays('ZZ'), knowsHolidays('toString')]).toEqual([
      true,
      false,
      false,
    ])
  })
})
