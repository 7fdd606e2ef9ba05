import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOperatorError } from '../../core/errors.ts'
import { parseDiscovery } from './discovery.ts'
import { parseInformation, parseStatus, parseSystemInformation } from './normalise.ts'
import { judgeBatch } from './rules.ts'

const PARSERS = {
  status: (body: Uint8Array) => {
    const snapshot = parseStatus(body)
    judgeBatch(snapshot)
    return snapshot
  },
  information: (body: Uint8Array) => parseInformation(body),
  system: (body: Uint8Array) => parseSystemInformation(body),
  discovery: (body: Uint8Array) => parseDiscovery(body, 'https://example.org/gbfs.json'),
}

/** Parses with all four; anything but a result or BAD_INPUT fails the test. Says what came of it. */
function outcomes(body: Uint8Array): Record<string, 'taken' | 'refused'> {
  const result: Record<string, 'taken' | 'refused'> = {}
  for (const [name, parse] of Object.entries(PARSERS)) {
    try {
      expect(JSON.stringify(parse(body)).length).toBeGreaterThan(0)
      result[name] = 'taken'
    } catch (error) {
      if (!isOperatorError(error, 'BAD_INPUT')) throw error
      expect(error.message.length).toBeLessThan(1000)
      expect(error.message).not.toMatch(/\p{Cc}/u)
      result[name] = 'refused'
    }
  }
  return result
}

const station = {
  station_id: 's1',
  num_bikes_available: 5,
  num_docks_available: 10,
  num_bikes_disabled: 1,
  vehicle_docks_available: [{ count: 1 }],
  num_bikes_available_types: [{ ebike: 2 }],
  is_installed: 1,
  is_renting: true,
  is_returning: 0,
  last_reported: 1_689_600_853,
  name: [{ text: 'Torget', language: 'nb' }],
  lat: 59.9,
  lon: 10.7,
  capacity: 12,
}
const real = {
  last_updated: '2023-07-17T13:35:00Z',
  ttl: 60,
  version: '2.3',
  data: {
    system_id: 'x',
    timezone: 'Europe/Oslo',
    en: { feeds: [{ name: 'station_status', url: 'https://example.org/s' }] },
    feeds: [{ name: 'station_status', url: 's.json' }],
    stations: [station, { ...station, station_id: 's2' }],
  },
}

const hostile = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(
    null,
    -1,
    1e308,
    -0,
    '',
    'NaN',
    '1e999',
    [],
    {},
    [[[]]],
    true,
    '\u0000',
    '__proto__',
    '\uD800',
    '\u202E',
    'x'.repeat(5000),
    '9999-99-99T99:99:99Z',
    2 ** 53,
    { toString: 1 },
    { length: -1 },
    { __proto__: null },
    '2023-02-30T00:00:00Z',
  ),
)

/** Every path in a value, to change it there. */
function paths(value: unknown, prefix: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [[...prefix]]
  return [[...prefix], ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...prefix, key]))]
}

function withChange(value: unknown, path: readonly string[], change: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return change
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string,
    unknown
  >
  copy[key] = withChange(copy[key], rest, change)
  return copy
}

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '')

describe('the GBFS parsers', () => {
  it('take the document that the fuzzing starts from', () => {
    expect(outcomes(bytes(real))).toEqual({
      status: 'taken',
      information: 'taken',
      system: 'taken',
      discovery: 'taken',
    })
  })

  it('answer any JSON with a result or BAD_INPUT', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(() => outcomes(bytes(value))).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })

  it('answer any bytes with a result or BAD_INPUT', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
        expect(() => outcomes(body)).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })

  it('answer a real document changed in up to four places with a result or BAD_INPUT', () => {
    const change = fc.tuple(fc.constantFrom(...paths(real)), hostile)
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let document: unknown = real
        for (const [path, value] of changes) document = withChange(document, path, value)
        expect(() => outcomes(bytes(document))).not.toThrow()
      }),
      { numRuns: 800 },
    )
  })

  it('answer a real document cut, or with bytes changed, with a result or BAD_INPUT', () => {
    const whole = bytes(real)
    const at = fc.nat(whole.length - 1)
    fc.assert(
      fc.property(at, fc.array(fc.tuple(at, fc.nat(255))), fc.boolean(), (end, changes, cut) => {
        const body = Uint8Array.from(whole)
        for (const [i, byte] of changes) body[i] = byte
        const taken = Object.values(outcomes(cut ? body.subarray(0, end) : body)).filter((o) => o === 'taken')
        expect(taken.length).toBeLessThanOrEqual(cut ? 0 : 4)
      }),
      { numRuns: 1000 },
    )
  })

  it('read 50,000 hostile stations in bounded time', () => {
    const long = 'x'.repeat(200)
    const stations = Array.from({ length: 50_000 }, (_, i) => ({
      station_id: i % 3 === 0 ? long : 'same',
      num_bikes_available: 1,
      last_reported: i,
    }))
    const { quarantined } = parseStatus(bytes({ last_updated: 1, data: { stations } }))
    expect(quarantined).toHaveLength(50_000)
  }, 30_000)
})
