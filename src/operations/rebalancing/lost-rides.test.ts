import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { avoidedBy, lostRides, spread, stationOutlook } from './lost-rides.ts'

const MINUTES = 40
const rate = fc.double({ min: 0, max: 1.5, noNaN: true })
const station = fc.record({
  rentals: fc.array(rate, { minLength: MINUTES, maxLength: MINUTES }).map((x) => Float64Array.from(x)),
  returns: fc.array(rate, { minLength: MINUTES, maxLength: MINUTES }).map((x) => Float64Array.from(x)),
  docks: fc.integer({ min: 1, max: 25 }),
})

describe('expected lost rides of a station', () => {
  it('are convex in its bikes, and a bike changes them by one ride at most', () => {
    fc.assert(
      fc.property(station, ({ docks, ...demand }) => {
        const lost = lostRides(demand, 0, MINUTES, new Float64Array(docks + 1))
        const slopes = Array.from(lost.slice(1), (value, n) => value - (lost[n] ?? 0))
        for (const slope of slopes) expect(Math.abs(slope)).toBeLessThanOrEqual(1 + 1e-9)
        slopes.slice(1).forEach((slope, n) => expect(slope).toBeGreaterThanOrEqual((slopes[n] ?? 0) - 1e-9))
      }),
    )
  })

  it('are none without riders', () => {
    const nobody = { rentals: new Float64Array(MINUTES), returns: new Float64Array(MINUTES) }
    expect([...lostRides(nobody, 0, MINUTES, new Float64Array(6))]).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('are all rentals of an empty station to which nobody brings a bike', () => {
    const rentals = new Float64Array(MINUTES).fill(0.2)
    const lost = lostRides({ rentals, returns: new Float64Array(MINUTES) }, 0, MINUTES, new Float64Array(4))
    expect(lost[0]).toBeCloseTo(8, 9)
    // Of eight riders on average, three find a bike unless fewer than three come.
    expect(lost[3]).toBeGreaterThan(5)
    expect(lost[3]).toBeLessThan(5.1)
  })

  it('are as many as a queue of Poisson riders loses', () => {
    // One dock, one bike now, rentals alone: the first rider takes it, the rest is lost: E[N] - P(N > 0).
    const rentals = new Float64Array(30).fill(0.1)
    const lost = lostRides({ rentals, returns: new Float64Array(30) }, 0, 30, new Float64Array(2))
    expect(lost[1]).toBeCloseTo(3 - (1 - Math.exp(-3)), 1)
  })

  it('keep chances that sum to one', () => {
    fc.assert(
      fc.property(station, fc.nat(), ({ docks, ...demand }, there) => {
        const start = new Float64Array(docks + 1)
        start[there % (docks + 1)] = 1
        const then = spread(demand, 0, MINUTES, start)
        expect(then.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 9)
      }),
    )
  })

  it('change by nothing when nothing is moved, and never by more than the bikes moved', () => {
    fc.assert(
      fc.property(station, fc.nat(), fc.integer({ min: -8, max: 8 }), ({ docks, ...demand }, n, bikes) => {
        const there = n % (docks + 1)
        const outlook = stationOutlook(demand, { bikes: there, docks, minutes: MINUTES, bucket: 10 })
        for (let b = 0; b < 4; b++) {
          expect(avoidedBy(outlook, b, 0)).toBe(0)
          expect(Math.abs(avoidedBy(outlook, b, bikes))).toBeLessThanOrEqual(Math.abs(bikes) + 1e-9)
        }
      }),
    )
  })

  it('are the same in buckets as in one piece', () => {
    fc.assert(
      fc.property(station, ({ docks, ...demand }) => {
        const outlook = stationOutlook(demand, { bikes: 0, docks, minutes: MINUTES, bucket: 15 })
        const whole = lostRides(demand, 0, MINUTES, new Float64Array(docks + 1))
        whole.forEach((value, bikes) => expect(outlook.values[0]?.[bikes]).toBeCloseTo(value, 9))
      }),
    )
  })
})
