import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StationInformation, StationStatus } from '../../core/contracts/station.ts'
import { parseDiscovery } from './discovery.ts'
import { parseInformation, parseStatus, parseSystemInformation } from './normalise.ts'
import { type GbfsVersion, toGbfs } from './serialise.ts'
import { cleanText, isStationId } from './text.ts'

const version = fc.constantFrom<GbfsVersion[]>('1.1', '2.3', '3.0')
const count = fc.integer({ min: 0, max: 2000 })
const time = fc.integer({ min: 1, max: 4_102_444_800 })
const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter(isStationId)
const label = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .map((text) => cleanText(text))
  .filter((text) => text !== '')
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const envelope = { last_updated: time, ttl: fc.integer({ min: 0, max: 86_400 }) }
const byId = (a: { station_id: string }, b: { station_id: string }) => (a.station_id < b.station_id ? -1 : 1)

const status: fc.Arbitrary<StationStatus> = fc.record({
  station_id: id,
  num_bikes_available: count,
  num_docks_available: count,
  num_bikes_disabled: optional(count),
  num_docks_disabled: optional(count),
  num_ebikes_available: optional(count),
  is_installed: fc.boolean(),
  is_renting: fc.boolean(),
  is_returning: fc.boolean(),
  last_reported: time,
})
const place: fc.Arbitrary<StationInformation> = fc.record({
  station_id: id,
  name: label,
  short_name: optional(label),
  lat: fc.double({ min: -90, max: 90, noNaN: true }).map((n) => n + 0),
  lon: fc.double({ min: 1, max: 180, noNaN: true }),
  capacity: optional(count),
  region_id: optional(label),
})
const several = <T extends { station_id: string }>(station: fc.Arbitrary<T>) =>
  fc.uniqueArray(station, { selector: (s) => s.station_id, minLength: 1 }).map((list) => list.sort(byId))

describe('a document written as a feed of any version', () => {
  it('reads back as the same status snapshot', () => {
    fc.assert(
      fc.property(version, fc.record({ ...envelope, stations: several(status) }), (version, snapshot) => {
        const body = toGbfs(version, { kind: 'station_status', snapshot })
        expect(parseStatus(body)).toEqual({ ...snapshot, version, quarantined: [] })
      }),
    )
  })

  it('reads back as the same information snapshot', () => {
    fc.assert(
      fc.property(version, fc.record({ ...envelope, stations: several(place) }), (version, snapshot) => {
        const body = toGbfs(version, { kind: 'station_information', snapshot })
        expect(parseInformation(body)).toEqual({ ...snapshot, version, quarantined: [] })
      }),
    )
  })

  it('reads back as the same system and the same feeds', () => {
    const system = fc.record({
      system_id: label,
      name: optional(label),
      timezone: fc.constantFrom('Europe/Oslo', 'America/New_York', 'UTC'),
    })
    const urls = fc.record({ station_status: fc.webUrl(), station_information: fc.webUrl() })
    fc.assert(
      fc.property(version, fc.record(envelope), system, urls, (version, head, system, feeds) => {
        expect(
          parseSystemInformation(toGbfs(version, { kind: 'system_information', ...head, system })),
        ).toEqual(system)
        const discovery = parseDiscovery(
          toGbfs(version, { kind: 'gbfs', ...head, feeds }),
          'https://example.org/gbfs.json',
        )
        expect(discovery.version).toBe(version)
        expect(discovery.feeds).toEqual({
          station_status: new URL(feeds.station_status).href,
          station_information: new URL(feeds.station_information).href,
        })
      }),
      { numRuns: 25 },
    )
  })

  it('spells flags, names and times as its version does', () => {
    const station: StationStatus = {
      station_id: 'a',
      num_bikes_available: 1,
      num_docks_available: 2,
      num_bikes_disabled: null,
      num_docks_disabled: 0,
      num_ebikes_available: null,
      is_installed: true,
      is_renting: false,
      is_returning: true,
      last_reported: 1_689_600_853,
    }
    const written = (version: GbfsVersion) => {
      const snapshot = { last_updated: 1_689_600_900, ttl: 60, stations: [station] }
      return JSON.parse(
        Buffer.from(toGbfs(version, { kind: 'station_status', snapshot })).toString(),
      ) as unknown
    }
    const counts = { num_docks_available: 2, num_docks_disabled: 0 }
    expect(written('1.1')).toEqual({
      last_updated: 1_689_600_900,
      ttl: 60,
      version: '1.1',
      data: {
        stations: [
          {
            station_id: 'a',
            num_bikes_available: 1,
            ...counts,
            is_installed: 1,
            is_renting: 0,
            is_returning: 1,
            last_reported: 1_689_600_853,
          },
        ],
      },
    })
    expect(written('3.0')).toEqual({
      last_updated: '2023-07-17T13:35:00Z',
      ttl: 60,
      version: '3.0',
      data: {
        stations: [
          {
            station_id: 'a',
            num_vehicles_available: 1,
            ...counts,
            is_installed: true,
            is_renting: false,
            is_returning: true,
            last_reported: '2023-07-17T13:34:13Z',
          },
        ],
      },
    })
  })
})
