import { clamp, cosTurn, exp, log, round, squared } from './arithmetic.ts'
import type { CityKnobs } from './knobs.ts'
import { stationName } from './names.ts'
import { Random } from './random.ts'

/** What a station is mostly about. */
export type Character = 'home' | 'work' | 'park' | 'hub'

/** One place where bikes are docked. Positions are kilometres east and north of the city's centre. */
export interface StationPlan {
  readonly id: string
  readonly name: string
  readonly shortName: string
  readonly region: string
  readonly east: number
  readonly north: number
  readonly lat: number
  readonly lon: number
  /** Metres above the valley. */
  readonly elevation: number
  readonly docks: number
  /** Trips relative to the average station. */
  readonly popularity: number
  readonly character: Character
  /** How much of each character it has, 0..1; they do not sum to one. */
  readonly home: number
  readonly work: number
  readonly park: number
  readonly hub: number
}

/** Where the centre of a city lies unless told otherwise: upland without a bike-share system of its own. */
export const DEFAULT_CENTRE = { lat: 41.93, lon: -74.91 } as const

interface Spot {
  readonly east: number
  readonly north: number
  readonly radius: number
}

/** Draws the stations of a city, ordered by id. */
export function layOutStations(
  seed: number,
  count: number,
  knobs: CityKnobs,
  centre: { readonly lat: number; readonly lon: number } = DEFAULT_CENTRE,
): StationPlan[] {
  const random = new Random(seed, 'layout')
  const radius = 0.24 * Math.sqrt(count)
  const offices = spots(random, 1 + Math.ceil(count / 400), radius * 0.5, radius * 0.22)
  const parks = spots(random, 2 + Math.ceil(count / 90), radius * 0.95, 0.45)
  const hills = spots(random, 2 + Math.ceil(count / 150), radius, radius * 0.28)
  const points = scatter(random, count, radius)
  const hubEvery = 45
  const hubs = new Set<number>()
  while (hubs.size < Math.ceil(count / hubEvery)) hubs.add(random.below(Math.ceil(count * 0.7)))
  const width = String(count).length + 1
  const kmPerDegree = 111.32
  const kmPerDegreeEast = kmPerDegree * cosTurn(centre.lat / 360)

  const plans = points.map((point, index): StationPlan => {
    const work = clamp(nearness(offices, point) * 1.3 * random.between(0.4, 1.1), 0, 1)
    const park = clamp(nearness(parks, point) * random.between(0.6, 1.1), 0, 1)
    const hub = hubs.has(index) ? 1 : 0
    const home = clamp((1 - 0.85 * work) * random.between(0.5, 1), 0.03, 1)
    const weights = { home: home * 0.8, work, park: park * 0.9, hub: hub * 2 }
    const central = 1.35 - (0.9 * Math.sqrt(squared(point.east) + squared(point.north))) / radius
    const popularity =
      exp(knobs.turnoverSpread * random.normal()) * clamp(central, 0.3, 2) * (hub === 1 ? 1.8 : 1)
    const docks = Math.round(
      clamp(knobs.docks * exp(0.22 * random.normal() + 0.25 * log(popularity + 0.1)), 11, 80),
    )
    const jitter = 12 * random.normal()
    return {
      id: `s${String(index + 1).padStart(width, '0')}`,
      name: stationName(index),
      shortName: `${String.fromCharCode(65 + (index % 26))}${Math.floor(index / 26) + 1}`,
      region: point.north > radius * 0.33 ? 'north' : point.north < -radius * 0.33 ? 'south' : 'centre',
      east: point.east,
      north: point.north,
      lat: round(centre.lat + point.north / kmPerDegree, 6),
      lon: round(centre.lon + point.east / kmPerDegreeEast, 6),
      elevation: Math.max(0, 90 * nearness(hills, point) + jitter),
      docks,
      popularity,
      character: strongest(weights),
      home,
      work,
      park,
      hub,
    }
  })
  const mean = plans.reduce((sum, plan) => sum + plan.popularity, 0) / plans.length
  return plans.map((plan) => ({ ...plan, popularity: plan.popularity / mean }))
}

/** Kilometres between two stations, as the crow flies. */
export function kilometres(a: StationPlan, b: StationPlan): number {
  const east = a.east - b.east
  const north = a.north - b.north
  return Math.sqrt(east * east + north * north)
}

function spots(random: Random, count: number, reach: number, radius: number): Spot[] {
  return Array.from({ length: count }, (_, index) => {
    const distance = index === 0 ? reach * 0.15 : reach * Math.sqrt(random.uniform())
    const turn = random.uniform()
    return {
      east: distance * cosTurn(turn),
      north: distance * cosTurn(turn - 0.25),
      radius: radius * random.between(0.7, 1.3),
    }
  })
}

/** Bell-shaped nearness to the closest spot, 0..1. */
function nearness(spots: readonly Spot[], point: { readonly east: number; readonly north: number }): number {
  let best = 0
  for (const spot of spots) {
    const east = point.east - spot.east
    const north = point.north - spot.north
    const square = (east * east + north * north) / (spot.radius * spot.radius)
    if (square < 40) best = Math.max(best, exp(-square / 2))
  }
  return best
}

/** Points at least 180 m apart, denser towards the centre and ordered outwards. */
function scatter(random: Random, count: number, radius: number): { east: number; north: number }[] {
  const apart = 0.18
  const cells = new Map<string, { east: number; north: number }[]>()
  const points: { east: number; north: number }[] = []
  const cellOf = (x: number): number => Math.floor(x / apart)
  for (let tries = 0; points.length < count; tries++) {
    // The town grows when it is too crowded, so that this always ends.
    const reach = radius * (1 + tries / (count * 200))
    const u = random.uniform()
    const distance = reach * Math.sqrt(u) * (0.55 + 0.45 * u)
    const turn = random.uniform()
    const point = { east: distance * cosTurn(turn), north: distance * cosTurn(turn - 0.25) }
    const [x, y] = [cellOf(point.east), cellOf(point.north)]
    let crowded = false
    for (let dx = -1; dx <= 1 && !crowded; dx++) {
      for (let dy = -1; dy <= 1 && !crowded; dy++) {
        crowded = (cells.get(`${x + dx},${y + dy}`) ?? []).some(
          (other) => squared(other.east - point.east) + squared(other.north - point.north) < squared(apart),
        )
      }
    }
    if (crowded) continue
    const cell = cells.get(`${x},${y}`)
    if (cell === undefined) cells.set(`${x},${y}`, [point])
    else cell.push(point)
    points.push(point)
  }
  return points.sort((a, b) => squared(a.east) + squared(a.north) - (squared(b.east) + squared(b.north)))
}

function strongest(weights: Readonly<Record<Character, number>>): Character {
  let best: Character = 'home'
  for (const name of ['work', 'park', 'hub'] as const) if (weights[name] > weights[best]) best = name
  return best
}
