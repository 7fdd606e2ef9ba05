import { messageOf } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'
import {
  openCityScheduler,
  type CityScheduler,
  type CityTick,
  type SchedulerOptions,
} from './city-scheduler.ts'
import type { ScheduledCity } from './job.ts'
import type { LeaseRecord } from './lease.ts'
import { reporterOf } from './reporter.ts'

/** What one moment's work came to, by city. */
export interface TickResult {
  readonly cities: readonly CityTick[]
  /** Cities whose tick failed, and why; the others went on. */
  readonly failed: readonly { readonly city: string; readonly error: unknown }[]
}

/** Schedulers of several cities, side by side; each with a platform and a lease of its own. */
export interface Scheduler {
  readonly cities: readonly CityScheduler[]
  /** Takes the leases; gives those that others hold. */
  begin(): Promise<readonly { readonly city: string; readonly heldBy: LeaseRecord }[]>
  /** Does, in order, all that is due at `now`. */
  tick(now: EpochSeconds): Promise<TickResult>
  /** When the next tick has something to do, after `now`. */
  nextDue(now: EpochSeconds): EpochSeconds
  /** Waits until the slow lanes have nothing more to do. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** Makes the schedulers of `cities`; nothing is touched before `begin`. */
export function openScheduler(
  options: SchedulerOptions & { readonly cities: readonly ScheduledCity[] },
): Scheduler {
  const many = options.cities.length > 1
  const cities = options.cities.map((city) =>
    openCityScheduler(city, many ? { ...options, report: reporterOf(options.report, city.name) } : options),
  )
  return {
    cities,
    async begin() {
      const taken = await Promise.all(
        cities.map(async (scheduler) => ({ city: scheduler.city, heldBy: await scheduler.begin() })),
      )
      return taken.flatMap(({ city, heldBy }) => (heldBy ? [{ city, heldBy }] : []))
    },
    async tick(now) {
      const results = await Promise.allSettled(cities.map((scheduler) => scheduler.tick(now)))
      return {
        cities: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
        failed: results.flatMap((result, i) =>
          result.status === 'rejected'
            ? [{ city: cities[i]?.city ?? '', error: result.reason as unknown }]
            : [],
        ),
      }
    },
    nextDue: (now) => Math.min(...cities.map((scheduler) => scheduler.nextDue(now))),
    async idle() {
      await Promise.all(cities.map((scheduler) => scheduler.idle()))
    },
    async close() {
      const closed = await Promise.allSettled(cities.map((scheduler) => scheduler.close()))
      for (const result of closed)
        if (result.status === 'rejected') options.report.warn(messageOf(result.reason))
    },
  }
}
