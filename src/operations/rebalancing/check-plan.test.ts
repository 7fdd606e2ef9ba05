import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assessedCity, SETTINGS } from '../../../test/support/assessed-city.ts'
import type { Constraints, PlanRoute, PlanSettings } from '../../core/contracts/plan.ts'
import { buildProblem } from './build-problem.ts'
import { checkPlan } from './check-plan.ts'
import { NO_CONSTRAINTS } from './constraints-store.ts'
import { generateRoutes } from './generate-routes.ts'
import { greedyPlan } from './greedy.ts'
import type { Route } from './problem.ts'
import { trucksOf } from './trucks.ts'
import { writeRoutes } from './write-routes.ts'

const AT = 1_700_000_000

/** The greedy plan, and a plan of one generated route a truck, of a made-up city. */
async function planned(seed: number, settings: PlanSettings, constraints: Constraints) {
  const stations = assessedCity(seed, 24, settings.horizon_minutes)
  const trucks = trucksOf(settings, constraints)
  const closed = new Set(constraints.closed_stations.map(({ station_id }) => station_id))
  const built = await buildProblem(stations, trucks, settings, closed)
  const lost = stations.reduce((sum, one) => sum + one.lost, 0)
  const part = (routes: readonly Route[]) => {
    const avoided = routes.reduce((sum, { gain }) => sum + gain, 0)
    return {
      routes: writeRoutes(built, routes, { at: AT, settings, trucks }),
      objective: { lost_without: lost, lost_with: lost - avoided, avoided },
    }
  }
  const used = new Set<number>()
  const generated = built.problem.classes.flatMap(({ trucks: count }, truckClass) => {
    const prices = new Float64Array(built.problem.sites)
    const routes = generateRoutes(built.problem, { truckClass, routes: 12, seed, prices })
    return routes
      .filter(({ stops }) => {
        if (stops.some(({ site }) => used.has(site))) return false
        for (const { site } of stops) used.add(site)
        return true
      })
      .slice(0, count)
  })
  const plan = part(generated)
  return {
    at: AT,
    settings,
    constraints,
    ...plan,
    greedy: part(greedyPlan(built.problem)),
    no_plan_reason: plan.routes.length === 0 ? 'nothing to gain' : null,
  }
}

const constraintsOf = fc.record({
  depots: fc.constantFrom<Constraints['depots']>([], [{ id: 'd', name: 'Depot', lat: 40.71, lon: -73.99 }]),
  shift: fc.constantFrom(null, 45),
  capacity: fc.constantFrom(null, 1, 7),
  crews: fc.integer({ min: 0, max: 3 }),
  closed: fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { maxLength: 20 }),
})

describe('a plan', () => {
  it('never breaks a constraint, whatever the city, the trucks and what operators set', async () => {
    const settings = fc.record({
      trucks: fc.integer({ min: 0, max: 4 }),
      capacity: fc.integer({ min: 1, max: 30 }),
      speed_kph: fc.constantFrom(3, 18, 120),
      handling_minutes: fc.constantFrom(0, 0.37, 5),
      stop_minutes: fc.constantFrom(0, 4, 30),
      shift_minutes: fc.integer({ min: 1, max: 300 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.integer(), settings, constraintsOf, async (seed, some, set) => {
        const crew = (n: number) => ({
          id: `crew ${n}`,
          depot: set.depots[0]?.id ?? null,
          capacity: set.capacity,
          shift_minutes: set.shift,
          active: n !== 1,
        })
        const constraints: Constraints = {
          ...NO_CONSTRAINTS,
          depots: set.depots,
          crews: Array.from({ length: set.crews }, (_, n) => crew(n)),
          closed_stations: set.closed.map((n) => ({ station_id: `s${n}`, why: '' })),
        }
        expect(checkPlan(await planned(seed, { ...SETTINGS, ...some }, constraints))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  const broken: readonly [what: string, says: RegExp, change: (route: PlanRoute) => PlanRoute][] = [
    ['takes more bikes than there are', /of \d+ bikes/, (r) => stop(r, 0, { station_bikes: 0 })],
    [
      'fills more docks than are free',
      /of \d+ docks/,
      (r) => stop(r, r.stops.length - 1, { station_docks: 0 }),
    ],
    ['holds more than fits', /it holds \d+ of 1/, (r) => ({ ...r, capacity: 1 })],
    [
      'drives too fast',
      /before it can/,
      (r) => stop(r, 1, { arrives_at: r.stops[0]?.leaves_at ?? 0, lat: 41 }),
    ],
    ['handles too fast', /before it is done/, (r) => stop(r, 0, { leaves_at: r.stops[0]?.arrives_at ?? 0 })],
    ['keeps bikes', /ends with/, (r) => ({ ...r, stops: r.stops.slice(0, 1) })],
    ['works on after its shift', /after its shift/, (r) => ({ ...r, ends_at: r.shift_ends_at + 1 })],
    ['comes from another shift', /was set/, (r) => ({ ...r, shift_ends_at: r.shift_ends_at + 1 })],
    [
      'stops twice at a station',
      /two stops/,
      (r) => stop(r, 1, { station_id: r.stops[0]?.station_id ?? '' }),
    ],
    ['avoids less than it says', /sum of its stops/, (r) => ({ ...r, avoided: r.avoided + 1 })],
    ['says another load', /the load is/, (r) => stop(r, 0, { load_after: 99 })],
    ['has no such truck', /no such truck/, (r) => ({ ...r, truck: 99 })],
  ]
  it.each(broken)('that %s is found out', async (_what, says, change) => {
    const plan = await planned(3, SETTINGS, NO_CONSTRAINTS)
    const [first, ...others] = plan.routes
    if (first === undefined) throw new Error('the city has nothing to move')
    expect(checkPlan({ ...plan, routes: [change(first), ...others] }).join('\n')).toMatch(says)
  })

  it('that stops at a closed station is found out', async () => {
    const plan = await planned(3, SETTINGS, NO_CONSTRAINTS)
    const station_id = plan.routes[0]?.stops[0]?.station_id ?? ''
    const constraints = { ...NO_CONSTRAINTS, closed_stations: [{ station_id, why: 'works' }] }
    expect(checkPlan({ ...plan, constraints }).join('\n')).toMatch(/is closed/)
  })
})

function stop(route: PlanRoute, n: number, change: Partial<PlanRoute['stops'][number]>): PlanRoute {
  return { ...route, stops: route.stops.map((one, m) => (m === n ? { ...one, ...change } : one)) }
}
