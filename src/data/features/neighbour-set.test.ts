import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { haversineKm, neighbourSet, type StationPosition } from './neighbour-set.ts'

const station = (station_id: string, lat: number, lon = -74, has_docks = true): StationPosition => ({
  station_id,
  lat,
  lon,
  has_docks,
})

const idsOf = (stations: readonly StationPosition[], id: string): string[] =>
  neighbourSet(stations)
    .filter((row) => row.station_id === id)
    .map((row) => row.neighbour_id)

const places = fc
  .array(
    fc.record({
      lat: fc.double({ min: 40, max: 40.03, noNaN: true }),
      lon: fc.double({ min: -74, max: -73.97, noNaN: true }),
      has_docks: fc.boolean(),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .map((list) => list.map((place, i) => ({ station_id: `s${i}`, ...place })))

describe('haversineKm', () => {
  it('is the length of a degree along a meridian, and half the earth for opposite points', () => {
    expect(haversineKm({ lat: 40, lon: 0 }, { lat: 41, lon: 0 })).toBeCloseTo(111.195, 3)
    expect(haversineKm({ lat: 0, lon: 0 }, { lat: 0, lon: 180 })).toBeCloseTo(20_015.11, 1)
    expect(haversineKm({ lat: 12.5, lon: 7 }, { lat: 12.5, lon: 7 })).toBe(0)
  })

  it('is short across the date line', () => {
    expect(haversineKm({ lat: 0, lon: 179.999 }, { lat: 0, lon: -179.999 })).toBeLessThan(0.3)
  })
})

describe('neighbourSet', () => {
  it('takes the five nearest within 0.8 km', () => {
    const row = Array.from({ length: 7 }, (_, i) => station(`s${i}`, 40 + i * 0.001))
    expect(idsOf(row, 's0')).toEqual(['s1', 's2', 's3', 's4', 's5'])
  })

  it('takes fewer than five when no more lie within 0.8 km, though others lie just beyond', () => {
    expect(idsOf([station('a', 40), station('b', 40.007), station('c', 40.0073)], 'a')).toEqual(['b'])
  })

  it('takes the five nearest of all when none lies within 0.8 km', () => {
    const row = Array.from({ length: 7 }, (_, i) => station(`s${i}`, 40 + i * 0.01))
    expect(idsOf(row, 's0')).toEqual(['s1', 's2', 's3', 's4', 's5'])
  })

  it('takes the lower id of two that are equally near', () => {
    const around = ['f', 'e', 'd', 'c', 'b', 'a'].map((id) => station(id, 40.001))
    expect(idsOf([station('x', 40), ...around], 'x')).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('leaves out stations without docks as neighbours, not as stations', () => {
    const stations = [station('a', 40), station('b', 40.001, -74, false), station('c', 40.002)]
    expect(idsOf(stations, 'a')).toEqual(['c'])
    expect(idsOf(stations, 'b')).toEqual(['a', 'c'])
  })

  it('takes all stations where no station has docks', () => {
    const stations = [station('a', 40, -74, false), station('b', 40.001, -74, false)]
    expect(idsOf(stations, 'a')).toEqual(['b'])
  })

  it('finds near stations across the date line and at the pole', () => {
    expect(idsOf([station('a', 0, 179.999), station('b', 0, -179.999), station('c', 0, 170)], 'a')).toEqual([
      'b',
    ])
    expect(idsOf([station('a', 89.999, 0), station('b', 89.999, 180), station('c', 80, 0)], 'a')).toEqual([
      'b',
    ])
  })

  it('weighs by 1 / distance, as parts of a whole', () => {
    const weights = neighbourSet([station('a', 40), station('b', 40.001), station('c', 39.998)])
      .filter((row) => row.station_id === 'a')
      .map((row) => row.weight_ppb / 1e9)
    expect(weights[0]).toBeCloseTo(2 / 3, 5)
    expect(weights[1]).toBeCloseTo(1 / 3, 5)
  })

  it('leaves the others a share that tells them apart beside a twin at the same place', () => {
    const rows = neighbourSet([
      station('a', 40),
      station('twin', 40),
      station('b', 40.001),
      station('c', 39.998),
    ])
    const [twin, b, c] = rows.filter((row) => row.station_id === 'a').map((row) => row.weight_ppb)
    expect(twin).toBeGreaterThan(0.9999e9)
    expect((b ?? 0) / (c ?? 1)).toBeCloseTo(2, 2)
  })

  it('gives a lone station no neighbour, and no stations nothing', () => {
    expect([neighbourSet([station('a', 40)]), neighbourSet([])]).toEqual([[], []])
  })

  it('has weights of about 10^9 in all and at least 1 each, whole, whatever the places', () => {
    fc.assert(
      fc.property(places, (stations) => {
        const sums = new Map<string, number>()
        for (const { station_id, weight_ppb } of neighbourSet(stations)) {
          expect(Number.isInteger(weight_ppb) && weight_ppb >= 1).toBe(true)
          sums.set(station_id, (sums.get(station_id) ?? 0) + weight_ppb)
        }
        for (const sum of sums.values()) expect(Math.abs(sum - 1e9)).toBeLessThanOrEqual(5)
      }),
    )
  })

  it('finds whom a search through all pairs finds, in any order of the stations', () => {
    fc.assert(
      fc.property(places, fc.integer(), (stations, turn) => {
        const set = neighbourSet(stations)
        const rotated = [
          ...stations.slice(turn % stations.length),
          ...stations.slice(0, turn % stations.length),
        ]
        expect(neighbourSet(rotated)).toEqual(set)
        for (const from of stations) {
          const docked = stations.filter(({ has_docks }) => has_docks)
          const all = (docked.length > 0 ? docked : stations)
            .filter((to) => to !== from)
            .map((to) => ({ id: to.station_id, km: haversineKm(from, to) }))
            .sort((a, b) => a.km - b.km || (a.id < b.id ? -1 : 1))
          const near = all.filter(({ km }) => km <= 0.8)
          const expected = (near.length > 0 ? near : all).slice(0, 5).map(({ id }) => id)
          const found = set.filter((row) => row.station_id === from.station_id).map((row) => row.neighbour_id)
          expect(found).toEqual(expected)
        }
      }),
      { numRuns: 60 },
    )
  })
})
