import { setImmediate as breathe } from 'node:timers/promises'
import {
  driveTime,
  gainOf,
  limitsOf,
  returnTime,
  routeOf,
  stopTime,
  type Problem,
  type Route,
  type Stop,
  type TruckClass,
} from './problem.ts'

/** Less than this many lost rides avoided is no reason to drive. */
const LEAST_GAIN = 0.01

interface Truck {
  readonly truckClass: number
  readonly facts: TruckClass
  readonly stops: Stop[]
  at: number
  time: number
}

interface Pair {
  readonly from: number
  readonly to: number
  readonly bikes: number
  readonly rate: number
  readonly ends: number
}

/**
 * The greedy plan: the truck that is free first takes the bikes of one station to another, the pair with the most lost rides
 * avoided for each minute that it takes, until no truck has time for a pair that is worth it.
 */
export function greedyPlan(p: Problem): Route[] {
  const steps = greedySteps(p)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** As `greedyPlan`, with a pause after every step in which other work of the process goes on. */
export async function greedyPlanAside(p: Problem): Promise<Route[]> {
  const steps = greedySteps(p)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await breathe()
  }
}

function* greedySteps(p: Problem): Generator<void, Route[]> {
  const trucks = p.classes.flatMap((facts, truckClass) =>
    Array.from({ length: facts.trucks }, (): Truck => ({ truckClass, facts, stops: [], at: -1, time: 0 })),
  )
  const used = new Set<number>()
  const working = new Set(trucks)
  while (working.size > 0) {
    const truck = [...working].reduce((first, other) => (other.time < first.time ? other : first))
    const pair = bestPair(p, truck, used)
    if (pair === undefined) {
      working.delete(truck)
      continue
    }
    truck.stops.push({ site: pair.from, bikes: -pair.bikes }, { site: pair.to, bikes: pair.bikes })
    truck.at = pair.to
    truck.time = pair.ends
    used.add(pair.from).add(pair.to)
    yield
  }
  return trucks.flatMap(({ truckClass, stops }) => routeOf(p, truckClass, stops) ?? [])
}

function bestPair(p: Problem, truck: Truck, used: ReadonlySet<number>): Pair | undefined {
  let best: Pair | undefined
  for (let from = 0; from < p.sites; from++) {
    if (used.has(from)) continue
    const there = truck.time + driveTime(p, truck.facts, truck.at, from)
    const loads = Math.min(truck.facts.capacity, limitsOf(p, from, there).bikes)
    if (loads < 1 || there >= truck.facts.shiftSeconds) continue
    for (let to = 0; to < p.sites; to++) {
      if (to === from || used.has(to)) continue
      const pair = bestAmount(p, truck, { from, to, there, loads })
      if (pair !== undefined && pair.rate > (best?.rate ?? 0)) best = pair
    }
  }
  return best
}

/** The amount with the best rate for a pair; amounts grow for as long as the gain still does. */
function bestAmount(
  p: Problem,
  truck: Truck,
  o: { readonly from: number; readonly to: number; readonly there: number; readonly loads: number },
): Pair | undefined {
  const { from, to, there, loads } = o
  const drive = driveTime(p, truck.facts, from, to)
  const back = returnTime(p, truck.facts, to)
  let best: Pair | undefined
  let before = 0
  for (let bikes = 1; bikes <= loads; bikes++) {
    const then = there + stopTime(p, bikes) + drive
    const ends = then + stopTime(p, bikes)
    if (ends + back > truck.facts.shiftSeconds || bikes > limitsOf(p, to, then).docks) break
    const gain = gainOf(p, from, there, -bikes) + gainOf(p, to, then, bikes)
    if (gain <= before) break
    before = gain
    const rate = gain / (ends - truck.time)
    if (gain >= LEAST_GAIN && rate > (best?.rate ?? 0)) best = { from, to, bikes, rate, ends }
  }
  return best
}
