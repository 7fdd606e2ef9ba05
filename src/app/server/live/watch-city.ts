import type { LiveEvent } from '../../../core/contracts/api/live.ts'
import { messageOf } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { ShownCity } from '../city-source.ts'
import { changedTopics, fingerprintOf, type Fingerprint } from './fingerprint.ts'

/** Looks at one city's lake for what is new. */
export interface CityWatch {
  /** Looks once; gives the event when something changed since the last look, and nothing at the first. */
  look(): Promise<LiveEvent | undefined>
}

/** A lake that cannot be read changes everything, and so does its coming back. */
export function watchCity(city: ShownCity, report: Reporter): CityWatch {
  let last: Fingerprint | 'unreadable' | undefined
  return {
    async look() {
      const before = last
      try {
        const source = await city.source()
        const now = source.now()
        const seen = await fingerprintOf(source.platform.store, source, now)
        last = seen
        if (before === undefined) return undefined
        if (before === 'unreadable') return { city: city.name, topics: [], now, resync: true }
        const topics = changedTopics(before, seen)
        return topics.length === 0 ? undefined : { city: city.name, topics, now, resync: false }
      } catch (error) {
        last = 'unreadable'
        if (before === 'unreadable' || before === undefined) return undefined
        report.warn(`${city.name}: the lake cannot be looked at: ${messageOf(error)}`)
        return { city: city.name, topics: [], now: 0, resync: true }
      }
    },
  }
}
