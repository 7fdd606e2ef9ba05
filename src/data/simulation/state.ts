import type { EpochSeconds } from '../../core/time.ts'
import type { StationPlan } from './layout.ts'

/** Where every bike is. The sum never changes while a city runs. */
export interface Ledger {
  readonly available: number
  readonly disabled: number
  readonly riding: number
  readonly trucks: number
  readonly depot: number
  readonly total: number
}

/** What happened since the city was made. */
export interface Counters {
  trips: number
  /** Riders who found no bike and gave up. */
  lost: number
  /** Riders who found no free dock and went on to another station. */
  diverted: number
  /** Bikes that trucks put down. */
  delivered: number
}

/** The stations as they are now; arrays are indexed by station. Only the city's own parts write to it. */
export interface CityState {
  now: EpochSeconds
  /** Bikes that can be taken, e-bikes included. */
  readonly bikes: Int32Array
  readonly ebikes: Int32Array
  /** Bikes out of order, in a dock. */
  readonly disabled: Int32Array
  /** Docks that stand there. */
  readonly docks: Int32Array
  readonly docksDisabled: Int32Array
  /** 1 when the station rents, takes bikes back. */
  readonly renting: Uint8Array
  readonly returning: Uint8Array
  readonly depot: { bikes: number; ebikes: number; broken: number }
  readonly counters: Counters
}

/** Free docks of station `i`. */
export function freeDocks(state: CityState, i: number): number {
  return (
    (state.docks[i] ?? 0) - (state.bikes[i] ?? 0) - (state.disabled[i] ?? 0) - (state.docksDisabled[i] ?? 0)
  )
}

/** All stations open, each filled to `fills[i]` of its docks. */
export function openState(
  now: EpochSeconds,
  stations: readonly StationPlan[],
  fills: ArrayLike<number>,
  ebikes: number,
): CityState {
  const docks = Int32Array.from(stations, (s) => s.docks)
  const bikes = docks.map((count, i) => Math.round(count * (fills[i] ?? 0)))
  return {
    now,
    bikes,
    ebikes: bikes.map((count) => Math.round(count * ebikes)),
    disabled: new Int32Array(stations.length),
    docks,
    docksDisabled: new Int32Array(stations.length),
    renting: new Uint8Array(stations.length).fill(1),
    returning: new Uint8Array(stations.length).fill(1),
    depot: { bikes: Math.round(stations.length * 0.3), ebikes: 0, broken: 0 },
    counters: { trips: 0, lost: 0, diverted: 0, delivered: 0 },
  }
}
