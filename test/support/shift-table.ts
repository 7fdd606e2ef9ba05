import { DAY_SECONDS, dsOf, HOUR_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { weekHours } from '../../src/operations/monitoring/drift/week-hour.ts'
import { readActivity } from '../../src/operations/monitoring/feed/activity-store.ts'
import { frozenStations, type Activity } from '../../src/operations/monitoring/feed/frozen.ts'
import { unitChange } from '../../src/operations/monitoring/weather/unit-change.ts'
import { UNIT_TESTS } from '../../src/operations/monitoring/weather/units.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { baselineOf, bikesInPairs, hoursOf, shifted, windowPsi, type WindowPsi } from './drift-windows.ts'

/** A lake, and the part of it that is judged against the part before. */
export interface JudgedLake {
  readonly city: string
  readonly timezone: string
  /** First slot of the training rows. */
  readonly from: EpochSeconds
  /** Training ends, and the quiet weeks begin. */
  readonly quietFrom: EpochSeconds
  readonly until: EpochSeconds
}

/** Hours until an alarm's bound was reached after each of several beginnings of a shift; null where it was not in 24 hours. */
export type HoursUntil = readonly (number | null)[]

type Parts = Pick<Platform, 'store' | 'warehouse'>

/** Hours between the beginnings of shifts that are tried: all hours of the day come up. */
const EVERY = 61
const PSI_BOUND = 0.2
const FROZEN_BOUND = 0.1
const HABIT_SECONDS = 15 * DAY_SECONDS

/** PSI in the quiet weeks, every hour, and after bikes come to be counted in pairs. */
export async function judgePsi(
  { warehouse }: Parts,
  { city, timezone, from, quietFrom, until }: JudgedLake,
): Promise<{ quiet: WindowPsi[]; inPairs: HoursUntil }> {
  const rows = { city, target: 'bikes' } as const
  const baseline = await baselineOf(warehouse, { ...rows, from, until: quietFrom }, timezone)
  const window = { ...rows, from: quietFrom, until }
  const asIs = await hoursOf(warehouse, window, baseline)
  const halved = await hoursOf(shifted(warehouse, bikesInPairs), window, baseline)
  const quiet: WindowPsi[] = []
  for (let at = quietFrom + DAY_SECONDS; at <= until; at += HOUR_SECONDS) {
    const found = windowPsi(baseline, (hour) => asIs.get(hour), at)
    if (found) quiet.push(found)
  }
  const inPairs = beginnings(quietFrom + DAY_SECONDS, until).map((begin) =>
    hoursUntil(begin, (at) => {
      const found = windowPsi(baseline, (hour) => (hour < begin ? asIs : halved).get(hour), at)
      return (found?.psi ?? 0) >= PSI_BOUND
    }),
  )
  return { quiet, inPairs }
}

/** FrozenStations in the quiet weeks, every third hour, and after every fifth station stands still. */
export async function judgeFrozen(
  platform: Parts,
  { city, timezone, from, quietFrom, until }: JudgedLake,
): Promise<{ quietMax: number; aFifth: HoursUntil }> {
  const activity = await readActivity(platform, city, from, until)
  const weekHour = weekHours(timezone)
  const kindOf = (hour: EpochSeconds): { hour: number; weekend: boolean } => ({
    hour: weekHour(hour) % 24,
    weekend: weekHour(hour) >= 5 * 24,
  })
  const shareAt = (at: EpochSeconds, stillFrom: EpochSeconds): number =>
    frozenStations(asOf(activity, at, stillFrom), at - DAY_SECONDS, kindOf).share ?? 0
  let quietMax = 0
  for (let at = quietFrom + DAY_SECONDS; at <= until; at += 3 * HOUR_SECONDS)
    quietMax = Math.max(quietMax, shareAt(at, Infinity))
  const aFifth = beginnings(quietFrom + DAY_SECONDS, until).map((begin) =>
    hoursUntil(begin, (at) => shareAt(at, begin) >= FROZEN_BOUND),
  )
  return { quietMax, aFifth }
}

/** The activity of the fifteen days before `at`, every fifth station still from `stillFrom` on. */
function asOf(activity: Activity, at: EpochSeconds, stillFrom: EpochSeconds): Activity {
  let index = 0
  const cut = new Map<string, Map<EpochSeconds, boolean>>()
  for (const [station, hours] of activity) {
    const still = index++ % 5 === 0
    const kept = new Map<EpochSeconds, boolean>()
    for (const [hour, changed] of hours)
      if (hour < at && hour >= at - HABIT_SECONDS) kept.set(hour, changed && !(still && hour >= stillFrom))
    cut.set(station, kept)
  }
  return cut
}

/** Unit faults that quiet weather raises, and hours until a unit that changes is found, by column and unit. */
export async function judgeWeather(
  { warehouse }: Parts,
  { city, from, quietFrom, until }: JudgedLake,
): Promise<{ quiet: number; changes: Readonly<Record<string, HoursUntil>> }> {
  const rows = await warehouse.rows<Record<string, number | null>>({
    name: 'weather',
    sql: 'select valid_at, temp_c, wind_kph, wind_gust_kph, rhum_pct from weather order by valid_at',
    tables: { weather: { dataset: 'weather_hourly', city, dsFrom: dsOf(from), dsTo: dsOf(until) } },
  })
  let quiet = 0
  const changes: Record<string, HoursUntil> = {}
  for (const test of UNIT_TESTS) {
    const hours = rows.map((row) => ({ at: row['valid_at'] ?? 0, value: row[test.column] ?? null }))
    const upTo = (at: EpochSeconds): typeof hours =>
      hours.filter((hour) => hour.at <= at && hour.at > at - 35 * DAY_SECONDS)
    for (let at = quietFrom + DAY_SECONDS; at <= until; at += HOUR_SECONDS)
      if (unitChange(test, upTo(at))) quiet++
    for (const unit of test.others) {
      const wrong = (value: number): number => (value - unit.convert(0)) / (unit.convert(1) - unit.convert(0))
      changes[`${test.column} in ${unit.name}`] = beginnings(quietFrom + DAY_SECONDS, until).map((begin) =>
        hoursUntil(begin, (at) => {
          const sent = upTo(at).map((hour) =>
            hour.at >= begin && hour.value !== null ? { ...hour, value: wrong(hour.value) } : hour,
          )
          return unitChange(test, sent) !== undefined
        }),
      )
    }
  }
  return { quiet, changes }
}

/**
 * Hours until FeatureSkew reaches a bound when roll15_net_bikes is off by one slot: it is another number wherever bikes
 * moved between t-20 and t-15 min.
 */
export async function judgeLag(
  { warehouse }: Parts,
  { city, quietFrom, until }: JudgedLake,
  bound: number,
): Promise<{ shareOfDay: readonly [least: number, greatest: number]; offByOne: HoursUntil }> {
  const rows = await warehouse.rows<{ hour: number; rows: number; other: number }>({
    name: 'moved-slots',
    sql: `select slot - mod(slot, 3600) as hour, count(*) as rows, sum(case when delta_bikes_5m <> 0 then 1 else 0 end) as other
          from features where usable_bikes group by slot - mod(slot, 3600) order by hour`,
    tables: { features: { dataset: 'features', city, dsFrom: dsOf(quietFrom), dsTo: dsOf(until - 1) } },
  })
  const hours = new Map(rows.map((row) => [row.hour, row]))
  const shareAt = (at: EpochSeconds, begin: EpochSeconds): number => {
    let [all, other] = [0, 0]
    for (let hour = at - DAY_SECONDS; hour < at; hour += HOUR_SECONDS) {
      const row = hours.get(hour)
      all += row?.rows ?? 0
      if (hour >= begin) other += row?.other ?? 0
    }
    return all === 0 ? 0 : other / all
  }
  const begins = beginnings(quietFrom + DAY_SECONDS, until)
  const days = begins.map((begin) => shareAt(begin + DAY_SECONDS, begin))
  return {
    shareOfDay: [Math.min(...days), Math.max(...days)],
    offByOne: begins.map((begin) => hoursUntil(begin, (at) => shareAt(at, begin) >= bound)),
  }
}

function beginnings(from: EpochSeconds, until: EpochSeconds): EpochSeconds[] {
  const begins: EpochSeconds[] = []
  for (let begin = from; begin + DAY_SECONDS <= until; begin += EVERY * HOUR_SECONDS) begins.push(begin)
  return begins
}

function hoursUntil(begin: EpochSeconds, alarms: (at: EpochSeconds) => boolean): number | null {
  for (let hours = 1; hours <= 24; hours++) if (alarms(begin + hours * HOUR_SECONDS)) return hours
  return null
}
