import type { Constraints, Plan, PlanObjective, PlanRoute, PlanSettings } from '../../core/contracts/plan.ts'
import { driveSeconds, type Place } from './geography.ts'
import { trucksOf } from './trucks.ts'

/** A sum of lost rides may differ by this much from its parts: rounding. */
const ROUNDING = 1e-6

/**
 * Everything that is wrong with a plan, from its document alone; nothing when it may be driven. Proves for the plan and for the
 * greedy one beside it: no truck twice, or with more than fits; no station twice, closed, emptied below 0 or filled beyond its
 * free docks; driving, stopping and handling within the shift; every bike that was loaded is unloaded; sums that agree.
 */
export function checkPlan(
  plan: Pick<Plan, 'at' | 'settings' | 'constraints' | 'objective' | 'routes' | 'greedy' | 'no_plan_reason'>,
): string[] {
  const problems = [
    ...checkRoutes(plan, plan.routes, plan.objective).map((text) => `plan: ${text}`),
    ...checkRoutes(plan, plan.greedy.routes, plan.greedy.objective).map((text) => `greedy: ${text}`),
  ]
  if ((plan.routes.length === 0) !== (plan.no_plan_reason !== null))
    problems.push('plan: a reason stands where there are no routes, and there alone')
  return problems
}

function checkRoutes(
  plan: { readonly at: number; readonly settings: PlanSettings; readonly constraints: Constraints },
  routes: readonly PlanRoute[],
  objective: PlanObjective,
): string[] {
  const problems: string[] = []
  const trucks = trucksOf(plan.settings, plan.constraints)
  const closed = new Set(plan.constraints.closed_stations.map(({ station_id }) => station_id))
  const stations = new Set<string>()
  const used = new Set<number>()
  for (const route of routes) {
    const say = (text: string): void => void problems.push(`truck ${route.truck}: ${text}`)
    const truck = trucks[route.truck - 1]
    if (truck === undefined) say('there is no such truck')
    else if (
      route.crew !== truck.crew ||
      route.capacity !== truck.capacity ||
      JSON.stringify(route.depot) !== JSON.stringify(truck.depot) ||
      route.shift_ends_at !== plan.at + truck.shiftSeconds
    )
      say('its crew, capacity, depot or shift is not the one that was set')
    if (used.has(route.truck)) say('it has two routes')
    used.add(route.truck)
    for (const { station_id } of route.stops) {
      if (stations.has(station_id)) say(`station ${station_id} has two stops`)
      if (closed.has(station_id)) say(`station ${station_id} is closed`)
      stations.add(station_id)
    }
    problems.push(...checkRoute(plan, route).map((text) => `truck ${route.truck}: ${text}`))
  }
  const avoided = routes.reduce((sum, route) => sum + route.avoided, 0)
  if (!near(avoided, objective.avoided) || !near(objective.lost_without - objective.lost_with, avoided))
    problems.push('what it avoids is not the sum of its routes')
  return problems
}

function checkRoute(
  { at, settings }: { readonly at: number; readonly settings: PlanSettings },
  route: PlanRoute,
): string[] {
  const problems: string[] = []
  let place: Place | null = route.depot
  let time = at
  let load = 0
  let [avoided, loaded] = [0, 0]
  if (route.starts_at !== at) problems.push('it does not begin with the plan')
  for (const stop of route.stops) {
    const where = `at ${stop.station_id}`
    const drive = place === null ? 0 : driveSeconds(place, stop, settings)
    if (stop.arrives_at < time + drive) problems.push(`${where} it arrives before it can`)
    const handling =
      Math.ceil(settings.stop_minutes * 60) + Math.ceil(settings.handling_minutes * 60) * stop.bikes
    if (stop.leaves_at < stop.arrives_at + handling) problems.push(`${where} it leaves before it is done`)
    const taken = stop.action === 'load' ? stop.bikes : -stop.bikes
    load += taken
    loaded += Math.max(0, taken)
    if (!Number.isInteger(stop.bikes) || stop.bikes < 1) problems.push(`${where} it moves no bike`)
    if (load !== stop.load_after) problems.push(`${where} the load is ${load}, not ${stop.load_after}`)
    if (load < 0) problems.push(`${where} it unloads more than it has`)
    if (load > route.capacity) problems.push(`${where} it holds ${load} of ${route.capacity}`)
    if (taken > stop.station_bikes) problems.push(`${where} it takes ${taken} of ${stop.station_bikes} bikes`)
    if (-taken > stop.station_docks)
      problems.push(`${where} it fills ${-taken} of ${stop.station_docks} docks`)
    if (stop.station_bikes + stop.station_docks > stop.station_capacity)
      problems.push(`${where} there is more than it holds`)
    avoided += stop.lost_without - stop.lost_with
    time = stop.leaves_at
    place = stop
  }
  if (load !== 0) problems.push(`it ends with ${load} bikes`)
  if (loaded !== route.bikes) problems.push(`it moves ${loaded} bikes, not ${route.bikes}`)
  const back = route.depot !== null && place !== null ? driveSeconds(place, route.depot, settings) : 0
  if (route.ends_at < time + back) problems.push('it ends before it is back')
  if (route.ends_at > route.shift_ends_at) problems.push('it ends after its shift')
  if (!near(avoided, route.avoided)) problems.push('what it avoids is not the sum of its stops')
  return problems
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(a))
