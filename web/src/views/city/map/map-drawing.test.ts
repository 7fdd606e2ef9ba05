import { describe, expect, it } from 'vitest'
import { clipLine, clipRing } from '../../../../base-map/clip.ts'
import type { StationRow } from '../station-rows.ts'
import { roomyBoundsOf } from './bounds.ts'
import { cellNames, unpackPoints } from './land.ts'
import { stationPoints } from './map-data.ts'
import { parseIcon, shapePath } from './map-icons.ts'

const row: StationRow = {
  id: 's1',
  name: '<script>alert(1)</script>',
  lat: 1,
  lon: 2,
  capacity: 10,
  bikes: 3,
  docks: 7,
  condition: 'ok',
  risk: 'risk',
  level: 2,
  score: 0.4,
}

describe('what the map is given of a station', () => {
  it('is where it stands and how it is drawn, and no text from outside', () => {
    const [point] = stationPoints([row], 'bikes').features
    expect(point?.geometry.coordinates).toEqual([2, 1])
    expect(point?.properties).toEqual({ row: 0, icon: 'station|risk|bikes|2', rank: 4 })
  })
})

describe('an icon', () => {
  it('is known by its id, and nothing else is', () => {
    expect(parseIcon('dark|cluster|out|docks|1.2k')).toEqual({
      theme: 'dark',
      kind: 'cluster',
      risk: 'out',
      target: 'docks',
      label: '1.2k',
    })
    for (const id of [
      '',
      'light',
      'x|station|ok|bikes|1',
      'light|x|ok|bikes|1',
      'light|station|x|bikes|1',
      'light|station|ok|x|1',
    ])
      expect(parseIcon(id)).toBeUndefined()
  })

  it('has another shape for each class, so that colour is not needed', () => {
    const drawn = (id: string): string => {
      const calls: string[] = []
      const context = new Proxy(
        {},
        {
          get:
            (_, name) =>
            (...args: number[]) =>
              calls.push(`${String(name)} ${args.map((arg) => arg.toFixed(1)).join(' ')}`),
        },
      )
      const icon = parseIcon(id)
      if (icon === undefined) throw new Error(id)
      shapePath(context as CanvasRenderingContext2D, icon, 20)
      return calls.join(';')
    }
    const ids = ['ok|bikes', 'risk|bikes', 'risk|docks', 'out|bikes', 'out|docks', 'closed|bikes'].map(
      (each) => `light|station|${each}|1`,
    )
    expect(new Set(ids.map(drawn)).size).toBe(ids.length)
  })
})

describe('the base map', () => {
  it('names the cells around a city, also across their borders', () => {
    expect(cellNames([-74.3, 40.5, -73.7, 40.9])).toEqual(['-80_30', '-80_40'])
    expect(cellNames([179.5, -10, 179.9, -9.9], 0.05)).toEqual(['170_-20', '170_-10'])
  })

  it('unpacks points from their differences', () => {
    expect(unpackPoints([-74_000, 40_500, 10, -5, 0, 1])).toEqual([
      [-74, 40.5],
      [-73.99, 40.495],
      [-73.99, 40.496],
    ])
  })

  it('cuts land to a cell', () => {
    const ring = clipRing(
      [
        [-5, -5],
        [5, -5],
        [5, 5],
        [-5, 5],
      ],
      [0, 0, 10, 10],
    )
    expect(ring).toHaveLength(4)
    expect(new Set(ring.map(String))).toEqual(new Set(['0,0', '5,0', '5,5', '0,5']))
    expect(
      clipRing(
        [
          [20, 20],
          [21, 20],
          [21, 21],
        ],
        [0, 0, 10, 10],
      ),
    ).toEqual([])
  })

  it('keeps the pieces of a border that come into a cell', () => {
    const line = [
      [-5, 5],
      [5, 5],
      [15, 5],
      [15, 25],
      [5, 25],
      [5, 8],
    ] as const
    expect(clipLine(line, [0, 0, 10, 10])).toEqual([
      [
        [-5, 5],
        [5, 5],
        [15, 5],
      ],
      [
        [5, 25],
        [5, 8],
      ],
    ])
  })

  it('has room around a city of one station', () => {
    const [west, south, east, north] = roomyBoundsOf([2, 1, 2, 1])
    expect(east - west).toBeCloseTo(0.012)
    expect(north - south).toBeCloseTo(0.008)
  })
})
