import type { Plan } from '../../core/contracts/plan.ts'
import type { EpochSeconds } from '../../core/time.ts'

/** Bikes on their way: what a plan comes down to. */
export interface PlanMove {
  readonly from: string
  readonly to: string
  readonly bikes: number
  readonly loadedAt: EpochSeconds
  readonly unloadedAt: EpochSeconds
}

/** The moves of a plan's routes, in order of loading: the bikes that were loaded first are unloaded first. */
export function planMoves({ routes }: Pick<Plan, 'routes'>): PlanMove[] {
  const moves: PlanMove[] = []
  for (const { stops } of routes) {
    const aboard: { from: string; bikes: number; at: EpochSeconds }[] = []
    for (const stop of stops) {
      if (stop.action === 'load') {
        aboard.push({ from: stop.station_id, bikes: stop.bikes, at: stop.arrives_at })
        continue
      }
      for (let left = stop.bikes; left > 0;) {
        const first = aboard[0]
        if (first === undefined) break
        const bikes = Math.min(left, first.bikes)
        const { from, at: loadedAt } = first
        moves.push({ from, to: stop.station_id, bikes, loadedAt, unloadedAt: stop.arrives_at })
        first.bikes -= bikes
        left -= bikes
        if (first.bikes === 0) aboard.shift()
      }
    }
  }
  return moves.sort((a, b) => a.loadedAt - b.loadedAt)
}
