import { setImmediate as breathe } from 'node:timers/promises'
import type { Plan, PlanScore } from '../../core/contracts/plan.ts'
import { OperatorError } from '../../core/errors.ts'
import { DAY_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { createCity, type City, type CityOptions } from '../../data/simulation/city.ts'
import type { Move } from '../../data/simulation/moves.ts'
import { pairedInterval } from './paired-interval.ts'
import { planMoves, type PlanMove } from './plan-moves.ts'

/** How many futures, and what hears of them. */
export interface SimulatedOptions {
  readonly city: CityOptions
  readonly futures: number
  readonly progress?: (done: number) => void
  readonly signal?: AbortSignal
}

/** Riders of one future, and those of them who were lost: without any moves, and with each plan's. */
export interface LivedFuture {
  readonly seed: number
  readonly riders: number
  readonly lostWithout: number
  readonly lostWith: readonly number[]
}

/**
 * What plans' moves do to the riders of a simulated city: from `at` to the horizon's end the city is lived through with each
 * plan's moves and without any, in each of some futures. The past is the same in all; the riders of a future are the same
 * with and without. Lost are riders who found no bike, and returns that found no dock.
 */
export async function liveFutures(
  span: Pick<Plan, 'at' | 'horizon_ends_at'>,
  plans: readonly Pick<Plan, 'routes'>[],
  o: SimulatedOptions,
): Promise<LivedFuture[]> {
  const futures: LivedFuture[] = []
  for (let n = 1; n <= o.futures; n++) {
    const seed = o.city.seed * 1000 + n
    const city = { ...o.city, branch: { at: span.at, seed } }
    const without = await live(city, span, [], o.signal)
    const lostWith: number[] = []
    for (const plan of plans) lostWith.push((await live(city, span, planMoves(plan), o.signal)).lost)
    futures.push({ seed, riders: without.riders, lostWithout: without.lost, lostWith })
    o.progress?.(n)
  }
  return futures
}

/** A plan's effect in a simulated city, with its interval. */
export async function simulatedScore(
  plan: Pick<Plan, 'at' | 'horizon_ends_at' | 'routes'>,
  o: SimulatedOptions,
): Promise<NonNullable<PlanScore['simulated']>> {
  const futures = await liveFutures(plan, [plan], o)
  const lostWith = futures.map((future) => future.lostWith[0] ?? future.lostWithout)
  return {
    seeds: futures.map(({ seed }) => seed),
    riders: futures.reduce((sum, { riders }) => sum + riders, 0),
    lost_without: futures.map(({ lostWithout }) => lostWithout),
    lost_with: lostWith,
    avoided: pairedInterval(futures.map(({ lostWithout }, n) => lostWithout - (lostWith[n] ?? 0))),
  }
}

/** Lives from the plan's start to its horizon; gives the riders who came and those who were lost in that time. */
async function live(
  options: CityOptions,
  plan: Pick<Plan, 'at' | 'horizon_ends_at'>,
  moves: readonly PlanMove[],
  signal: AbortSignal | undefined,
): Promise<{ readonly riders: number; readonly lost: number }> {
  const city = createCity(options)
  while (city.state.now < plan.at) {
    if (signal?.aborted === true) throw new OperatorError('CANCELLED', 'the scoring was stopped')
    city.step((Math.min(plan.at, city.state.now + DAY_SECONDS) - city.state.now) / 60)
    await breathe()
  }
  const before = { ...city.state.counters }
  liveWith(city, moves, plan.horizon_ends_at)
  const { trips, lost, diverted } = city.state.counters
  return {
    riders: trips + lost - before.trips - before.lost,
    lost: lost + diverted - before.lost - before.diverted,
  }
}

/** Lives on until `until`, each move beginning in its minute. A station that the city does not have is passed by. */
function liveWith(city: City, moves: readonly PlanMove[], until: EpochSeconds): void {
  const index = new Map(city.stations.map(({ id }, i) => [id, i]))
  const due = [...moves]
  while (city.state.now < until) {
    const now: Move[] = []
    while (due[0] !== undefined && due[0].loadedAt < city.state.now + 60) {
      const [move] = due.splice(0, 1)
      const from = move && index.get(move.from)
      const to = move && index.get(move.to)
      if (move === undefined || from === undefined || to === undefined) continue
      const minutes = Math.max(1, Math.round((move.unloadedAt - move.loadedAt) / 60))
      now.push({ from, to, bikes: move.bikes, minutes })
    }
    city.step(1, now)
  }
}
