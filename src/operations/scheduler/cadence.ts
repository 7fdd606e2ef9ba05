import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'

/** When a job is due. Its nominal times are what its results are as of; it is due `after` seconds later. */
export type Cadence =
  /** As often as the feed says that it changes; only ever as of now. */
  | { readonly kind: 'feed' }
  /** At every whole multiple of `every` seconds, UTC. */
  | { readonly kind: 'every'; readonly every: number; readonly after: number }
  /** Once a week, at a whole hour of the city's own time. */
  | { readonly kind: 'weekly' }

/** A moment of the city's week. */
export interface WeeklyTime {
  readonly timezone: string
  readonly weekday: string
  /** 0..23 */
  readonly hour: number
}

const WEEK_HOURS = 168
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** The newest nominal time of an `every` cadence that is due at `now`. */
export function newestDue(
  { every, after }: { readonly every: number; readonly after: number },
  now: EpochSeconds,
): EpochSeconds {
  return Math.floor((now - after) / every) * every
}

/**
 * The newest whole hour (UTC) at or before `now` at which the city's week passes the given time. Where clocks skip that
 * hour it is the next one; where they repeat it, the first.
 */
export function newestWeekly(time: WeeklyTime, now: EpochSeconds): EpochSeconds {
  const minuteOfWeek = weekClock(time)
  const top = Math.floor(now / HOUR_SECONDS) * HOUR_SECONDS
  let later = minuteOfWeek(top)
  // Two weeks always hold one, whatever the clocks do.
  for (let hour = top; hour > top - 2 * WEEK_HOURS * HOUR_SECONDS; hour -= HOUR_SECONDS) {
    const earlier = minuteOfWeek(hour - HOUR_SECONDS)
    if (later < earlier) return hour
    later = earlier
  }
  throw new Error(`no ${time.weekday} in the two weeks before ${now} (${time.timezone})`)
}

/** Minutes of the city's week since the given time of it. */
function weekClock({ timezone, weekday, hour }: WeeklyTime): (at: EpochSeconds) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
  })
  const week = (7 * DAY_SECONDS) / 60
  const begin = WEEKDAYS.indexOf(weekday) * 1440 + hour * 60
  return (at) => {
    const part: Record<string, string> = {}
    for (const { type, value } of format.formatToParts(at * 1000)) part[type] = value
    const day = WEEKDAYS.indexOf((part['weekday'] ?? '').toLowerCase())
    return (day * 1440 + Number(part['hour']) * 60 + Number(part['minute']) - begin + week) % week
  }
}
