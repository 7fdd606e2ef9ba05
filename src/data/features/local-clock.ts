import type { EpochSeconds } from '../../core/time.ts'

/** Wall time: `date` is YYYY-MM-DD, `hour` 0..23. */
export interface LocalTime {
  readonly date: string
  readonly hour: number
}

/** Reads a time zone's wall clock, daylight saving included. Throws RangeError for an unknown zone. */
export function localClock(timezone: string): (at: EpochSeconds) => LocalTime {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
  })
  return (at) => {
    const part: Record<string, string> = {}
    for (const { type, value } of format.formatToParts(at * 1000)) part[type] = value
    return { date: `${part['year']}-${part['month']}-${part['day']}`, hour: Number(part['hour']) }
  }
}
