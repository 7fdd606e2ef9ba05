import { beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../core/seeded-random.ts'
import { openRouteSolver, type RouteSolver } from './master.ts'
import type { Problem, Route } from './problem.ts'

/** A problem of which the solver reads sites and trucks alone. */
const problemOf = (sites: number, trucks: readonly number[]): Problem => ({
  sites,
  bikes: new Int32Array(sites),
  docks: new Int32Array(sites),
  travel: new Int32Array(sites * sites),
  fromDepot: new Int32Array(0),
  stopSeconds: 0,
  handlingSeconds: 0,
  bucketSeconds: 600,
  buckets: 1,
  most: 1,
  gains: new Float64Array(sites * 3),
  sureBikes: new Int32Array(sites),
  sureDocks: new Int32Array(sites),
  classes: trucks.map((count) => ({ trucks: count, capacity: 1, shiftSeconds: 1, depot: -1 })),
})

function randomRoutes(seed: number, problem: Problem, count: number): Route[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const length = 2 + Math.floor(3 * random())
    const sites = new Set(Array.from({ length }, () => Math.floor(random() * problem.sites)))
    return {
      truckClass: Math.floor(random() * problem.classes.length),
      stops: [...sites].map((site) => ({ site, bikes: 1 })),
      arrivals: [],
      ends: 0,
      gain: sites.size * random(),
    }
  })
}

/** The best choice by trying every one. */
function bruteForce(problem: Problem, routes: readonly Route[]): number {
  const trucks = problem.classes.map((one) => one.trucks)
  const used = new Set<number>()
  const best = (n: number): number => {
    const route = routes[n]
    if (route === undefined) return 0
    const without = best(n + 1)
    const left = trucks[route.truckClass] ?? 0
    if (left === 0 || route.stops.some(({ site }) => used.has(site))) return without
    trucks[route.truckClass] = left - 1
    for (const { site } of route.stops) used.add(site)
    const value = route.gain + best(n + 1)
    for (const { site } of route.stops) used.delete(site)
    trucks[route.truckClass] = left
    return Math.max(without, value)
  }
  return best(0)
}

describe('the choice among routes', () => {
  let solver: RouteSolver
  beforeAll(async () => {
    solver = await openRouteSolver()
  })

  it.each(Array.from({ length: 25 }, (_, n) => n))('is the best of all choices (%i)', (seed) => {
    const problem = problemOf(12, seed % 2 === 0 ? [3] : [1, 2])
    const routes = randomRoutes(seed, problem, 16)
    const best = bruteForce(problem, routes)
    const result = solver.choose(problem, routes, [], 60)
    expect(result?.value).toBeCloseTo(best, 3)
    expect(result?.bound).toBeGreaterThanOrEqual(best - 1e-6)
    expect(result?.optimal).toBe(true)
    const relaxed = solver.relax(problem, routes, 60)
    expect(relaxed?.value).toBeGreaterThanOrEqual(best - 1e-6)
    const priced =
      (relaxed?.prices.reduce((sum, x) => sum + x, 0) ?? 0) +
      problem.classes.reduce((sum, { trucks }, k) => sum + trucks * (relaxed?.truckPrices[k] ?? 0), 0)
    expect(priced).toBeCloseTo(relaxed?.value ?? Number.NaN, 6)
  })

  it('is never worse than what it begins from', () => {
    const problem = problemOf(30, [4])
    const routes = randomRoutes(99, problem, 200)
    const start = [0]
    const result = solver.choose(problem, routes, start, 60)
    expect(result?.value).toBeGreaterThanOrEqual(routes[0]?.gain ?? 0)
  })
})
