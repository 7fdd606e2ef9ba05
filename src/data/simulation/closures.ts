import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { exp } from './arithmetic.ts'
import type { CityKnobs } from './knobs.ts'
import type { StationPlan } from './layout.ts'
import { Random } from './random.ts'
import { freeDocks, type CityState } from './state.ts'

/** A station that does not rent, does not take bikes back, or neither, for a while. */
export interface Closure {
  readonly station: number
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  readonly renting: boolean
  readonly returning: boolean
  /** Docks that are added (below zero: taken away) when it opens again. */
  readonly docksAdded: number
}

/** One closure in this many comes with another number of docks. */
const REBUILT = 1 / 12
/** Docks out of order: how often one breaks per station and day, and how long it stays so on average. */
const DOCK_BREAKS = 0.05
const DOCK_REPAIR_DAYS = 4

/** The closures that begin in the 24 hours from `day`. */
export function drawClosures(
  seed: number,
  day: EpochSeconds,
  stations: readonly StationPlan[],
  knobs: CityKnobs,
): Closure[] {
  const random = new Random(seed, 'closures', Math.floor(day / DAY_SECONDS))
  const count = random.poisson(knobs.closures * stations.length)
  return Array.from({ length: count }, () => {
    const from = day + random.below(DAY_SECONDS)
    const hours = knobs.closureHours * exp(0.7 * random.normal())
    const kind = random.uniform()
    return {
      station: random.below(stations.length),
      from,
      to: from + Math.round(hours * HOUR_SECONDS),
      renting: kind < 0.1,
      returning: kind > 0.8,
      docksAdded: random.chance(REBUILT) ? (random.chance(0.7) ? 1 : -1) * (2 + random.below(5)) : 0,
    }
  })
}

/** Closes, opens and rebuilds stations as time goes by; breaks and mends docks. */
export interface Works {
  /** Brings the state to `state.now`; called once a minute. */
  advance(): void
}

/** Opens the works of a city. */
export function openWorks(
  seed: number,
  state: CityState,
  stations: readonly StationPlan[],
  knobs: CityKnobs,
): Works {
  let drawnUntil = state.now
  let pending: Closure[] = []
  let active: Closure[] = []

  const reopen = (closure: Closure): void => {
    const i = closure.station
    const added = Math.max(closure.docksAdded, -freeDocks(state, i), 8 - (state.docks[i] ?? 0))
    if (closure.docksAdded !== 0) state.docks[i] = (state.docks[i] ?? 0) + added
  }
  const flag = (): void => {
    state.renting.fill(1)
    state.returning.fill(1)
    for (const closure of active) {
      if (!closure.renting) state.renting[closure.station] = 0
      if (!closure.returning) state.returning[closure.station] = 0
    }
  }
  const tendDocks = (day: EpochSeconds): void => {
    const random = new Random(seed, 'closures', Math.floor(day / DAY_SECONDS), 1)
    for (let i = 0; i < stations.length; i++) {
      const broken = state.docksDisabled[i] ?? 0
      const breaks = random.chance(DOCK_BREAKS)
      const mends = random.chance(1 / DOCK_REPAIR_DAYS)
      if (breaks && freeDocks(state, i) > 0) state.docksDisabled[i] = broken + 1
      else if (mends && broken > 0) state.docksDisabled[i] = broken - 1
    }
  }

  return {
    advance() {
      if (state.now >= drawnUntil) {
        pending.push(...drawClosures(seed, drawnUntil, stations, knobs))
        tendDocks(drawnUntil)
        drawnUntil += DAY_SECONDS
      }
      const begun = pending.filter((closure) => closure.from <= state.now)
      const ended = active.filter((closure) => closure.to <= state.now)
      if (begun.length === 0 && ended.length === 0) return
      ended.forEach(reopen)
      pending = pending.filter((closure) => closure.from > state.now)
      active = [...active, ...begun].filter((closure) => closure.to > state.now)
      flag()
    },
  }
}
