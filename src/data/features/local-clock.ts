import type { EpochSeconds } from '../../core/time.ts'

const QUARTER = 900

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
  let quarter = Number.NaN
  let time: LocalTime = { date: '', hour: 0 }
  return (at) => {
    // Offsets and their changes are whole quarters of an hour, and formatting is slow.
    if (Math.floor(at / QUARTER) === quarter) return time
    quarter = Math.floor(at / QUARTER)
    const part: Record<string, string> = {}
    for (const { type, value } of format.formatToParts(quarter * QUARTER * 1000)) part[type] = value
    time = { date: `${part['year']}-${part['month']}-${part['day']}`, hour: Number(part['hour']) }
    return time
  }
}
