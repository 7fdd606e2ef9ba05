import type { EpochSeconds } from '../../core/time.ts'
import { clamp } from './arithmetic.ts'
import type { CityKnobs } from './knobs.ts'
import { kilometres, type StationPlan } from './layout.ts'
import type { LocalClock } from './local-clock.ts'
import { Random } from './random.ts'
import { freeDocks, type CityState } from './state.ts'

const TRUCK_SPACE = 18
/** A stop puts right this share of what is off, and never more than this many bikes. */
const STOP_SHARE = 0.75
const STOP_BIKES = 9
const KM_PER_MINUTE = 0.33
const STOP_MINUTES = 7
const MINUTES_A_BIKE = 0.5
/** Minutes since local midnight within which each shift works. */
const SHIFTS = { night: [22 * 60 + 30, 4 * 60 + 30], day: [9 * 60, 20 * 60] } as const
/** A fill this far from what is wanted is left alone. */
const TOLERANCE = 0.18
/** Share of the broken bikes at the depot that are mended in a night. */
const MENDED = 0.5

interface Truck {
  readonly index: number
  readonly shift: keyof typeof SHIFTS
  at: number
  bikes: number
  ebikes: number
  broken: number
  busyUntil: EpochSeconds
  working: boolean
}

/** A crew that moves bikes between stations and the depot. */
export interface Trucks {
  /** Bikes on board of all trucks, broken ones included. */
  readonly aboard: number
  /** Lets every truck that is free act at `state.now`; called once a minute. */
  advance(): void
}

/**
 * Opens the trucks of a city. Their decisions are sensible but poor: what they believe of a station's fill and what they
 * want it to be are both noisy, some stops follow no reason, and there are too few trucks. So shortages remain, as they
 * do in real systems.
 */
export function openTrucks(
  seed: number,
  state: CityState,
  stations: readonly StationPlan[],
  knobs: CityKnobs,
  local: LocalClock,
): Trucks {
  const layout = new Random(seed, 'trucks', 0)
  const wanted = stations.map((s) =>
    clamp(0.47 + 0.04 * s.home - 0.04 * s.work + 0.1 * layout.normal(), 0.25, 0.75),
  )
  const claimed = new Set<number>()
  const crew = (shift: Truck['shift'], per100: number): Truck[] =>
    Array.from(
      { length: Math.max(per100 > 0 ? 1 : 0, Math.round((per100 * stations.length) / 100)) },
      () => ({
        index: 0,
        shift,
        at: layout.below(stations.length),
        bikes: 0,
        ebikes: 0,
        broken: 0,
        busyUntil: 0,
        working: false,
      }),
    )
  const trucks = [...crew('night', knobs.nightTrucksPer100), ...crew('day', knobs.dayTrucksPer100)].map(
    (truck, index) => Object.assign(truck, { index: index + 1 }),
  )
  const depotTarget = state.depot.bikes

  const begin = (truck: Truck): void => {
    truck.working = true
    const { depot } = state
    const share = Math.round(Math.max(0, depot.bikes - depotTarget / 2) / trucks.length)
    const taken = Math.min(TRUCK_SPACE, depot.bikes, Math.max(share, 4))
    const electric = Math.min(depot.ebikes, Math.round((taken * depot.ebikes) / Math.max(1, depot.bikes)))
    depot.bikes -= taken
    depot.ebikes -= electric
    truck.bikes += taken
    truck.ebikes += electric
  }
  const end = (truck: Truck): void => {
    truck.working = false
    claimed.delete(truck.at)
    state.depot.bikes += truck.bikes
    state.depot.ebikes += truck.ebikes
    state.depot.broken += truck.broken
    truck.bikes = truck.ebikes = truck.broken = 0
    if (truck.index !== 1) return
    const mended = Math.floor(state.depot.broken * MENDED)
    state.depot.broken -= mended
    state.depot.bikes += mended
  }

  /** The station where a truck can do most good, as it believes, for its way there. */
  const choose = (truck: Truck, random: Random): number => {
    const from = stations[truck.at]
    const whim = random.chance(knobs.truckWhim)
    let best = truck.at
    let bestWorth = 0
    const load = truck.bikes / TRUCK_SPACE
    stations.forEach((station, i) => {
      const misjudged = knobs.truckNoise * random.normal()
      if (claimed.has(i) || from === undefined || i === truck.at) return
      const docks = Math.max(1, state.docks[i] ?? 1)
      const off = (state.bikes[i] ?? 0) / docks + misjudged - (wanted[i] ?? 0.5)
      // A full truck looks for places to unload, an empty one for places to load.
      const use = off > 0 ? 1 - load : load
      const need = whim ? random.uniform() : Math.max(0, Math.abs(off) - TOLERANCE) * docks * use
      const worth = need / (1 + kilometres(from, station) / 1.5)
      if (worth > bestWorth) {
        bestWorth = worth
        best = i
      }
    })
    return best
  }

  /** Loads or unloads at the station where the truck stands; returns the bikes handled. */
  const work = (truck: Truck, random: Random): number => {
    const i = truck.at
    const goal = Math.round((wanted[i] ?? 0.5) * (state.docks[i] ?? 0) + 1.5 * random.normal())
    const picked = Math.min(state.disabled[i] ?? 0, TRUCK_SPACE - truck.bikes - truck.broken)
    state.disabled[i] = (state.disabled[i] ?? 0) - picked
    truck.broken += picked
    const bikes = state.bikes[i] ?? 0
    const off = Math.round(STOP_SHARE * (bikes - goal))
    const surplus = Math.sign(off) * Math.min(STOP_BIKES, Math.abs(off))
    if (surplus > 0) {
      const taken = Math.min(surplus, bikes, TRUCK_SPACE - truck.bikes - truck.broken)
      const electric = Math.min(
        state.ebikes[i] ?? 0,
        Math.round((taken * (state.ebikes[i] ?? 0)) / Math.max(1, bikes)),
      )
      state.bikes[i] = bikes - taken
      state.ebikes[i] = (state.ebikes[i] ?? 0) - electric
      truck.bikes += taken
      truck.ebikes += electric
      return picked + taken
    }
    const given = Math.min(-surplus, truck.bikes, Math.max(0, freeDocks(state, i)))
    // Never more ordinary bikes than there are on board.
    const electric = Math.max(
      given - (truck.bikes - truck.ebikes),
      Math.min(truck.ebikes, Math.round((given * truck.ebikes) / Math.max(1, truck.bikes))),
    )
    state.bikes[i] = bikes + given
    state.ebikes[i] = (state.ebikes[i] ?? 0) + electric
    truck.bikes -= given
    truck.ebikes -= electric
    state.counters.delivered += given
    return picked + given
  }

  return {
    get aboard() {
      return trucks.reduce((sum, truck) => sum + truck.bikes + truck.broken, 0)
    },
    advance() {
      const { minute } = local(state.now)
      for (const truck of trucks) {
        if (truck.busyUntil > state.now) continue
        const due = inShift(minute, truck.shift)
        if (!due) {
          if (truck.working) end(truck)
          continue
        }
        const random = new Random(seed, 'trucks', truck.index, Math.floor(state.now / 60))
        if (!truck.working) begin(truck)
        const handled = claimed.has(truck.at) ? work(truck, random) : 0
        claimed.delete(truck.at)
        const next = choose(truck, random)
        const here = stations[truck.at]
        const there = stations[next]
        const km = here === undefined || there === undefined ? 0 : kilometres(here, there)
        truck.at = next
        claimed.add(next)
        const minutes = STOP_MINUTES + handled * MINUTES_A_BIKE + km / KM_PER_MINUTE
        truck.busyUntil = state.now + Math.round(minutes * 60)
      }
    },
  }
}

function inShift(minute: number, shift: keyof typeof SHIFTS): boolean {
  const [from, to] = SHIFTS[shift]
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}
