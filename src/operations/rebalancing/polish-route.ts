import { settle } from './generate-routes.ts'
import type { Problem, Route, Stop } from './problem.ts'

/** Rounds over all changes of a route, at most. */
const ROUNDS = 6
/** A station is tried as a new stop beside those that are this near to it in rank. */
const REACH = 12
/** Bikes that a new stop is timed for until its amount is found. */
const GUESS = 2
const WORTH_IT = 1e-6

/** Routes beyond a price: what a route is worth less the prices of its sites. */
export const pricedGain = (route: Route, prices: Float64Array): number =>
  route.stops.reduce((left, { site }) => left - (prices[site] ?? 0), route.gain)

/**
 * Betters a route by local search: a stop is moved to another place, a stretch is driven the other way round, a station is
 * added or takes the place of another; each time with the best amounts for the new order. Never worse, at the prices given.
 */
export function polishRoute(p: Problem, route: Route, prices: Float64Array): Route {
  let best = route
  let value = pricedGain(route, prices)
  const take = (stops: readonly Stop[]): boolean => {
    const changed = settle(p, best.truckClass, stops)
    if (changed === undefined) return false
    const now = pricedGain(changed, prices)
    if (now <= value + WORTH_IT) return false
    best = changed
    value = now
    return true
  }
  for (let round = 0; round < ROUNDS; round++) {
    const before = value
    reorder(() => best.stops, take)
    exchange(p, () => best.stops, take, prices)
    if (value <= before) break
  }
  return best
}

type Take = (stops: readonly Stop[]) => boolean

/** Every stop in every other place, and every stretch the other way round. */
function reorder(present: () => readonly Stop[], take: Take): void {
  for (let i = 0; i < present().length; i++) {
    for (let j = 0; j < present().length; j++) {
      const stops = present()
      const stop = stops[i]
      if (stop === undefined || i === j) continue
      if (take(stops.toSpliced(i, 1).toSpliced(j, 0, stop))) continue
      if (j > i + 1) {
        const turned = present()
          .slice(i, j + 1)
          .toReversed()
        take([...present().slice(0, i), ...turned, ...present().slice(j + 1)])
      }
    }
  }
}

/** Every station that is near a stop and that somebody may pay for, before, after and in the place of that stop. */
function exchange(p: Problem, present: () => readonly Stop[], take: Take, prices: Float64Array): void {
  for (let i = 0; i < present().length; i++) {
    const here = present()[i]
    if (here === undefined) return
    for (const site of nearest(p, here.site, prices)) {
      const stops = present()
      if (stops.some((stop) => stop.site === site)) continue
      for (const bikes of [GUESS, -GUESS]) {
        const added = { site, bikes }
        if (take(stops.toSpliced(i + 1, 0, added))) break
        if (take(stops.toSpliced(i, 0, added))) break
        if (take(stops.toSpliced(i, 1, added))) break
      }
    }
  }
}

/** No stop is worth more than this many lost rides. */
const MOST_WORTH = 1000

function nearest(p: Problem, site: number, prices: Float64Array): number[] {
  const sites: number[] = []
  for (let other = 0; other < p.sites; other++)
    if (other !== site && (prices[other] ?? 0) < MOST_WORTH) sites.push(other)
  const drive = (other: number): number => p.travel[site * p.sites + other] ?? 0
  return sites.sort((a, b) => drive(a) - drive(b)).slice(0, REACH)
}
