import { clamp, cosTurn, exp, log, round, squared } from './arithmetic.ts'
import type { CityKnobs } from './knobs.ts'
import { stationName } from './names.ts'
import { Random } from './random.ts'
import { drawSpots, nearness, type Point, scatterPoints } from './terrain.ts'

/** What a station is mostly about; only for telling people, since its weights are what counts. */
export type Character = 'home' | 'work' | 'park' | 'hub' | 'hill'

/** One place where bikes are docked. Positions are kilometres east and north of the city's centre. */
export interface StationPlan extends Point {
  readonly id: string
  readonly name: string
  readonly shortName: string
  readonly region: string
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

const KM_PER_DEGREE = 111.32
const STATIONS_PER_HUB = 45
const MIN_DOCKS = 11
const MAX_DOCKS = 80

/** Draws the stations of a city, ordered by id. */
export function layOutStations(
  seed: number,
  count: number,
  knobs: CityKnobs,
  centre: { readonly lat: number; readonly lon: number } = DEFAULT_CENTRE,
): StationPlan[] {
  const random = new Random(seed, 'layout')
  const radius = 0.24 * Math.sqrt(count)
  const offices = drawSpots(random, 1 + Math.ceil(count / 400), radius * 0.5, Math.min(radius * 0.22, 1.1))
  const parks = drawSpots(random, 2 + Math.ceil(count / 90), radius * 0.95, 0.45)
  const hills = drawSpots(random, 2 + Math.ceil(count / 150), radius, Math.min(radius * 0.28, 1.1))
  const points = scatterPoints(random, count, radius)
  const hubs = new Set<number>()
  while (hubs.size < Math.ceil(count / STATIONS_PER_HUB)) hubs.add(random.below(Math.ceil(count * 0.7)))
  const width = String(count).length + 1

  // More stations are quiet than busy, and none is many times busier than the rest.
  const bustle = points.map((point, index) => {
    const away = Math.sqrt(squared(point.east) + squared(point.north)) / radius
    const busy = exp(knobs.turnoverSpread * (0.6 * random.normal() - random.exponential(1)))
    return busy * clamp(1.35 - 0.9 * away, 0.3, 2) * (hubs.has(index) ? 1.8 : 1)
  })
  const mean = bustle.reduce((sum, x) => sum + x, 0) / count

  return points.map((point, index) => {
    const popularity = (bustle[index] ?? 1) / mean
    const work = clamp(nearness(offices, point) * 1.3 * random.between(0.4, 1.1), 0, 1)
    const park = clamp(nearness(parks, point) * random.between(0.6, 1.1), 0, 1)
    const hub = hubs.has(index) ? 1 : 0
    const home = clamp((1 - 0.85 * work) * random.between(0.5, 1), 0.03, 1)
    const elevation = Math.max(0, 90 * nearness(hills, point) + 12 * random.normal())
    // Busier stations have more docks, but not in proportion: that is why they run out.
    const docks = knobs.docks * exp(0.2 * random.normal() + 0.25 * log(popularity + 0.15))
    return {
      id: `s${String(index + 1).padStart(width, '0')}`,
      name: stationName(index),
      shortName: `${String.fromCharCode(65 + (index % 26))}${Math.floor(index / 26) + 1}`,
      region: point.north > radius * 0.33 ? 'north' : point.north < -radius * 0.33 ? 'south' : 'centre',
      east: point.east,
      north: point.north,
      lat: round(centre.lat + point.north / KM_PER_DEGREE, 6),
      lon: round(centre.lon + point.east / (KM_PER_DEGREE * cosTurn(centre.lat / 360)), 6),
      elevation,
      docks: Math.round(clamp(docks, MIN_DOCKS, MAX_DOCKS)),
      popularity,
      character: strongest({ home: home * 0.8, work, park: park * 0.9, hub: hub * 2, hill: elevation / 130 }),
      home,
      work,
      park,
      hub,
    }
  })
}

/** Kilometres between two places, as the crow flies. */
export function kilometres(a: Point, b: Point): number {
  const east = a.east - b.east
  const north = a.north - b.north
  return Math.sqrt(east * east + north * north)
}

function strongest(weights: Readonly<Record<Character, number>>): Character {
  let best: Character = 'home'
  for (const name of ['work', 'park', 'hub', 'hill'] as const) if (weights[name] > weights[best]) best = name
  return best
}
