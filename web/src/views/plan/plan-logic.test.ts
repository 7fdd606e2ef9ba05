import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planRequestSchema } from '../../../../src/core/contracts/api/plans.ts'
import { constraintsInputSchema } from '../../../../src/core/contracts/plan.ts'
import { draftOf, freshKey, readDraft } from './constraints-draft.ts'
import { EMPTY_REQUEST, readRequest } from './request-form.ts'
import { sketchRoutes } from './route-sketch.ts'
import { aPlan } from '../../../test/sample-plan.ts'

describe('what a plan is asked for with', () => {
  it('leaves out what is left empty', () => {
    expect(readRequest(EMPTY_REQUEST)).toEqual({ request: {} })
    expect(readRequest({ ...EMPTY_REQUEST, trucks: ' 4 ' })).toEqual({ request: { trucks: 4 } })
  })

  it('names every field that cannot be used', () => {
    const read = readRequest({ ...EMPTY_REQUEST, trucks: '0', capacity: '20', horizon_minutes: 'two hours' })
    expect('wrong' in read && [...read.wrong]).toEqual(['trucks', 'horizon_minutes'])
  })

  it('gives nothing that the contract refuses, whatever is typed', () => {
    const typed = fc.oneof(fc.string({ maxLength: 6 }), fc.integer().map(String))
    const form = fc.record({
      trucks: typed,
      capacity: typed,
      shift_minutes: typed,
      horizon_minutes: typed,
      time_limit_seconds: typed,
    })
    fc.assert(
      fc.property(form, (fields) => {
        const read = readRequest(fields)
        expect('wrong' in read || planRequestSchema.safeParse(read.request).success).toBe(true)
      }),
    )
  })
})

describe('the editor of constraints', () => {
  const set = {
    depots: [{ id: 'north', name: 'North', lat: 40.7, lon: -74 }],
    crews: [
      { id: 'red', depot: 'north', capacity: null, shift_minutes: 120, active: true },
      { id: 'blue', depot: null, capacity: 12, shift_minutes: null, active: false },
    ],
    closed_stations: [{ station_id: 's1', why: 'works' }],
  }

  it('gives back what it was opened with', () => {
    expect(readDraft(draftOf(set), new Set(['s1']))).toEqual({ input: set })
    expect(constraintsInputSchema.safeParse(set).success).toBe(true)
  })

  it('takes a comma for a point in a coordinate', () => {
    const draft = draftOf(set)
    const read = readDraft({ ...draft, depots: draft.depots.map((d) => ({ ...d, lat: '40,72' })) }, undefined)
    expect(read).toMatchObject({ input: { depots: [{ lat: 40.72 }] } })
  })

  it('marks what cannot be used, each field by itself', () => {
    const draft = draftOf(set)
    const read = readDraft(
      {
        depots: [
          { key: 0, id: 'north', name: '', lat: '91', lon: '' },
          { key: 1, id: 'north', name: '', lat: '0', lon: '0' },
        ],
        crews: draft.crews.map((crew) => ({ ...crew, depot: 'south', capacity: '0', shift: 'long' })),
        closed: [
          { key: 0, station: 's9', why: '' },
          { key: 1, station: '', why: '' },
        ],
      },
      new Set(['s1']),
    )
    expect('problems' in read && Object.fromEntries(read.problems)).toEqual({
      'depots.0.lat': 'lat',
      'depots.0.lon': 'lon',
      'depots.1.id': 'twice',
      'crews.0.depot': 'depot',
      'crews.0.capacity': 'capacity',
      'crews.0.shift': 'shift',
      'crews.1.depot': 'depot',
      'crews.1.capacity': 'capacity',
      'crews.1.shift': 'shift',
      'closed.0.station': 'station',
      'closed.1.station': 'id',
    })
  })

  it('gives a new line a key of its own', () => {
    expect(freshKey([])).toBe(0)
    expect(freshKey([{ key: 4 }, { key: 2 }])).toBe(5)
  })
})

describe('the sketch of routes', () => {
  it('has north up, east on the right, and everything on the sheet', () => {
    const sketch = sketchRoutes(aPlan().routes)
    const [first, second] = sketch?.routes[0]?.stops ?? []
    // The second stop of the sample lies to the north-east of the first.
    expect(first && second && second.x > first.x && second.y < first.y).toBe(true)
    for (const { line } of sketch?.routes ?? [])
      for (const { x, y } of line) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x).toBeLessThanOrEqual(sketch?.width ?? 0)
        expect(y).toBeGreaterThanOrEqual(0)
        expect(y).toBeLessThanOrEqual(sketch?.height ?? 0)
      }
  })

  it('draws a route whose stops are all in one place', () => {
    const [route] = aPlan().routes
    const [stop] = route?.stops ?? []
    const sketch = route && stop && sketchRoutes([{ ...route, depot: null, stops: [stop, stop] }])
    expect(sketch?.routes[0]?.line.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true)
  })

  it('is none without a stop', () => {
    expect(sketchRoutes([])).toBeUndefined()
  })
})
