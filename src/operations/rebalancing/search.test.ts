import { describe, expect, it } from 'vitest'
import { assessedCity, SETTINGS } from '../../../test/support/assessed-city.ts'
import { buildProblem } from './build-problem.ts'
import { NO_CONSTRAINTS } from './constraints-store.ts'
import { greedyPlan } from './greedy.ts'
import { limitsOf, routeOf, type Problem, type Route, type Stop } from './problem.ts'
import { searchRoutes, type SearchResult } from './search.ts'
import { trucksOf } from './trucks.ts'

async function problemOf(seed: number, stations: number, trucks: number, shift = 90) {
  const settings = { ...SETTINGS, trucks, shift_minutes: shift, capacity: stations < 6 ? 4 : 12 }
  const city = assessedCity(seed, stations, settings.horizon_minutes)
  return buildProblem(city, trucksOf(settings, NO_CONSTRAINTS), settings, new Set())
}

const valueOf = (routes: readonly Route[]): number => routes.reduce((sum, { gain }) => sum + gain, 0)

/** The best route of one truck by trying every order of stops and every amount. */
function bestRoute(p: Problem): number {
  let best = 0
  const extend = (stops: readonly Stop[], load: number): void => {
    best = Math.max(best, routeOf(p, 0, stops)?.gain ?? 0)
    for (let site = 0; site < p.sites; site++) {
      if (stops.some((stop) => stop.site === site)) continue
      const { bikes, docks } = limitsOf(p, site, 0)
      const capacity = p.classes[0]?.capacity ?? 0
      for (let k = 1; k <= Math.min(bikes, capacity - load); k++)
        extend([...stops, { site, bikes: -k }], load + k)
      for (let k = 1; k <= Math.min(docks, load); k++) extend([...stops, { site, bikes: k }], load - k)
    }
  }
  extend([], 0)
  return best
}

describe('the search for a plan', () => {
  it('comes near the best there is where every plan can be tried', async () => {
    let [found, best] = [0, 0]
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { problem } = await problemOf(seed, 4, 1, 60)
      const result = await searchRoutes({ problem, timeLimitSeconds: 30, seed: 1 }, () => {})
      const most = bestRoute(problem)
      expect(result.value).toBeLessThanOrEqual(most + 1e-9)
      found += result.value
      best += most
    }
    // Routes are made by a heuristic: only the choice among them is proven.
    expect(found).toBeGreaterThan(0.95 * best)
  })

  it('is never worse than greedy, keeps within its bounds, and says each better plan', async () => {
    for (const seed of [5, 6, 7]) {
      const { problem, relaxedBound } = await problemOf(seed, 30, 3)
      const found: SearchResult[] = []
      const result = await searchRoutes({ problem, timeLimitSeconds: 30, seed: 1 }, (one) => found.push(one))
      expect(result.value).toBeGreaterThanOrEqual(valueOf(greedyPlan(problem)))
      expect(result.value).toBeCloseTo(valueOf(result.routes), 9)
      expect(result.bound).toBeGreaterThanOrEqual(result.value)
      expect(relaxedBound).toBeGreaterThanOrEqual(result.value - 1e-9)
      const values = found.map(({ value }) => value)
      expect(values).toEqual(values.toSorted((a, b) => a - b))
      const sites = result.routes.flatMap(({ stops }) => stops.map(({ site }) => site))
      expect(new Set(sites).size).toBe(sites.length)
      for (const route of result.routes)
        expect(routeOf(problem, route.truckClass, route.stops)).toEqual(route)
    }
  })

  it('gives the same plan for the same problem', async () => {
    const { problem } = await problemOf(8, 20, 2)
    const [a, b] = [1, 2].map(() => searchRoutes({ problem, timeLimitSeconds: 30, seed: 1 }, () => {}))
    expect(await a).toEqual(await b)
  })
})
