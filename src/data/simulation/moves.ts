import type { EpochSeconds } from '../../core/time.ts'
import { freeDocks, type CityState } from './state.ts'

/** Bikes taken from one station and brought to another from outside: what a rebalancing plan would do. */
export interface Move {
  /** Indices of stations. */
  readonly from: number
  readonly to: number
  /** At most this many; fewer when there are fewer. */
  readonly bikes: number
  /** Whole minutes on the way, at least 1. */
  readonly minutes: number
}

/** Moves under way. */
export interface Moves {
  readonly aboard: number
  begin(move: Move): void
  /** Delivers what is due; what finds no dock goes to the depot. Called once a minute. */
  advance(): void
}

/** Opens a city's moves: none. */
export function openMoves(state: CityState): Moves {
  let underWay: { to: number; bikes: number; ebikes: number; due: EpochSeconds }[] = []
  return {
    get aboard() {
      return underWay.reduce((total, move) => total + move.bikes, 0)
    },
    begin({ from, to, bikes, minutes }) {
      const there = state.bikes[from] ?? 0
      const taken = Math.max(0, Math.min(Math.floor(bikes), there))
      if (taken === 0) return
      const electric = Math.round((taken * (state.ebikes[from] ?? 0)) / there)
      state.bikes[from] = there - taken
      state.ebikes[from] = (state.ebikes[from] ?? 0) - electric
      underWay.push({ to, bikes: taken, ebikes: electric, due: state.now + Math.max(1, minutes) * 60 })
    },
    advance() {
      if (underWay.every((move) => move.due > state.now)) return
      for (const move of underWay.filter(({ due }) => due <= state.now)) {
        const fits = Math.min(move.bikes, Math.max(0, freeDocks(state, move.to)))
        const electric = Math.round((fits * move.ebikes) / move.bikes)
        state.bikes[move.to] = (state.bikes[move.to] ?? 0) + fits
        state.ebikes[move.to] = (state.ebikes[move.to] ?? 0) + electric
        state.counters.delivered += fits
        state.depot.bikes += move.bikes - fits
        state.depot.ebikes += move.ebikes - electric
      }
      underWay = underWay.filter(({ due }) => due > state.now)
    },
  }
}
