import type { Plan } from '../../../../src/core/contracts/plan.ts'

type Route = Plan['routes'][number]
export interface SketchPoint {
  readonly x: number
  readonly y: number
}
export interface SketchRoute {
  readonly truck: number
  /** Depot, stops in order, depot again. */
  readonly line: readonly SketchPoint[]
  readonly stops: readonly (SketchPoint & {
    readonly action: 'load' | 'unload'
    readonly bikes: number
    readonly number: number
  })[]
  readonly depot: SketchPoint | null
}
export interface Sketch {
  readonly width: number
  readonly height: number
  readonly routes: readonly SketchRoute[]
  /** A round number of kilometres, and how long it is drawn. */
  readonly scale: { readonly km: number; readonly length: number }
}

const WIDTH = 600
const LEAST_HEIGHT = 200
const MOST_HEIGHT = 480
const MARGIN = 24
const KM_PER_DEGREE = 111.2
/** Half a city block: routes between neighbours are not blown up to fill the sheet. */
const LEAST_KM = 0.4

/**
 * Places the routes of a plan on a sheet, north up, by the equirectangular projection around their middle. A city is small
 * enough for it: distances are right to a thousandth.
 *
 * @returns Undefined without a stop.
 */
export function sketchRoutes(routes: readonly Route[]): Sketch | undefined {
  const places = routes.flatMap(({ stops, depot }) => [...stops, ...(depot === null ? [] : [depot])])
  if (places.length === 0) return undefined
  const lats = places.map(({ lat }) => lat)
  const lons = places.map(({ lon }) => lon)
  const [south, north] = [Math.min(...lats), Math.max(...lats)]
  const [west, east] = [Math.min(...lons), Math.max(...lons)]
  const kmPerLon = KM_PER_DEGREE * Math.cos((((south + north) / 2) * Math.PI) / 180)
  const wide = Math.max((east - west) * kmPerLon, LEAST_KM)
  const high = Math.max((north - south) * KM_PER_DEGREE, LEAST_KM)
  const perKm = Math.min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
  const height = Math.max(LEAST_HEIGHT, Math.round(high * perKm + 2 * MARGIN))
  const place = ({ lat, lon }: { lat: number; lon: number }): SketchPoint => ({
    x: round(WIDTH / 2 + (lon - (west + east) / 2) * kmPerLon * perKm),
    y: round(height / 2 - (lat - (south + north) / 2) * KM_PER_DEGREE * perKm),
  })
  return {
    width: WIDTH,
    height,
    routes: routes.map((route) => {
      const depot = route.depot === null ? null : place(route.depot)
      const stops = route.stops.map((stop, i) => ({
        ...place(stop),
        action: stop.action,
        bikes: stop.bikes,
        number: i + 1,
      }))
      const ends = depot === null ? [] : [depot]
      return { truck: route.truck, depot, stops, line: [...ends, ...stops, ...ends] }
    }),
    scale: scaleFor(perKm),
  }
}

function scaleFor(perKm: number): Sketch['scale'] {
  const km = [20, 10, 5, 2, 1, 0.5, 0.2, 0.1].find((each) => each * perKm <= WIDTH / 4) ?? 0.1
  return { km, length: round(km * perKm) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
