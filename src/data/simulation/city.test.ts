import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTime } from '../../core/time.ts'
import { createCity, type City, type CityOptions } from './city.ts'
import type { Move } from './moves.ts'
import { freeDocks } from './state.ts'

const FROM = parseTime('2024-09-03')
const make = (o: Partial<CityOptions> = {}): City =>
  createCity({ seed: 7, stations: 40, from: FROM, timezone: 'America/New_York', warmUpDays: 0, ...o })

const moves = (stations: number): fc.Arbitrary<Move[]> =>
  fc.array(
    fc.record({
      from: fc.nat(stations - 1),
      to: fc.nat(stations - 1),
      bikes: fc.integer({ min: -3, max: 60 }),
      minutes: fc.integer({ min: 0, max: 90 }),
    }),
    { maxLength: 6 },
  )

describe('a simulated city', () => {
  it('neither makes nor loses a bike, whatever its knobs and whatever is moved in it', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 10, max: 40 }),
        fc.record({
          tripsPerStation: fc.constantFrom(5, 20, 120),
          fill: fc.constantFrom(0.1, 0.5, 0.95),
          breakage: fc.constantFrom(0, 0.01, 0.3),
          closures: fc.constantFrom(0, 0.05, 3),
          nightTrucksPer100: fc.constantFrom(0, 1, 20),
          dayTrucksPer100: fc.constantFrom(0, 1, 20),
        }),
        fc.array(moves(10), { minLength: 8, maxLength: 8 }),
        (seed, stations, knobs, plan) => {
          const city = make({ seed, stations, knobs })
          const { total } = city.ledger()
          for (const given of plan) {
            city.step(180, given)
            expect(city.ledger().total).toBe(total)
            city.stations.forEach((_, i) => {
              const { bikes, ebikes, disabled, docksDisabled } = city.state
              expect(
                Math.min(freeDocks(city.state, i), disabled[i] ?? -1, docksDisabled[i] ?? -1),
              ).toBeGreaterThanOrEqual(0)
              expect(ebikes[i]).toBeGreaterThanOrEqual(0)
              expect(bikes[i]).toBeGreaterThanOrEqual(ebikes[i] ?? 0)
            })
            const { depot } = city.state
            expect(Math.min(depot.ebikes, depot.broken, depot.bikes - depot.ebikes)).toBeGreaterThanOrEqual(0)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('lives the same life however its steps are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 12 }), (steps) => {
        const [one, many] = [make(), make()]
        one.step(steps.reduce((sum, n) => sum + n, 0))
        for (const n of steps) many.step(n)
        expect(many.state).toEqual(one.state)
        expect(many.ledger()).toEqual(one.ledger())
      }),
      { numRuns: 15 },
    )
  })

  it('meets the same demand whatever is done to it', () => {
    const [left, moved] = [make(), make()]
    const wanted = (city: City): number => city.state.counters.trips + city.state.counters.lost
    for (let n = 0; n < 8; n++) {
      left.step(180)
      moved.step(180, [{ from: n, to: 20 + n, bikes: 12, minutes: 15 }])
      expect(wanted(moved)).toBe(wanted(left))
      expect(moved.weatherAt(moved.state.now)).toEqual(left.weatherAt(left.state.now))
    }
    expect(moved.state.bikes).not.toEqual(left.state.bikes)
  })

  it('brings moved bikes where they were sent, and what has no dock to the depot', () => {
    const still = {
      tripsPerStation: 0,
      eventsPer100: 0,
      nightTrucksPer100: 0,
      dayTrucksPer100: 0,
      closures: 0,
    }
    const city = make({ knobs: still })
    const [from, to] = [0, 1]
    const before = {
      from: city.state.bikes[from] ?? 0,
      to: city.state.bikes[to] ?? 0,
      depot: city.state.depot.bikes,
    }
    city.step(10, [{ from, to, bikes: 3, minutes: 10 }])
    expect(city.ledger().trucks).toBe(3)
    expect(city.state.bikes[from]).toBe(before.from - 3)
    city.step(1)
    expect(city.state.bikes[to]).toBe(before.to + 3)
    const free = freeDocks(city.state, to)
    for (const other of [2, 3, 4, 5]) city.step(2, [{ from: other, to, bikes: 50, minutes: 1 }])
    expect(city.state.bikes[to]).toBe(before.to + 3 + free)
    expect(city.state.depot.bikes).toBeGreaterThan(before.depot)
  })

  it('loses riders at empty stations and sends them on from full ones', () => {
    const empty = make({ knobs: { fill: 0.1, nightTrucksPer100: 0, dayTrucksPer100: 0 } })
    const full = make({ knobs: { fill: 0.93, nightTrucksPer100: 0, dayTrucksPer100: 0 } })
    for (const city of [empty, full]) city.step(1440)
    expect(empty.state.counters.lost).toBeGreaterThan(5 * full.state.counters.lost)
    expect(full.state.counters.diverted).toBeGreaterThan(5 * empty.state.counters.diverted)
  })

  it('rides far less at night than in the rush', () => {
    const city = make({ stations: 80 })
    const night: number[] = []
    const rush: number[] = []
    for (let hour = 0; hour < 24; hour++) {
      const before = city.state.counters.trips
      const local = city.local(city.state.now).minute / 60
      city.step(60)
      const trips = city.state.counters.trips - before
      if (local >= 1 && local < 5) night.push(trips)
      if (local >= 8 && local < 9) rush.push(trips)
    }
    expect(Math.max(...night) * 5).toBeLessThan(Math.min(...rush))
  })

  it('refuses options that make no city, and says what to give', () => {
    expect(() => make({ stations: 9 })).toThrow(/9 stations/)
    expect(() => make({ stations: 10.5 })).toThrow(/10.5 stations/)
    expect(() => make({ seed: 0.5 })).toThrow(/seed 0.5/)
    expect(() => make({ from: FROM + 60 })).toThrow(/begins at/)
    expect(() => make({ warmUpDays: -1 })).toThrow(/-1 days/)
    expect(() => make({ timezone: 'Nowhere/Land' })).toThrow(/not a time zone/)
  })
})
