import Holidays from 'date-holidays'
import { data } from 'date-holidays/data'
import { HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { localClock } from './local-clock.ts'

/** What a city's calendar follows from. */
export interface CalendarZone {
  /** IANA name. */
  readonly timezone: string
  /** ISO 3166 code of the country whose public holidays count; null when none do. */
  readonly country: string | null
}

/** Version of the holiday rules; other rules may give other days. */
export const HOLIDAY_RULES = data.version

/** True when public holidays of this country (ISO 3166) are known. */
export const knowsHolidays = (country: string): boolean => Object.hasOwn(data.holidays, country)

/** The one country (ISO 3166) that lists this time zone as its own; null when none does, or several. */
export function countryOfTimezone(timezone: string): string | null {
  const found = Object.keys(data.holidays).filter((code) => data.holidays[code]?.zones?.includes(timezone))
  return found.length === 1 ? (found[0] ?? null) : null
}

/** The zone a city's calendar follows from; without a `country`, the one that the time zone tells, if it does. */
export const zoneOf = (timezone: string, country: string | null): CalendarZone => ({
  timezone,
  country: country ?? countryOfTimezone(timezone),
})

/**
 * Whether a local date (YYYY-MM-DD) is a public holiday throughout the country; never, for a country not known. A holiday
 * takes the dates whose noon lies in it, since some begin at sunset.
 */
export function holidayCalendar(timezone: string, country: string | null): (date: string) => boolean {
  if (country === null || !knowsHolidays(country)) return () => false
  const holidays = new Holidays(country, { timezone, types: ['public'] })
  const localTime = localClock(timezone)
  const years = new Map<string, ReadonlySet<string>>()

  const datesAround = (year: number): ReadonlySet<string> => {
    const dates = new Set<string>()
    for (const y of [year - 1, year, year + 1])
      for (const { start, end } of holidays.getHolidays(y))
        for (const date of noonsIn(start.getTime() / 1000, end.getTime() / 1000, localTime)) dates.add(date)
    return dates
  }

  return (date) => {
    const year = date.slice(0, 4)
    const dates = years.get(year) ?? datesAround(Number(year))
    years.set(year, dates)
    return dates.has(date)
  }
}

function noonsIn(
  start: EpochSeconds,
  end: EpochSeconds,
  localTime: (at: EpochSeconds) => { date: string; hour: number },
): string[] {
  const dates: string[] = []
  for (let at = start; at < end; at += HOUR_SECONDS) {
    const { date, hour } = localTime(at)
    if (hour === 12) dates.push(date)
  }
  return dates
}
