import type { Feature } from 'geojson'
import type { Bounds } from './bounds.ts'

/** As `base-map/cells.ts` cuts them. */
const CELL_DEGREES = 10
const SCALE = 1000

interface Cell {
  readonly land: readonly (readonly (readonly number[])[])[]
  readonly borders: readonly (readonly number[])[]
}

/** Names of the cells that a city's surroundings lie in. */
export function cellNames([west, south, east, north]: Bounds, margin = 0.7): string[] {
  const first = (degrees: number) => Math.floor(degrees / CELL_DEGREES) * CELL_DEGREES
  const names: string[] = []
  for (let x = first(west - margin); x <= east + margin; x += CELL_DEGREES)
    for (let y = first(south - margin); y <= north + margin; y += CELL_DEGREES)
      if (x >= -180 && x < 180 && y >= -60 && y < 80) names.push(`${x}_${y}`)
  return names
}

/** Points of a cell: thousandths of a degree, each but the first as its difference to the one before. */
export function unpackPoints(packed: readonly number[]): [number, number][] {
  const points: [number, number][] = []
  let [x, y] = [0, 0]
  for (let index = 0; index + 1 < packed.length; index += 2) {
    x += packed[index] ?? 0
    y += packed[index + 1] ?? 0
    points.push([x / SCALE, y / SCALE])
  }
  return points
}

/** Land and borders around a city. A cell that cannot be had is left out: the map does without. */
export async function loadLand(bounds: Bounds): Promise<Feature[]> {
  const cells = await Promise.all(cellNames(bounds).map(loadCell))
  return cells.flatMap((cell) => (cell === undefined ? [] : featuresOf(cell)))
}

async function loadCell(name: string): Promise<Cell | undefined> {
  try {
    const response = await fetch(`base-map/${name}.json`)
    return response.ok ? ((await response.json()) as Cell) : undefined
  } catch {
    return undefined
  }
}

function featuresOf({ land, borders }: Cell): Feature[] {
  return [
    {
      type: 'Feature',
      properties: { kind: 'land' },
      geometry: {
        type: 'MultiPolygon',
        coordinates: land.map((rings) => rings.map((ring) => closed(unpackPoints(ring)))),
      },
    },
    {
      type: 'Feature',
      properties: { kind: 'border' },
      geometry: { type: 'MultiLineString', coordinates: borders.map(unpackPoints) },
    },
  ]
}

function closed(ring: [number, number][]): [number, number][] {
  const [first] = ring
  return first === undefined ? ring : [...ring, first]
}
