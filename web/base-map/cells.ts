import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { clipLine, clipRing, type Box, type Position } from './clip.ts'

/** Degrees a side of a cell; Natural Earth has no more than about a kilometre of detail. */
export const CELL_DEGREES = 10
const SOUTH = -60
const NORTH = 80
const SCALE = 1000

/** What is drawn of one cell. Points in thousandths of a degree, each but the first as its difference to the one before. */
export interface Cell {
  /** Polygons, each a list of rings. */
  readonly land: number[][][]
  /** Lines between countries. */
  readonly borders: number[][]
}

/** Natural Earth's land and borders (1:10m), cut into cells, so that a page loads only those around its city. */
export function* baseMapCells(): Generator<{ readonly name: string; readonly cell: Cell }> {
  const polygons = landPolygons()
  const lines = borderLines()
  for (let west = -180; west < 180; west += CELL_DEGREES) {
    const strip: Box = [west, SOUTH, west + CELL_DEGREES, NORTH]
    const inStrip = clipPolygons(polygons, strip)
    const linesInStrip = lines.flatMap((line) => clipLine(line, strip))
    for (let south = SOUTH; south < NORTH; south += CELL_DEGREES) {
      const box: Box = [west, south, west + CELL_DEGREES, south + CELL_DEGREES]
      yield {
        name: `${west}_${south}`,
        cell: {
          land: clipPolygons(inStrip, box).map((rings) => rings.map(packPoints)),
          borders: linesInStrip.flatMap((line) => clipLine(line, box)).map(packPoints),
        },
      }
    }
  }
}

type Polygon = readonly (readonly Position[])[]

function clipPolygons(polygons: readonly Polygon[], box: Box): Polygon[] {
  return polygons.flatMap((rings) => {
    const clipped = rings.map((ring) => clipRing(ring, box))
    const [outer] = clipped
    return outer === undefined || outer.length === 0 ? [] : [clipped.filter((ring) => ring.length > 0)]
  })
}

function packPoints(points: readonly Position[]): number[] {
  const packed: number[] = []
  let [lastX, lastY] = [0, 0]
  for (const [lon, lat] of points) {
    const [x, y] = [Math.round(lon * SCALE), Math.round(lat * SCALE)]
    if (packed.length > 0 && x === lastX && y === lastY) continue
    packed.push(x - lastX, y - lastY)
    lastX = x
    lastY = y
  }
  return packed
}

function read(file: string): Topology {
  const path = createRequire(import.meta.url).resolve(`world-atlas/${file}`)
  return JSON.parse(readFileSync(path, 'utf8')) as Topology
}

function landPolygons(): Polygon[] {
  const topology = read('land-10m.json')
  const { features } = feature(topology, topology.objects['land'] as GeometryCollection)
  return features.flatMap(({ geometry }) => {
    if (geometry.type === 'MultiPolygon') return geometry.coordinates as unknown as Polygon[]
    return geometry.type === 'Polygon' ? [geometry.coordinates as unknown as Polygon] : []
  })
}

function borderLines(): Position[][] {
  const topology = read('countries-10m.json')
  const countries = topology.objects['countries'] as GeometryCollection
  return mesh(topology, countries, (a, b) => a !== b).coordinates as unknown as Position[][]
}
