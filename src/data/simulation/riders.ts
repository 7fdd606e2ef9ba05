import { RIDER, type Demand } from './demand.ts'
import type { Nearby } from './flows.ts'
import { freeDocks, type CityState } from './state.ts'

/** How far a rider walks to another station's bike, km. */
const WALK_KM = 0.5
/** Minutes on a bike per km when a rider looks for another dock. */
const DETOUR_MINUTES_PER_KM = 6
/** Minutes until a rider who found no dock anywhere tries again. */
const WAIT_MINUTES = 10
/** No trip or detour lasts this long. */
const HORIZON_MINUTES = 128

/** Bikes on the street: who left when, and where they will be put back. */
export interface Riders {
  /** Bikes being ridden. */
  readonly riding: number
  /** Puts back the bikes that arrive in minute `minute` (counted from the city's start). */
  arrive(minute: number): void
  /** Takes the bikes of the demand for minute `offset` of its block, which is `minute` of the city. */
  depart(demand: Demand, offset: number, minute: number): void
}

/** Opens the street of a city: empty. */
export function openRiders(state: CityState, nearby: Nearby): Riders {
  // One list of [destination, ebike, breaks] triples per minute to come, in a ring.
  const ring: number[][] = Array.from({ length: HORIZON_MINUTES }, () => [])
  let riding = 0

  const ride = (minute: number, destination: number, ebike: number, breaks: number): void => {
    ring[minute % HORIZON_MINUTES]?.push(destination, ebike, breaks)
  }

  const park = (minute: number, destination: number, ebike: number, breaks: number): void => {
    if (state.returning[destination] === 1 && freeDocks(state, destination) > 0) {
      riding--
      if (breaks === 1) add(state.disabled, destination, 1)
      else {
        add(state.bikes, destination, 1)
        add(state.ebikes, destination, ebike)
      }
      return
    }
    state.counters.diverted++
    const base = destination * nearby.reach
    for (let r = 0; r < nearby.reach; r++) {
      const other = nearby.station[base + r] ?? 0
      if (state.returning[other] !== 1 || freeDocks(state, other) <= 0) continue
      const minutes = 1 + Math.round((nearby.km[base + r] ?? 0) * DETOUR_MINUTES_PER_KM)
      ride(minute + Math.min(minutes, HORIZON_MINUTES - 1), other, ebike, breaks)
      return
    }
    ride(minute + WAIT_MINUTES, destination, ebike, breaks)
  }

  /** The station whose bike a rider at `origin` takes; undefined when there is none within a walk. */
  const bikeFor = (origin: number, walks: boolean): number | undefined => {
    if (state.renting[origin] === 1 && (state.bikes[origin] ?? 0) > 0) return origin
    if (!walks) return undefined
    const base = origin * nearby.reach
    for (let r = 0; r < nearby.reach && (nearby.km[base + r] ?? WALK_KM) < WALK_KM; r++) {
      const other = nearby.station[base + r] ?? 0
      if (state.renting[other] === 1 && (state.bikes[other] ?? 0) > 0) return other
    }
    return undefined
  }

  let cursor = 0
  let current: Demand | undefined
  return {
    get riding() {
      return riding
    },
    arrive(minute) {
      const slot = minute % HORIZON_MINUTES
      const due = ring[slot] ?? []
      ring[slot] = []
      for (let k = 0; k < due.length; k += 3) park(minute, due[k] ?? 0, due[k + 1] ?? 0, due[k + 2] ?? 0)
    },
    depart(demand, offset, minute) {
      if (demand !== current) {
        current = demand
        cursor = 0
      }
      for (; cursor < demand.count && demand.minute[cursor] === offset; cursor++) {
        const bits = demand.rider[cursor] ?? 0
        const origin = bikeFor(demand.origin[cursor] ?? 0, (bits & RIDER.walks) !== 0)
        if (origin === undefined) {
          state.counters.lost++
          continue
        }
        const electric = state.ebikes[origin] ?? 0
        const wantsElectric = (bits & RIDER.prefersEbike) !== 0
        const ebike = electric > 0 && (wantsElectric || electric === state.bikes[origin]) ? 1 : 0
        add(state.bikes, origin, -1)
        add(state.ebikes, origin, -ebike)
        riding++
        state.counters.trips++
        const minutes = demand.minutes[cursor] ?? 1
        ride(minute + minutes, demand.destination[cursor] ?? 0, ebike, (bits & RIDER.breaks) === 0 ? 0 : 1)
      }
    },
  }
}

function add(counts: Int32Array, i: number, n: number): void {
  counts[i] = (counts[i] ?? 0) + n
}
