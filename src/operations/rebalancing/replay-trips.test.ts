import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootstrapSum } from './bootstrap.ts'
import { pairedInterval } from './paired-interval.ts'
import { planMoves } from './plan-moves.ts'
import { avoidedInReplay } from './replay-trips.ts'

const quiet = () => ({ rentals: 0, returns: 0 })
const busy = () => ({ rentals: 0.2, returns: 0 })
const seen = (...bikes: number[]) => bikes.map((n, k) => ({ at: k * 600, bikes: n, docks: 10 - n }))

describe('recorded trips replayed with a stop', () => {
  it('are what they were when nothing is brought', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 2, maxLength: 30 }), (bikes) => {
        expect(avoidedInReplay(seen(...bikes), { at: 0, bikes: 0 }, busy)).toBe(0)
      }),
    )
  })

  it('serve the riders of an empty station as far as the bikes go', () => {
    expect(avoidedInReplay(seen(0, 0, 0), { at: 0, bikes: 5 }, busy)).toBeCloseTo(4, 9)
    expect(avoidedInReplay(seen(0, 0, 0), { at: 0, bikes: 3 }, busy)).toBeCloseTo(3, 9)
  })

  it('lose the rides whose bikes were taken away', () => {
    expect(avoidedInReplay(seen(3, 0), { at: 0, bikes: -2 }, quiet)).toBe(-2)
  })

  it('count nothing before the stop, nor what a truck changed', () => {
    expect(avoidedInReplay(seen(0, 0, 5), { at: 1200, bikes: 5 }, busy)).toBe(0)
    expect(avoidedInReplay(seen(10, 0), { at: 0, bikes: -2 }, quiet)).toBe(0)
  })
})

it('a paired interval is that of the t-test, and none for a single pair', () => {
  expect(pairedInterval([3])).toEqual({ mean: 3, low: null, high: null })
  const { mean, low, high } = pairedInterval([1, 2, 3, 4, 5])
  expect(mean).toBe(3)
  expect(high).toBeCloseTo(3 + 2.776 * Math.sqrt(2.5 / 5), 6)
  expect(low).toBeCloseTo(3 - 2.776 * Math.sqrt(2.5 / 5), 6)
})

it('a bootstrap holds its sum, and is none without stations', () => {
  const sum = bootstrapSum([1, -1, 4, 0.5])
  expect(sum?.mean).toBe(4.5)
  expect(sum?.low).toBeLessThan(4.5)
  expect(sum?.high).toBeGreaterThan(4.5)
  expect(bootstrapSum([])).toBeNull()
})

it('moves unload first what was loaded first, and every bike once', () => {
  const base = { name: '', lat: 0, lon: 0, km: 0, load_after: 0, station_bikes: 0, station_docks: 0 }
  const stop = (station_id: string, action: 'load' | 'unload', bikes: number, arrives_at: number) => ({
    ...base,
    station_id,
    action,
    bikes,
    arrives_at,
    leaves_at: arrives_at,
    station_capacity: 0,
    lost_without: 0,
    lost_with: 0,
  })
  const stops = [
    stop('a', 'load', 5, 0),
    stop('b', 'load', 3, 60),
    stop('c', 'unload', 6, 120),
    stop('d', 'unload', 2, 180),
  ]
  const route = {
    truck: 1,
    crew: null,
    depot: null,
    capacity: 9,
    starts_at: 0,
    ends_at: 0,
    shift_ends_at: 0,
    km: 0,
  }
  expect(planMoves({ routes: [{ ...route, bikes: 8, avoided: 0, stops }] })).toEqual([
    { from: 'a', to: 'c', bikes: 5, loadedAt: 0, unloadedAt: 120 },
    { from: 'b', to: 'c', bikes: 1, loadedAt: 60, unloadedAt: 120 },
    { from: 'b', to: 'd', bikes: 2, loadedAt: 60, unloadedAt: 180 },
  ])
})
