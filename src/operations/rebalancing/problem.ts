/** One truck of the problem, or several that are alike. Seconds are from the plan's start. */
export interface TruckClass {
  readonly trucks: number
  readonly capacity: number
  readonly shiftSeconds: number
  /** Index of its depot in `fromDepot`; -1 begins and ends anywhere. */
  readonly depot: number
}

/**
 * What is to be decided, in plain numbers, so that a thread can be given it. Sites are stations at which a stop may do good.
 * Times are whole seconds.
 */
export interface Problem {
  readonly sites: number
  /** Bikes that may be loaded, and docks that may be filled, at each site: what is there when the plan is made. */
  readonly bikes: Int32Array
  readonly docks: Int32Array
  /** Seconds from site to site, row-major. */
  readonly travel: Int32Array
  /** Seconds between each depot and each site, row-major by depot. */
  readonly fromDepot: Int32Array
  readonly stopSeconds: number
  readonly handlingSeconds: number
  readonly bucketSeconds: number
  readonly buckets: number
  /** Most bikes that one stop moves. */
  readonly most: number
  /** Expected lost rides avoided: [site][bucket][bikes + most], bikes below 0 are loaded onto the truck. */
  readonly gains: Float64Array
  /** As many bikes (docks) as are there in this bucket with the chance asked for, [site][bucket]. */
  readonly sureBikes: Int32Array
  readonly sureDocks: Int32Array
  readonly classes: readonly TruckClass[]
}

/** A stop: bikes brought to the site; below 0, taken from it. Never 0. */
export interface Stop {
  readonly site: number
  readonly bikes: number
}

/** A route with when its stops are, and what it is worth. */
export interface Route {
  readonly truckClass: number
  readonly stops: readonly Stop[]
  readonly arrivals: readonly number[]
  readonly ends: number
  /** Expected lost rides avoided. */
  readonly gain: number
}

/** Seconds of a stop itself. */
export const stopTime = (p: Problem, bikes: number): number =>
  p.stopSeconds + p.handlingSeconds * Math.abs(bikes)

/** Seconds from a place (a site, or -1: where the truck begins) to a site. */
export function driveTime(p: Problem, truck: TruckClass, from: number, to: number): number {
  if (from >= 0) return p.travel[from * p.sites + to] ?? 0
  return truck.depot < 0 ? 0 : (p.fromDepot[truck.depot * p.sites + to] ?? 0)
}

/** Seconds from a site to where the truck ends. */
export const returnTime = (p: Problem, truck: TruckClass, from: number): number =>
  from < 0 || truck.depot < 0 ? 0 : (p.fromDepot[truck.depot * p.sites + from] ?? 0)

/** The bucket of a time. */
export const bucketOf = (p: Problem, seconds: number): number =>
  Math.min(p.buckets - 1, Math.floor(seconds / p.bucketSeconds))

/** What a stop of `bikes` at a time is worth. */
export function gainOf(p: Problem, site: number, seconds: number, bikes: number): number {
  const width = 2 * p.most + 1
  return p.gains[(site * p.buckets + bucketOf(p, seconds)) * width + bikes + p.most] ?? 0
}

/** Most bikes that may be taken, and docks that may be filled, at a time. */
export function limitsOf(
  p: Problem,
  site: number,
  seconds: number,
): { readonly bikes: number; readonly docks: number } {
  const cell = site * p.buckets + bucketOf(p, seconds)
  return {
    bikes: Math.min(p.most, p.bikes[site] ?? 0, p.sureBikes[cell] ?? 0),
    docks: Math.min(p.most, p.docks[site] ?? 0, p.sureDocks[cell] ?? 0),
  }
}

/** The route of these stops in this order, or undefined when it breaks a constraint. The same function values every plan. */
export function routeOf(p: Problem, truckClass: number, stops: readonly Stop[]): Route | undefined {
  const truck = p.classes[truckClass]
  if (truck === undefined || stops.length === 0) return undefined
  const arrivals: number[] = []
  const seen = new Set<number>()
  let [time, at, load, gain] = [0, -1, 0, 0]
  for (const { site, bikes } of stops) {
    time += driveTime(p, truck, at, site)
    const limits = limitsOf(p, site, time)
    load -= bikes
    if (bikes === 0 || seen.has(site) || load < 0 || load > truck.capacity) return undefined
    if (bikes > limits.docks || -bikes > limits.bikes) return undefined
    arrivals.push(time)
    gain += gainOf(p, site, time, bikes)
    seen.add(site)
    time += stopTime(p, bikes)
    at = site
  }
  const ends = time + returnTime(p, truck, at)
  if (load !== 0 || ends > truck.shiftSeconds) return undefined
  return { truckClass, stops, arrivals, ends, gain }
}
