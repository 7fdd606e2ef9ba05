import { greedyPlan } from './greedy.ts'
import { generateRoutes } from './generate-routes.ts'
import { openRouteSolver, type MasterResult, type Relaxation, type RouteSolver } from './master.ts'
import { polishRoute, pricedGain } from './polish-route.ts'
import type { Problem, Route } from './problem.ts'

/** What a search is asked for. */
export interface SearchOrder {
  readonly problem: Problem
  readonly timeLimitSeconds: number
  readonly seed: number
}

/** The best plan so far. */
export interface SearchResult {
  readonly routes: readonly Route[]
  readonly value: number
  /** Over the routes considered; null before the solver proved one. */
  readonly bound: number | null
  readonly optimal: boolean
  readonly considered: number
  readonly solver: string
}

/** Rounds of generation, each after the prices of the one before. */
const PRICED_ROUNDS = 3
/** Before each choice, rounds in which every truck of the best plan is given other routes. */
const NEAR_ROUNDS = 2
const CHOICES = 2
/** Routes made in a round for each truck, and at most for a class. */
const ROUTES_A_TRUCK = 100
/** Of the routes of a round and class, the best at its prices that are bettered by local search. */
const POLISHED = 4
const MOST_ROUTES = 900
/** Of the time limit: a relaxation, and a choice among the routes so far. */
const RELAX_SHARE = 0.05
const CHOICE_SHARE = 0.25
/** A price that no stop pays. */
const FORBIDDEN = 1e9
/** Columns kept for the next round: what is far from paying at the present prices goes. */
const MOST_COLUMNS = 6000

/**
 * Searches for a plan: routes are generated, HiGHS prices the stations among them, routes are generated at those prices
 * (column generation with a heuristic for the pricing), and HiGHS chooses among all of them. Before
 * that each truck of the best plan is given better routes that leave the other trucks theirs. The greedy plan's routes are in the
 * choice and its beginning, so that the result is never worse. `found` hears of each better plan as it comes: whoever waits
 * may end this at any time. The work is a matter of counts, not of the clock, but for the solver's own limit.
 */
export async function searchRoutes(
  { problem, timeLimitSeconds, seed }: SearchOrder,
  found: (result: SearchResult) => void,
): Promise<SearchResult> {
  const solver = await openRouteSolver()
  const greedy = greedyPlan(problem)
  const pool = new Pool()
  let best = asResult(greedy, pool, solver.version)
  pool.keep(greedy)
  found(best)
  const improve = (): void => {
    const { routes, bound } = worthChoosing(problem, solver, pool, best, timeLimitSeconds * RELAX_SHARE)
    const start = indicesIn(routes, best.routes)
    const result = solver.choose(problem, routes, start, timeLimitSeconds * CHOICE_SHARE)
    best = better(best, routes, result, { bound, considered: pool.seen })
    pool.keep(best.routes)
    found(best)
  }
  let prices = new Float64Array(problem.sites)
  for (let round = 0; round < PRICED_ROUNDS; round++) {
    problem.classes.forEach(({ trucks }, truckClass) => {
      const routes = Math.min(MOST_ROUTES, ROUTES_A_TRUCK * trucks)
      const made = generateRoutes(problem, {
        truckClass,
        routes,
        seed: seedOf(seed, round, truckClass),
        prices,
      })
      pool.add(made)
      pool.add(polished(problem, made, prices))
    })
    const relaxed = solver.relax(problem, pool.routes, timeLimitSeconds * RELAX_SHARE)
    if (relaxed === undefined) break
    prices = Float64Array.from(relaxed.prices, (x) => Math.max(0, x))
    pool.prune(relaxed)
  }
  for (let choice = 0; choice < CHOICES; choice++) {
    for (let round = 0; round < NEAR_ROUNDS; round++) {
      const plan = rerouted(
        problem,
        pool,
        best.routes,
        seedOf(seed, PRICED_ROUNDS + NEAR_ROUNDS * choice + round, 0),
      )
      best = rebounded(best, plan, pool.seen)
      found(best)
    }
    improve()
  }
  return best
}

/** A better plan: what was proven of the routes before it holds for as long as it does not say less. */
function rebounded(best: SearchResult, routes: readonly Route[], considered: number): SearchResult {
  const value = valueOf(routes)
  if (value <= best.value) return best
  const holds = best.bound !== null && value <= best.bound
  return {
    ...best,
    routes,
    value,
    optimal: false,
    bound: holds ? best.bound : null,
    considered: holds ? best.considered : considered,
  }
}

/** The routes that are worth most at the prices, bettered. */
function polished(problem: Problem, routes: readonly Route[], prices: Float64Array): Route[] {
  const ranked = routes.map((route) => ({ route, worth: pricedGain(route, prices) }))
  ranked.sort((a, b) => b.worth - a.worth)
  return ranked.slice(0, POLISHED).map(({ route }) => polishRoute(problem, route, prices))
}

/** Gives each truck in turn the best of some routes that leave the other trucks theirs. */
function rerouted(problem: Problem, pool: Pool, plan: readonly Route[], seed: number): Route[] {
  const routes = Math.min(ROUTES_A_TRUCK, Math.ceil(MOST_ROUTES / Math.max(1, plan.length)))
  const present = [...plan]
  plan.forEach((_, n) => {
    const mine = present[n]
    if (mine === undefined) return
    const prices = new Float64Array(problem.sites)
    for (const other of present)
      if (other !== mine) for (const { site } of other.stops) prices[site] = FORBIDDEN
    const around = generateRoutes(problem, {
      truckClass: mine.truckClass,
      routes,
      seed: seed + 13 * n,
      prices,
    })
    pool.add(around)
    const best = around.reduce((least, route) => (route.gain > least.gain ? route : least), mine)
    present[n] = polishRoute(problem, best, prices)
  })
  pool.keep(present)
  return present
}

const seedOf = (seed: number, round: number, n: number): number => seed + 7919 * round + 104_729 * n

/**
 * The routes that may be in a better plan than the best so far, by reduced cost fixing: with one whose reduced cost is below
 * the distance between the relaxation and the best, no plan is better. What is left out changes neither choice nor bound.
 */
function worthChoosing(
  problem: Problem,
  solver: RouteSolver,
  pool: Pool,
  best: SearchResult,
  seconds: number,
): { readonly routes: readonly Route[]; readonly bound: number | null } {
  const relaxed = solver.relax(problem, pool.routes, seconds)
  if (relaxed === undefined) return { routes: pool.routes, bound: null }
  const kept = new Set(best.routes)
  const least = best.value - relaxed.value - ROUNDING
  const routes = pool.routes.filter((route) => kept.has(route) || reducedCost(route, relaxed) >= least)
  return { routes, bound: relaxed.value }
}

/** Lost rides that are nothing but rounding. */
const ROUNDING = 1e-6

function better(
  best: SearchResult,
  routes: readonly Route[],
  result: MasterResult | undefined,
  o: { readonly bound: number | null; readonly considered: number },
): SearchResult {
  const chosen = result?.chosen.flatMap((index) => routes[index] ?? []) ?? []
  const plan = result !== undefined && result.value > best.value ? chosen : best.routes
  const value = valueOf(plan)
  const bounds = [o.bound, result?.bound ?? null].filter((x) => x !== null)
  return {
    routes: plan,
    value,
    bound: bounds.length === 0 ? null : Math.max(value, Math.min(...bounds)),
    optimal: result?.optimal === true,
    considered: o.considered,
    solver: best.solver,
  }
}

function asResult(routes: readonly Route[], pool: Pool, solver: string): SearchResult {
  return { routes, value: valueOf(routes), bound: null, optimal: false, considered: pool.seen, solver }
}

const valueOf = (routes: readonly Route[]): number => routes.reduce((sum, { gain }) => sum + gain, 0)

/** The routes to choose from; of those with the same stops, the best. */
class Pool {
  routes: Route[] = []
  /** Different sets of stops that were ever looked at. */
  seen = 0
  readonly #best = new Map<string, Route>()
  readonly #kept = new Set<string>()

  add(routes: readonly Route[]): void {
    for (const route of routes) {
      const key = keyOf(route)
      const known = this.#best.get(key)
      if (known === undefined) this.seen++
      if (known === undefined || route.gain > known.gain) this.#best.set(key, route)
    }
    this.routes = [...this.#best.values()]
  }

  /** Adds routes that stay whatever they cost. */
  keep(routes: readonly Route[]): void {
    for (const route of routes) this.#kept.add(keyOf(route))
    this.add(routes)
  }

  prune(relaxed: Relaxation): void {
    if (this.routes.length <= MOST_COLUMNS) return
    const worth = (route: Route): number =>
      this.#kept.has(keyOf(route)) ? Infinity : reducedCost(route, relaxed)
    const ranked = this.routes.map((route) => ({ route, worth: worth(route) }))
    ranked.sort((a, b) => b.worth - a.worth)
    for (const { route } of ranked.slice(MOST_COLUMNS)) this.#best.delete(keyOf(route))
    this.routes = [...this.#best.values()]
  }
}

/** What a route is worth beyond the prices of its sites and its truck. */
const reducedCost = ({ gain, stops, truckClass }: Route, { prices, truckPrices }: Relaxation): number =>
  stops.reduce((left, { site }) => left - (prices[site] ?? 0), gain) - (truckPrices[truckClass] ?? 0)

/** Where routes stand in a list, by their stops. */
function indicesIn(list: readonly Route[], routes: readonly Route[]): number[] {
  const keys = new Set(routes.map(keyOf))
  return list.flatMap((route, index) => (keys.has(keyOf(route)) ? [index] : []))
}

const keyOf = ({ truckClass, stops }: Route): string =>
  `${truckClass}:${stops
    .map(({ site }) => site)
    .sort((a, b) => a - b)
    .join(',')}`
