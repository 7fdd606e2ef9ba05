import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { clamp, exp, squared } from './arithmetic.ts'
import { endOf, type Flow, type Nearby } from './flows.ts'
import type { CityKnobs } from './knobs.ts'
import { kilometres, type StationPlan } from './layout.ts'
import type { LocalClock } from './local-clock.ts'
import { BLOCK_MINUTES, profileOf, PURPOSES, type Purpose } from './profiles.ts'
import { Random } from './random.ts'
import { DemandNoise, drawEvents, type LocalEvent } from './shocks.ts'
import { ridersFactor, type SimulatedHour } from './weather.ts'

/** What a rider brings along, drawn with the trip so that it does not depend on what happens in the city. */
export const RIDER = {
  /** Takes an e-bike when there is one. */
  prefersEbike: 1,
  /** Walks to another station when this one has no bike. */
  walks: 2,
  /** The bike is out of order after the trip. */
  breaks: 4,
} as const

/** The trips that people want to begin in one block of 15 minutes, ordered by minute. */
export interface Demand {
  readonly from: EpochSeconds
  readonly count: number
  /** Minute of the block, 0..14. */
  readonly minute: Uint8Array
  readonly origin: Int32Array
  readonly destination: Int32Array
  /** Travel time. */
  readonly minutes: Uint16Array
  /** Bits of RIDER. */
  readonly rider: Uint8Array
}

/** Draws demand block after block. What it draws depends on the seed and the time alone, never on the city's state. */
export interface DemandSource {
  next(): Demand
}

/** Everything that demand needs to know about a city. */
export interface DemandOptions {
  readonly seed: number
  readonly from: EpochSeconds
  readonly stations: readonly StationPlan[]
  readonly nearby: Nearby
  readonly flows: Readonly<Record<Purpose, Flow>>
  readonly knobs: CityKnobs
  readonly local: LocalClock
  /** The weather in force at a time. */
  readonly weatherAt: (t: EpochSeconds) => SimulatedHour
  readonly branch?: Branch
}

/** Another future: from the first block at or after `at`, riders and their habits follow another seed. Weather and events stay. */
export interface Branch {
  readonly at: EpochSeconds
  readonly seed: number
}

const BLOCK_SECONDS = BLOCK_MINUTES * 60
const MAX_TRIP_MINUTES = 90
/** Standard deviation of the logarithm of a whole day's demand. */
const DAY_SPREAD = 0.08
const LEISURE: ReadonlySet<Purpose> = new Set<Purpose>(['out', 'back'])

/** Opens the demand of a city at its first block. */
export function openDemand(o: DemandOptions): DemandSource {
  const profiles = {
    working: PURPOSES.map((purpose) => profileOf(purpose, false)),
    free: PURPOSES.map((purpose) => profileOf(purpose, true)),
  }
  const noise = new DemandNoise(o.seed, o.stations.length, o.knobs)
  const cumulative = new Float64Array(o.stations.length)
  let events: LocalEvent[] = []
  let eventsUntil = o.from
  let from = o.from
  let { seed } = o

  return {
    next() {
      if (o.branch && from >= o.branch.at && seed !== o.branch.seed) noise.branch((seed = o.branch.seed))
      const random = new Random(seed, 'demand', Math.floor(from / BLOCK_SECONDS))
      noise.advance()
      if (from >= eventsUntil) {
        events = events.filter((event) => event.to > from)
        events.push(...drawEvents(o.seed, eventsUntil, o.nearby, o.knobs, o.local))
        eventsUntil += DAY_SECONDS
      }
      const moment = o.local(from)
      const ofDay = exp(DAY_SPREAD * new Random(o.seed, 'day', moment.day).normal())
      const weather = o.weatherAt(from)
      const block = Math.floor(moment.minute / BLOCK_MINUTES)
      const draft = new Draft(o, noise, random)

      PURPOSES.forEach((purpose, k) => {
        const flow = o.flows[purpose]
        const profile = profiles[moment.free ? 'free' : 'working'][k]
        let total = 0
        for (let i = 0; i < cumulative.length; i++) {
          total += (flow.origins[i] ?? 0) * (noise.out[i] ?? 1)
          cumulative[i] = total
        }
        const riders = ridersFactor(weather, LEISURE.has(purpose)) * ofDay
        const trips = o.knobs.tripsPerStation * o.stations.length * (profile?.[block] ?? 0) * riders * total
        for (let n = random.poisson(trips); n > 0; n--) {
          const origin = firstAbove(cumulative, random.uniform() * total)
          draft.add(origin, draft.end(flow, origin), random.below(BLOCK_MINUTES))
        }
      })

      for (const event of events) {
        const overlap = Math.min(event.to, from + BLOCK_SECONDS) - Math.max(event.from, from)
        if (overlap <= 0) continue
        for (let n = random.poisson((event.rate * overlap) / HOUR_SECONDS); n > 0; n--) {
          const nth = Math.floor(squared(random.uniform()) * event.stations.length)
          const place = event.stations[nth] ?? 0
          const other = draft.end(o.flows.errand, place)
          if (event.inward) draft.add(other, place, random.below(BLOCK_MINUTES))
          else draft.add(place, other, random.below(BLOCK_MINUTES))
        }
      }
      const demand = draft.finish(from)
      from += BLOCK_SECONDS
      return demand
    },
  }
}

/** Trips of one block as they are drawn. */
class Draft {
  readonly #o: DemandOptions
  readonly #noise: DemandNoise
  readonly #random: Random
  readonly #trips: number[][] = Array.from({ length: BLOCK_MINUTES }, () => [])

  constructor(o: DemandOptions, noise: DemandNoise, random: Random) {
    this.#o = o
    this.#noise = noise
    this.#random = random
  }

  /** Of two ends that were drawn, the one in demand just now wins the more often. */
  end(flow: Flow, origin: number): number {
    const random = this.#random
    const a = endOf(flow, this.#o.nearby, origin, random.uniform())
    const b = endOf(flow, this.#o.nearby, origin, random.uniform())
    const pullA = this.#noise.in[a] ?? 1
    const pullB = this.#noise.in[b] ?? 1
    return random.uniform() * (pullA + pullB) < pullA ? a : b
  }

  add(origin: number, destination: number, minute: number): void {
    const random = this.#random
    const minutes = this.#travelMinutes(origin, destination)
    const rider =
      (random.chance(this.#o.knobs.ebikes * 1.3) ? RIDER.prefersEbike : 0) |
      (random.chance(0.35) ? RIDER.walks : 0) |
      (random.chance(this.#o.knobs.breakage) ? RIDER.breaks : 0)
    this.#trips[minute]?.push(origin, destination, minutes, rider)
  }

  finish(from: EpochSeconds): Demand {
    const count = this.#trips.reduce((sum, trips) => sum + trips.length / 4, 0)
    const minute = new Uint8Array(count)
    const origin = new Int32Array(count)
    const destination = new Int32Array(count)
    const minutes = new Uint16Array(count)
    const rider = new Uint8Array(count)
    let n = 0
    this.#trips.forEach((trips, m) => {
      for (let k = 0; k < trips.length; k += 4, n++) {
        minute[n] = m
        origin[n] = trips[k] ?? 0
        destination[n] = trips[k + 1] ?? 0
        minutes[n] = trips[k + 2] ?? 0
        rider[n] = trips[k + 3] ?? 0
      }
    })
    return { from, count, minute, origin, destination, minutes, rider }
  }

  #travelMinutes(origin: number, destination: number): number {
    const [a, b] = [this.#o.stations[origin], this.#o.stations[destination]]
    if (a === undefined || b === undefined) return 1
    const km = 1.3 * kilometres(a, b)
    const climb = Math.max(0, b.elevation - a.elevation)
    const kph = 13 * exp(0.18 * this.#random.normal())
    return Math.round(clamp(2 + (60 * km) / kph + climb / 15, 2, MAX_TRIP_MINUTES))
  }
}

/** The first index whose value is above `x`, in ascending values. */
function firstAbove(ascending: Float64Array, x: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) > x) high = middle
    else low = middle + 1
  }
  return low
}
