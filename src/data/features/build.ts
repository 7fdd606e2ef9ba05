import { FEATURE_CONTRACT } from '../../core/contracts/features.ts'
import { OperatorError } from '../../core/errors.ts'
import type { Reporter } from '../../core/report.ts'
import { DAY_SECONDS, dsOf, parseDs, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { statusDays } from '../lake/days.ts'
import { atOnce } from './at-once.ts'
import { ensureCalendar } from './calendar-table.ts'
import { buildDay, clearUnchecked } from './build-day.ts'
import { slotsOfDay } from './feature-statement.ts'
import { knowsHolidays, zoneOf } from './holidays.ts'
import { dayInputs } from './inputs.ts'
import { lastSnapshot } from './last-snapshot.ts'
import { readMarker } from './marker.ts'
import { ensureStationTables } from './station-tables.ts'

/** What to build. */
export interface BuildOptions {
  readonly city: string
  readonly timezone: string
  /** ISO 3166; null takes the one that the time zone tells, if it does. */
  readonly country: string | null
  /** Any time of the first day; default the first with status. */
  readonly from?: EpochSeconds
  /** Any time of the last day; default the last with status. */
  readonly to?: EpochSeconds
  readonly report: Reporter
  readonly signal?: AbortSignal
}

/** One UTC day after a build: `built` is false when it was up to date. */
export interface BuiltDay {
  readonly ds: string
  readonly rows: number
  readonly built: boolean
}

/** One day's statement leaves a core idle here and there; the next day's fills it. */
const AT_ONCE = 2

/**
 * Builds the features of every UTC day with status whose inputs changed since it was last built, each checked before it is
 * published. Run again, or killed and run again, it ends the same. CHECK_FAILED, at the end and with figures, when a day's
 * rows fail a check: that day stays as it was, the others are built. CANCELLED when the signal aborts.
 */
export async function buildFeatures(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  options: BuildOptions,
): Promise<{ days: BuiltDay[] }> {
  const { city, report, signal } = options
  const days = await daysToBuild(platform, options)
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return { days: [] }

  const zone = zoneOf(options.timezone, options.country)
  if (zone.country === null || !knowsHolidays(zone.country))
    report.warn(
      `No public holidays are known for ${zone.country ?? zone.timezone}: is_holiday is 0 on every day.`,
    )
  await clearUnchecked(platform.store, city)
  await ensureCalendar(platform, city, zone, withNeighbours(days))
  await ensureStationTables(platform, city, days)

  const knownUntil = await lastSnapshot(platform, city)
  const built = new Map<string, BuiltDay>()
  const failures: string[] = []
  const progress = report.start('features', days.length)
  try {
    await atOnce(days, AT_ONCE, async (ds) => {
      if (signal?.aborted) return
      const slots = slotsOfDay(parseDs(ds), knownUntil)
      const inputs_sha256 = await dayInputs(platform.store, city, ds, slots)
      const marker = await readMarker(platform.store, 'features', city, ds)
      if (marker?.inputs_sha256 === inputs_sha256 && marker.contract === FEATURE_CONTRACT) {
        built.set(ds, { ds, rows: marker.rows, built: false })
      } else {
        const result = await buildDay(platform, city, ds, slots, inputs_sha256)
        if (result.failures.length === 0) built.set(ds, { ds, rows: result.rows, built: true })
        else failures.push(`${ds}: ${result.failures.join('; ')}`)
        if (result.rows === 0)
          report.warn(`${ds} has status but no feature row: no station's information was in force.`)
      }
      progress.update(built.size + failures.length, ds)
    })
  } finally {
    progress.end(`${built.size} of ${days.length} days are up to date`)
  }
  if (signal?.aborted)
    throw new OperatorError(
      'CANCELLED',
      `the build of features was ended after ${built.size} of ${days.length} days`,
      'Run it again: the days that are done stay.',
    )
  if (failures.length > 0)
    throw new OperatorError(
      'CHECK_FAILED',
      `the features of ${failures.length} of ${days.length} days failed their checks and were not published:\n  ${failures
        .sort()
        .join('\n  ')}`,
      'Look at what the feed delivered on these days; the other days are built.',
    )
  return { days: days.flatMap((ds) => built.get(ds) ?? []) }
}

async function daysToBuild(
  { store }: Pick<Platform, 'store'>,
  { city, from, to }: BuildOptions,
): Promise<string[]> {
  const days = await statusDays(store, city)
  return days.filter((ds) => (from === undefined || ds >= dsOf(from)) && (to === undefined || ds <= dsOf(to)))
}

/** The days with the one before and the one after each, in order. */
function withNeighbours(days: readonly string[]): string[] {
  const all = days.flatMap((ds) => [-1, 0, 1].map((step) => dsOf(parseDs(ds) + step * DAY_SECONDS)))
  return [...new Set(all)].sort()
}
