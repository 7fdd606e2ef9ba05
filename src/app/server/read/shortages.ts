import { HOUR_SECONDS, dsOf, type EpochSeconds } from '../../../core/time.ts'
import { learnDemand, type Demand } from '../../../operations/rebalancing/demand.ts'
import { lostRides } from '../../../operations/rebalancing/lost-rides.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import type { CitySource } from '../city-source.ts'
import { cacheOf, kept } from './read-cache.ts'
import { lakeDays } from './snapshot-times.ts'

const MINUTES = HOUR_SECONDS / 60

/** Rides that a station with these bikes and free docks is expected to lose in the next hour if nobody comes. */
export type ShortageOf = (stationId: string, bikes: number, docks: number) => number

const keyOf = (at: EpochSeconds): string => `demand/${dsOf(at)}`

/**
 * By the demand of the days before the one of `at`; undefined when there is no such day, or `learnShortages` has not been
 * asked to learn from them: that takes seconds.
 */
export function shortagesAt(source: CitySource, at: EpochSeconds): ShortageOf | undefined {
  const demand = cacheOf(source).answers.peek(keyOf(at)) as Demand | undefined
  if (!demand || demand.days.length === 0) return undefined
  return (stationId, bikes, docks) => {
    const none = new Float64Array(bikes + docks + 1)
    return lostRides(demand.minutes(stationId, at, MINUTES), 0, MINUTES, none)[bikes] ?? 0
  }
}

/** Learns what `shortagesAt` tells of the day of `at`, unless it is learnt. */
export async function learnShortages(source: CitySource, at: EpochSeconds): Promise<void> {
  const { city, timezone, country } = source.info
  const past = (await lakeDays(source)).filter((ds) => ds < dsOf(at))
  const { warehouse } = source.platform
  await kept(cacheOf(source).answers, keyOf(at), past.join(), () =>
    learnDemand({ store: inMemory(source), warehouse }, { city, timezone, country }, at),
  )
}

/** The lake's store, with what is written kept in memory: a day is counted once, and nothing is written by a reader. */
function inMemory(source: CitySource): ObjectStore {
  const { lists } = cacheOf(source)
  const { store } = source.platform
  const keep = (key: string): string => `written/${key}`
  return {
    ...store,
    get: async (key) => (lists.peek(keep(key)) as Awaited<ReturnType<ObjectStore['get']>>) ?? store.get(key),
    put: (key, body) => {
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
      lists.keep(keep(key), '', { body: bytes, etag: '' })
      return Promise.resolve({ etag: '' })
    },
  }
}
