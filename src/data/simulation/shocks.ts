import { DAY_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { exp } from './arithmetic.ts'
import type { Nearby } from './flows.ts'
import type { CityKnobs } from './knobs.ts'
import type { LocalClock } from './local-clock.ts'
import { BLOCK_MINUTES } from './profiles.ts'
import { Random } from './random.ts'

/** People who come to a place, or leave it, within an hour or two; not announced to anyone. */
export interface LocalEvent {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  /** Towards the place, or away from it. */
  readonly inward: boolean
  /** Trips an hour, over all its stations. */
  readonly rate: number
  /** The stations of the place, nearest first; the first takes the most. */
  readonly stations: readonly number[]
}

/** A trip's end is the better of two draws, which halves the effect of this noise; so there is twice as much of it. */
const INWARD = 2
/** How far an event reaches, km. */
const EVENT_KM = 0.45

/** Slow noise of every station's demand, one value a block, as factors around one. Independent of the city's state. */
export class DemandNoise {
  readonly out: Float64Array
  readonly in: Float64Array
  #random: Random
  readonly #rho: number
  readonly #sigma: number
  readonly #logOut: Float64Array
  readonly #logIn: Float64Array

  constructor(seed: number, stations: number, knobs: CityKnobs) {
    this.#random = new Random(seed, 'shocks')
    this.#rho = exp(-BLOCK_MINUTES / 60 / knobs.noiseHours)
    this.#sigma = knobs.noise
    const start = (sigma: number) => new Float64Array(stations).map(() => sigma * this.#random.normal())
    this.#logOut = start(this.#sigma)
    this.#logIn = start(this.#sigma * INWARD)
    this.out = new Float64Array(stations)
    this.in = new Float64Array(stations)
  }

  /** From here on, another chance than the one so far. */
  branch(seed: number): void {
    this.#random = new Random(seed, 'shocks', 1)
  }

  /** Moves on by one block. */
  advance(): void {
    this.#move(this.#logOut, this.out, this.#sigma)
    this.#move(this.#logIn, this.in, this.#sigma * INWARD)
  }

  #move(logs: Float64Array, factors: Float64Array, sigma: number): void {
    const spread = sigma * Math.sqrt(1 - this.#rho * this.#rho)
    const half = (sigma * sigma) / 2
    for (let i = 0; i < logs.length; i++) {
      const x = this.#rho * (logs[i] ?? 0) + spread * this.#random.normal()
      logs[i] = x
      factors[i] = exp(x - half)
    }
  }
}

/** The events that begin in the 24 hours from `day`, in order of their start. */
export function drawEvents(
  seed: number,
  day: EpochSeconds,
  nearby: Nearby,
  knobs: CityKnobs,
  local: LocalClock,
): LocalEvent[] {
  const random = new Random(seed, 'events', Math.floor(day / DAY_SECONDS))
  const stations = nearby.station.length / nearby.reach
  const events: LocalEvent[] = []
  const count = random.poisson((knobs.eventsPer100 * stations) / 100)
  for (let n = 0; n < count; n++) {
    const centre = random.below(stations)
    const place = [centre]
    for (let r = 0; r < Math.min(3, nearby.reach); r++) {
      const cell = centre * nearby.reach + r
      if ((nearby.km[cell] ?? 1) < EVENT_KM) place.push(nearby.station[cell] ?? centre)
    }
    const starts = day + wakingSecond(random, day, local)
    const trips = knobs.eventTrips * exp(0.5 * random.normal())
    const arrive = random.between(2400, 5400)
    const stay = random.between(3600, 10_800)
    const leave = random.between(1800, 4200)
    const kind = random.uniform()
    if (kind < 0.7) {
      events.push({
        from: starts,
        to: starts + arrive,
        inward: true,
        rate: (trips * 3600) / arrive,
        stations: place,
      })
    }
    if (kind > 0.3) {
      const from = starts + arrive + stay
      events.push({ from, to: from + leave, inward: false, rate: (trips * 3600) / leave, stations: place })
    }
  }
  return events.sort((a, b) => a.from - b.from)
}

/** A second of the day that is between 7 and 22 local. */
function wakingSecond(random: Random, day: EpochSeconds, local: LocalClock): number {
  for (;;) {
    const second = random.below(DAY_SECONDS)
    const { minute } = local(day + second)
    if (minute >= 7 * 60 && minute < 22 * 60) return second
  }
}
