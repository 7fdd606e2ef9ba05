import { OperatorError } from '../../core/errors.ts'
import { DAY_SECONDS, HOUR_SECONDS, parseDs, type EpochSeconds } from '../../core/time.ts'
import { localClock } from '../../data/features/local-clock.ts'

/** A local day of a city: `[from, to)`, 23 to 25 hours where the clock changes. */
export interface LocalDay {
  readonly ds: string
  readonly timezone: string
  readonly from: EpochSeconds
  readonly to: EpochSeconds
}

const QUARTER = 900

/** The local day `ds` of a time zone. BAD_INPUT for what is no day. */
export function localDay(ds: string, timezone: string): LocalDay {
  const noon = parseDs(ds) + DAY_SECONDS / 2
  const clock = localClock(timezone)
  const inDay = (t: EpochSeconds): boolean => clock(t).date === ds
  // No zone is further than 14 hours from UTC, and offsets are whole quarters of an hour.
  let from: number | undefined
  for (
    let t = noon - DAY_SECONDS - 3 * HOUR_SECONDS;
    t <= noon + DAY_SECONDS + 3 * HOUR_SECONDS;
    t += QUARTER
  ) {
    if (from === undefined && inDay(t)) from = t
    if (from !== undefined && !inDay(t)) return { ds, timezone, from, to: t }
  }
  throw new OperatorError('BAD_INPUT', `${timezone} has no day ${ds}`, 'Take another day.')
}

/** The newest local day that has ended at `now`. */
export function lastEndedDay(now: EpochSeconds, timezone: string): string {
  const clock = localClock(timezone)
  const today = clock(now).date
  let t = now
  while (clock(t).date === today) t -= HOUR_SECONDS
  return clock(t).date
}

/** The wall clock's `14:05` of a time. */
export function wallTime(timezone: string): (t: EpochSeconds) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (t) => format.format(t * 1000)
}
