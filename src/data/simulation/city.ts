import { OperatorError } from '../../core/errors.ts'
import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { clamp } from './arithmetic.ts'
import { openWorks } from './closures.ts'
import { openDemand, type Branch, type Demand } from './demand.ts'
import { findNearby, layOutFlows, type Nearby } from './flows.ts'
import { DEFAULT_KNOBS, type CityKnobs } from './knobs.ts'
import { DEFAULT_CENTRE, layOutStations, type StationPlan } from './layout.ts'
import { openLocalClock, type LocalClock } from './local-clock.ts'
import { openMoves, type Move } from './moves.ts'
import { BLOCK_MINUTES } from './profiles.ts'
import { Random } from './random.ts'
import { openRiders } from './riders.ts'
import { openState, type CityState, type Ledger } from './state.ts'
import { openTrucks } from './trucks.ts'
import { simulateWeather, type SimulatedHour } from './weather.ts'

/** What makes a city. The same options make the same city, on every machine. */
export interface CityOptions {
  /** Any integer. */
  readonly seed: number
  /** At least 10. */
  readonly stations: number
  /** The first moment, a whole quarter of an hour. */
  readonly from: EpochSeconds
  readonly timezone: string
  /** ISO 3166 code for public holidays; null has none. Default US. */
  readonly country?: string | null
  /** Where the centre lies; the latitude sets the climate. */
  readonly centre?: { readonly lat: number; readonly lon: number }
  readonly knobs?: Partial<CityKnobs>
  /** Days lived before `from`, so that it does not begin with every station as planned. Default 4. */
  readonly warmUpDays?: number
  /** Another future than the one that the seed has. Two cities that differ in it alone are the same until then. */
  readonly branch?: Branch
}

/**
 * A city that lives minute by minute. Demand, weather, events and closures do not depend on its state: two cities of the
 * same options that are given different moves meet the same riders, so that their difference is what the moves did.
 */
export interface City {
  readonly stations: readonly StationPlan[]
  readonly nearby: Nearby
  readonly local: LocalClock
  /** To be read, not written. */
  readonly state: CityState
  /** Lives on for `minutes` whole minutes; moves begin at once. */
  step(minutes: number, moves?: readonly Move[]): void
  /** Where the bikes are. */
  ledger(): Ledger
  /** The weather of the hour that holds `t`, at or after the warm-up's start. */
  weatherAt(t: EpochSeconds): SimulatedHour
}

const MIN_STATIONS = 10
const BLOCK_SECONDS = BLOCK_MINUTES * 60

/** Makes a city and lets it live through its warm-up. Throws USAGE for options that make no city. */
export function createCity(o: CityOptions): City {
  check(o)
  const knobs: CityKnobs = { ...DEFAULT_KNOBS, ...o.knobs }
  const centre = o.centre ?? DEFAULT_CENTRE
  const start = o.from - (o.warmUpDays ?? 4) * DAY_SECONDS
  const local = openLocalClock(o.timezone, o.country === undefined ? 'US' : o.country)
  const stations = layOutStations(o.seed, o.stations, knobs, centre)
  const nearby = findNearby(stations)
  const flows = layOutFlows(o.seed, stations, nearby, knobs)
  const weatherAt = openWeather(o.seed, start, centre.lat, local)
  const demand = openDemand({
    seed: o.seed,
    from: start,
    stations,
    nearby,
    flows,
    knobs,
    local,
    weatherAt,
    ...(o.branch === undefined ? {} : { branch: o.branch }),
  })
  const random = new Random(o.seed, 'start')
  const fills = stations.map(() => clamp(knobs.fill + 0.18 * random.normal(), 0, 0.95))
  const state = openState(start, stations, fills, knobs.ebikes)
  const riders = openRiders(state, nearby)
  const trucks = openTrucks(o.seed, state, stations, knobs, local)
  const works = openWorks(o.seed, state, stations, knobs)
  const moves = openMoves(state)

  let block: Demand = demand.next()
  const live = (): void => {
    const minute = Math.floor((state.now - start) / 60)
    const offset = minute % BLOCK_MINUTES
    if (state.now >= block.from + BLOCK_SECONDS) block = demand.next()
    works.advance()
    riders.arrive(minute)
    riders.depart(block, offset, minute)
    trucks.advance()
    moves.advance()
    state.now += 60
  }
  const city: City = {
    stations,
    nearby,
    local,
    state,
    weatherAt,
    step(minutes, given = []) {
      for (const move of given) moves.begin(move)
      for (let n = 0; n < minutes; n++) live()
    },
    ledger() {
      const available = sum(state.bikes)
      const disabled = sum(state.disabled)
      const aboard = trucks.aboard + moves.aboard
      const depot = state.depot.bikes + state.depot.broken
      const total = available + disabled + riders.riding + aboard + depot
      return { available, disabled, riding: riders.riding, trucks: aboard, depot, total }
    },
  }
  city.step((o.from - start) / 60)
  return city
}

function openWeather(
  seed: number,
  start: EpochSeconds,
  latitude: number,
  local: LocalClock,
): (t: EpochSeconds) => SimulatedHour {
  const source = simulateWeather(seed, start, latitude, local)
  const first = Math.floor(start / HOUR_SECONDS)
  const hours: SimulatedHour[] = []
  return (t) => {
    const index = Math.max(0, Math.floor(t / HOUR_SECONDS) - first)
    for (;;) {
      const hour = hours[index]
      if (hour !== undefined) return hour
      hours.push(source.next().value)
    }
  }
}

function check(o: CityOptions): void {
  if (!Number.isInteger(o.stations) || o.stations < MIN_STATIONS) {
    throw new OperatorError('USAGE', `a city of ${o.stations} stations`, `Give at least ${MIN_STATIONS}.`)
  }
  if (!Number.isSafeInteger(o.seed)) throw new OperatorError('USAGE', `seed ${o.seed}`, 'Give an integer.')
  const warmUp = o.warmUpDays ?? 0
  if (!Number.isInteger(warmUp) || warmUp < 0) {
    throw new OperatorError('USAGE', `a warm-up of ${warmUp} days`, 'Give a whole number of days.')
  }
  if (o.from % BLOCK_SECONDS !== 0) {
    throw new OperatorError('USAGE', `the city begins at ${o.from}`, 'Begin at a quarter of an hour.')
  }
}

function sum(counts: Int32Array): number {
  return counts.reduce((total, count) => total + count, 0)
}
