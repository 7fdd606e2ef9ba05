import { OperatorError } from '../../core/errors.ts'
import { DAY_SECONDS, dsOf, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { holidayCalendar } from '../features/holidays.ts'

/** A moment as the people of a city live it. */
export interface LocalMoment {
  /** Local midnight-based day number, the same for all moments of one local day. */
  readonly day: number
  /** Minutes since local midnight, 0..1439. */
  readonly minute: number
  /** 0 = Monday. */
  readonly dow: number
  /** No working day: Saturday, Sunday or a public holiday. */
  readonly free: boolean
}

/** Tells local time, across DST, with the public holidays of a country. */
export type LocalClock = (t: EpochSeconds) => LocalMoment

/** `country` is an ISO 3166 code; null or one that is unknown has no holidays. Throws CONFIG for an unknown time zone. */
export function openLocalClock(timezone: string, country: string | null): LocalClock {
  const format = zoneFormat(timezone)
  const isHoliday = holidayCalendar(timezone, country)
  const offsets = new Map<number, number>()
  const freeDays = new Map<number, boolean>()

  // Offsets change on whole or half hours only, so one look a half hour is enough.
  const offsetAt = (t: EpochSeconds): number => {
    const key = Math.floor(t / 1800)
    let offset = offsets.get(key)
    if (offset === undefined) {
      const half = key * 1800
      const parts: Record<string, number> = {}
      for (const part of format.formatToParts(half * 1000)) parts[part.type] = Number(part.value)
      const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = parts
      offset = Date.UTC(year, month - 1, day, hour, minute) / 1000 - half
      offsets.set(key, offset)
    }
    return offset
  }

  const isFree = (day: number, dow: number): boolean => {
    if (dow >= 5) return true
    let free = freeDays.get(day)
    if (free === undefined) {
      free = isHoliday(dsOf(day * DAY_SECONDS))
      freeDays.set(day, free)
    }
    return free
  }

  return (t) => {
    const local = t + offsetAt(t)
    const day = Math.floor(local / DAY_SECONDS)
    const dow = (((day + 3) % 7) + 7) % 7
    return { day, minute: Math.floor((local - day * DAY_SECONDS) / 60), dow, free: isFree(day, dow) }
  }
}

/** The local hour 0..23. */
export const hourOf = (moment: LocalMoment): number => Math.floor((moment.minute * 60) / HOUR_SECONDS)

function zoneFormat(timezone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
  } catch (error) {
    throw new OperatorError(
      'CONFIG',
      `"${timezone}" is not a time zone`,
      'Write it as in the IANA list, for instance America/New_York.',
      error,
    )
  }
}
