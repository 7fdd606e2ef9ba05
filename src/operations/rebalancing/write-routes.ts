import type { PlanRoute, PlanSettings, PlanStop } from '../../core/contracts/plan.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { BuiltProblem } from './build-problem.ts'
import { driveKm, type Place } from './geography.ts'
import { gainOf, stopTime, type Route } from './problem.ts'
import type { Truck } from './trucks.ts'

/** Routes as a plan says them, by truck. Of trucks that are alike, the first gets the route that is worth most. */
export function writeRoutes(
  built: BuiltProblem,
  routes: readonly Route[],
  o: { readonly at: EpochSeconds; readonly settings: PlanSettings; readonly trucks: readonly Truck[] },
): PlanRoute[] {
  const free = built.groups.map(({ members }) => [...members])
  return routes
    .toSorted((a, b) => b.gain - a.gain)
    .flatMap((route) => {
      const index = free[route.truckClass]?.shift()
      const truck = index === undefined ? undefined : o.trucks[index]
      return index === undefined || truck === undefined
        ? []
        : [writeRoute(built, route, { ...o, truck, index })]
    })
    .sort((a, b) => a.truck - b.truck)
}

function writeRoute(
  { problem, sites }: BuiltProblem,
  route: Route,
  o: {
    readonly at: EpochSeconds
    readonly settings: PlanSettings
    readonly truck: Truck
    readonly index: number
  },
): PlanRoute {
  let before: Place | null = o.truck.depot
  let load = 0
  const stops = route.stops.flatMap(({ site, bikes }, n): PlanStop[] => {
    const assessed = sites[site]
    if (assessed === undefined) return []
    const { station, lost } = assessed
    const arrival = route.arrivals[n] ?? 0
    const km = before === null ? 0 : driveKm(before, station, o.settings)
    before = station
    load -= bikes
    return [
      {
        station_id: station.station_id,
        name: station.name,
        lat: station.lat,
        lon: station.lon,
        action: bikes > 0 ? 'unload' : 'load',
        bikes: Math.abs(bikes),
        arrives_at: o.at + arrival,
        leaves_at: o.at + arrival + stopTime(problem, bikes),
        km,
        load_after: load,
        station_bikes: station.bikes,
        station_docks: station.docks,
        station_capacity: station.bikes + station.docks,
        lost_without: lost,
        lost_with: lost - gainOf(problem, site, arrival, bikes),
      },
    ]
  })
  const last = stops.at(-1)
  const back = o.truck.depot !== null && last ? driveKm(last, o.truck.depot, o.settings) : 0
  return {
    truck: o.index + 1,
    crew: o.truck.crew,
    depot: o.truck.depot,
    capacity: o.truck.capacity,
    starts_at: o.at,
    ends_at: o.at + route.ends,
    shift_ends_at: o.at + o.truck.shiftSeconds,
    km: stops.reduce((sum, stop) => sum + stop.km, back),
    bikes: stops.reduce((sum, stop) => sum + (stop.action === 'load' ? stop.bikes : 0), 0),
    avoided: route.gain,
    stops,
  }
}
