import type { State, Stations, Timeline } from '../../src/core/contracts/api/city.ts'
import type { AsOf } from '../../src/core/contracts/api/common.ts'
import type { CitySummary, Session } from '../../src/core/contracts/api/session.ts'

/** Monday 23 September 2024, 00:00 UTC. */
export const NOW = 1_727_049_600

export const asOf: AsOf = {
  city: 'sf',
  timezone: 'America/Los_Angeles',
  at: NOW,
  now: NOW,
  clock: 'live',
  newest: true,
  snapshot_at: NOW - 60,
  batch_at: NOW - 600,
  stale: false,
}

export const city: CitySummary = {
  name: 'sf',
  timezone: 'America/Los_Angeles',
  country: 'US',
  stations: 3,
  bounds: [-122.5, 37.7, -122.4, 37.8],
  endpoints: [],
  now: NOW,
  clock: 'live',
  from: NOW - 86_400,
  to: NOW,
  problem: null,
}

export const session: Session = {
  access: 'viewer',
  name: null,
  city: null,
  public_mode: false,
  snapshot: false,
  tile_url: null,
  tile_attribution: null,
  version: '0.1.0',
}

export const HOSTILE = [
  '<img src=x onerror="window.pwned=1">',
  '\u202Egnp.exe محطة',
  '🚲 "quoted" & <b>bold</b> {count}',
]

export const stations: Stations = {
  version: 'v1',
  station_id: ['s1', 's2', 's3'],
  name: HOSTILE,
  lat: [37.71, 37.72, 37.73],
  lon: [-122.41, -122.42, -122.43],
  capacity: [20, 20, null],
}

export const state: State = {
  as_of: asOf,
  version: 'v1',
  bikes: [5, 0, null],
  docks: [15, 20, null],
  condition: ['ok', 'ok', 'unknown'],
  predicted: {
    bikes: {
      endpoint: 'bikeshare-staging',
      threshold: 0.2,
      score: [0.61, 0.97, null],
      stockout: [true, true, null],
      onset: [true, false, null],
    },
    docks: null,
  },
}

export const timeline: Timeline = {
  as_of: asOf,
  from: NOW - 86_400,
  to: NOW,
  batches: [NOW - 1800, NOW - 1200, NOW - 600],
  gaps: [],
}
