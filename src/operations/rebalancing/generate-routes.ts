import { seededRandom } from '../../core/seeded-random.ts'
import {
  bucketOf,
  driveTime,
  returnTime,
  routeOf,
  stopTime,
  type Problem,
  type Route,
  type Stop,
} from './problem.ts'

/** What a bike on the truck is taken to be worth while a route is built, in lost rides. */
const BIKE_WORTH = [0.05, 0.6] as const
/** A stop's worth is drawn this much up or down, so that routes differ. */
const NOISE = 0.5
/** Of the stations that are left out at random while a route is built. */
const LEFT_OUT = [0, 0.5] as const

/** From a stop, this many of the nearest sites are looked at for the next. */
const REACH = 48

/** What the routes of one call are made with. */
export interface Generation {
  readonly truckClass: number
  readonly routes: number
  readonly seed: number
  /** Price of a stop at each site: what the restricted problem would lose by it (its dual value). */
  readonly prices: Float64Array
}

/**
 * Makes routes for a truck, by randomised greedy construction (T. Feo and M. Resende, Greedy randomized adaptive search
 * procedures, 1995): stop after stop by worth a minute, with prices of sites that other routes want. The amounts of each are
 * then made the best there are for its order of stops, by dynamic programming over the load.
 */
export function generateRoutes(p: Problem, o: Generation): Route[] {
  const random = seededRandom(o.seed)
  const between = ([low, high]: readonly [number, number]): number => low + (high - low) * random()
  const near = nearestSites(p)
  const routes: Route[] = []
  for (let n = 0; n < o.routes; n++) {
    const stops = construct(p, o, near, {
      worth: between(BIKE_WORTH),
      noise: NOISE * random(),
      leftOut: between(LEFT_OUT),
      random,
    })
    const route = settle(p, o.truckClass, stops)
    if (route !== undefined) routes.push(route)
  }
  return routes
}

interface Whim {
  readonly worth: number
  readonly noise: number
  readonly leftOut: number
  readonly random: () => number
}

/** The nearest sites of each, row-major, nearest first. */
interface Near {
  readonly reach: number
  readonly sites: Int32Array
}

function nearestSites({ sites, travel }: Problem): Near {
  const reach = Math.min(REACH, Math.max(0, sites - 1))
  const near = new Int32Array(sites * reach)
  for (let site = 0; site < sites; site++) {
    const row = travel.subarray(site * sites, (site + 1) * sites)
    const others = Array.from({ length: sites }, (_, n) => n).filter((n) => n !== site)
    others.sort((a, b) => (row[a] ?? 0) - (row[b] ?? 0) || a - b)
    near.set(others.slice(0, reach), site * reach)
  }
  return { reach, sites: near }
}

// Nearly all of a search's time is spent here: plain loops over arrays, and no object a site.
function construct(p: Problem, { truckClass, prices }: Generation, near: Near, whim: Whim): Stop[] {
  const truck = p.classes[truckClass]
  if (truck === undefined) return []
  const stops: Stop[] = []
  const width = 2 * p.most + 1
  const handling = Math.max(1, p.handlingSeconds)
  // Site by site: 1 when it is out of the question; what its worth is multiplied by.
  const out = new Uint8Array(p.sites)
  const mood = new Float64Array(p.sites)
  for (let site = 0; site < p.sites; site++) {
    out[site] = whim.random() < whim.leftOut ? 1 : 0
    mood[site] = 1 + whim.noise * (2 * whim.random() - 1)
  }
  let [at, time, load] = [-1, 0, 0]
  for (;;) {
    let [bestSite, bestBikes, bestRate, bestArrival] = [-1, 0, 0, 0]
    const looked = at < 0 ? p.sites : near.reach
    for (let n = 0; n < looked; n++) {
      const site = at < 0 ? n : (near.sites[at * near.reach + n] ?? 0)
      if (out[site] === 1) continue
      const drive = driveTime(p, truck, at, site)
      const arrival = time + drive
      const left = truck.shiftSeconds - returnTime(p, truck, site) - arrival - p.stopSeconds
      if (left <= 0) continue
      const bucket = bucketOf(p, arrival)
      const cell = site * p.buckets + bucket
      const zero = cell * width + p.most
      const price = prices[site] ?? 0
      const most = Math.floor(left / handling)
      const enough = bestRate / (mood[site] ?? 1)
      let bikes = 0
      let rate = enough
      const brings = Math.min(load, most, p.most, p.docks[site] ?? 0, p.sureDocks[cell] ?? 0)
      for (let k = 1, before = 0; k <= brings; k++) {
        const worth = (p.gains[zero + k] ?? 0) - k * whim.worth
        if (worth < before) break
        before = worth
        const r = (worth - price) / (drive + p.stopSeconds + p.handlingSeconds * k)
        if (r > rate) [rate, bikes] = [r, k]
      }
      // What is loaded must be unloaded as well: it takes twice the time, and a stop.
      const free = Math.min(truck.capacity - load, Math.floor((most - load) / 2))
      const takes = Math.min(free, p.most, p.bikes[site] ?? 0, p.sureBikes[cell] ?? 0)
      for (let k = 1, before = 0; k <= takes; k++) {
        const worth = (p.gains[zero - k] ?? 0) + k * whim.worth
        if (worth < before) break
        before = worth
        const r = (worth - price) / (drive + p.stopSeconds + p.handlingSeconds * k)
        if (r > rate) [rate, bikes] = [r, -k]
      }
      if (bikes === 0) continue
      bestSite = site
      bestBikes = bikes
      bestRate = rate * (mood[site] ?? 1)
      bestArrival = arrival
    }
    if (bestSite < 0) return stops
    stops.push({ site: bestSite, bikes: bestBikes })
    out[bestSite] = 1
    at = bestSite
    load -= bestBikes
    time = bestArrival + stopTime(p, bestBikes)
  }
}

/** Makes a constructed order of stops into a route that ends empty and in time; shorter when it must be. */
export function settle(p: Problem, truckClass: number, stops: readonly Stop[]): Route | undefined {
  let order = stops
  while (order.length >= 2) {
    const settled = bestAmounts(p, truckClass, order)
    if (settled.length < 2) return undefined
    // Amounts move the times of stops, and times the worth of amounts: once more for what was settled.
    const route =
      routeOf(p, truckClass, bestAmounts(p, truckClass, settled)) ?? routeOf(p, truckClass, settled)
    if (route !== undefined) return route.gain > 0 ? route : undefined
    order = settled.length < order.length ? settled : order.slice(0, -1)
  }
  return undefined
}

/** The best amounts for stops in this order that end with an empty truck, at the times that the present amounts give. */
export function bestAmounts(p: Problem, truckClass: number, stops: readonly Stop[]): Stop[] {
  const truck = p.classes[truckClass]
  if (truck === undefined) return []
  const width = truck.capacity + 1
  let values: Float64Array = new Float64Array(width).fill(-Infinity)
  values[0] = 0
  const choices: Int16Array[] = []
  let [at, time] = [-1, 0]
  for (const { site, bikes } of stops) {
    time += driveTime(p, truck, at, site)
    const cell = site * p.buckets + bucketOf(p, time)
    const zero = cell * (2 * p.most + 1) + p.most
    const there = Math.min(p.most, p.bikes[site] ?? 0, p.sureBikes[cell] ?? 0)
    const room = Math.min(p.most, p.docks[site] ?? 0, p.sureDocks[cell] ?? 0)
    const next = new Float64Array(width).fill(-Infinity)
    const choice = new Int16Array(width)
    for (let load = 0; load < width; load++) {
      const value = values[load] ?? -Infinity
      if (value === -Infinity) continue
      const low = -Math.min(there, truck.capacity - load)
      const high = Math.min(room, load)
      for (let amount = low; amount <= high; amount++) {
        const total = value + (p.gains[zero + amount] ?? 0) - EFFORT * Math.abs(amount)
        if (total <= (next[load - amount] ?? -Infinity)) continue
        next[load - amount] = total
        choice[load - amount] = amount
      }
    }
    choices.push(choice)
    values = next
    time += stopTime(p, bikes)
    at = site
  }
  const settled: Stop[] = []
  let load = 0
  for (let n = stops.length - 1; n >= 0; n--) {
    const amount = choices[n]?.[load] ?? 0
    const stop = stops[n]
    if (stop !== undefined && amount !== 0) settled.push({ site: stop.site, bikes: amount })
    load += amount
  }
  return settled.toReversed()
}

/** Bikes that are moved for next to nothing are left: they take a crew's time. Lost rides a bike and stop. */
const EFFORT = 0.002
