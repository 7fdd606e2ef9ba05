import { DAY_SECONDS, parseDs, type EpochSeconds } from '../../../core/time.ts'
import { localClock } from '../../../data/features/local-clock.ts'

/** Hours of a week. */
export const WEEK_HOURS = 168

/** Offsets of time zones are whole quarters of an hour. */
const QUARTER = 900

/** Tells the hour of the city's week: 0 is Monday from 0 to 1, 167 Sunday from 23 to 24, by the city's wall clock. */
export function weekHours(timezone: string): (at: EpochSeconds) => number {
  const local = localClock(timezone)
  const known = new Map<number, number>()
  return (at) => {
    const quarter = Math.floor(at / QUARTER)
    let weekHour = known.get(quarter)
    if (weekHour === undefined) {
      const { date, hour } = local(at)
      // 1970-01-01 was a Thursday.
      weekHour = ((parseDs(date) / DAY_SECONDS + 3) % 7) * 24 + hour
      known.set(quarter, weekHour)
    }
    return weekHour
  }
}

/**
 * The hours of the week that stand in for one that the baseline has never seen, nearest kind first: the same hour of all
 * weekdays (or of the weekend), then of all days, then all hours.
 */
export function standIns(weekHour: number): readonly (readonly number[])[] {
  const hour = weekHour % 24
  const day = Math.floor(weekHour / 24)
  const days = [0, 1, 2, 3, 4, 5, 6]
  const alike = days.filter((other) => other >= 5 === day >= 5)
  return [
    alike.map((other) => other * 24 + hour),
    days.map((other) => other * 24 + hour),
    Array.from({ length: WEEK_HOURS }, (_, i) => i),
  ]
}
