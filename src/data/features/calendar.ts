import { DAY_SECONDS, dtOf, parseDs, SLOT_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { holidayCalendar, type CalendarZone } from './holidays.ts'
import { localClock } from './local-clock.ts'

/** One 5-minute slot (UTC) in the city's own time: `dow` 0 is Monday, the flags are 0 or 1. */
export interface CalendarRow {
  readonly slot: EpochSeconds
  readonly dt: string
  readonly hour: number
  readonly dow: number
  readonly is_weekend: number
  readonly is_holiday: number
}

/** The 288 slots of a UTC day (`ds`) in local time; daylight saving is the time zone's own. */
export function calendarOf(zone: CalendarZone): (ds: string) => CalendarRow[] {
  const localTime = localClock(zone.timezone)
  const isHoliday = holidayCalendar(zone.timezone, zone.country)
  return (ds) => {
    const midnight = parseDs(ds)
    const rows: CalendarRow[] = []
    for (let slot = midnight; slot < midnight + DAY_SECONDS; slot += SLOT_SECONDS) {
      const { date, hour } = localTime(slot)
      const dow = weekday(date)
      rows.push({
        slot,
        dt: dtOf(slot),
        hour,
        dow,
        is_weekend: dow >= 5 ? 1 : 0,
        is_holiday: isHoliday(date) ? 1 : 0,
      })
    }
    return rows
  }
}

/** 0 is Monday. 1970-01-01 was a Thursday. */
function weekday(date: string): number {
  const days = parseDs(date) / DAY_SECONDS
  return (((days + 3) % 7) + 7) % 7
}
