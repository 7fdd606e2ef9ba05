import type { Target } from '../../src/core/contracts/features.ts'
import type { EpochSeconds } from '../../src/core/time.ts'
import { modelGroup, registerModel } from '../../src/model/registry/registry.ts'
import type { XgboostScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import { openEndpointHost } from '../../src/platform/local/endpoint-host/endpoint-host.ts'
import { openMetricStore } from '../../src/platform/local/metric-store/metric-store.ts'
import type { EndpointHost, ObjectStore } from '../../src/platform/ports.ts'
import { exampleManifest } from './example-model.ts'
import { writeInputs, type StatusRow } from './feature-lake.ts'
import { openLocalPlatform, type LocalPlatform } from './local-platform.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { libraryPath, stumpModel, type StumpScores } from './stump-model.ts'

export const CITY = 'demo'
/** 2024-05-14T12:00:00Z */
export const SLOT: EpochSeconds = 1_715_688_000

/** A local platform that serves with the real library. */
export interface ServingPlatform extends LocalPlatform {
  readonly endpoints: EndpointHost
}

/** Opens one over a new folder; `scorer` stays open. */
export async function openServingPlatform(scorer: XgboostScorer, now = SLOT): Promise<ServingPlatform> {
  const platform = await openLocalPlatform()
  const endpoints = openServingHost(platform.store, scorer, now, platform.metrics)
  return {
    ...platform,
    endpoints,
    async close() {
      await endpoints.close()
      await platform.close()
    },
  }
}

/** A host over a store, as another process would open it; each look at its stopwatch takes a millisecond. */
export function openServingHost(
  store: ObjectStore,
  scorer: XgboostScorer,
  now = SLOT,
  metrics = openMetricStore({ store }),
): EndpointHost {
  let elapsed = 0
  return openEndpointHost({
    store,
    libraryPath: libraryPath(),
    scorer,
    metrics,
    clock: () => now,
    elapsedMs: () => elapsed++,
    random: seededRandom(7),
    refreshMs: 0,
  })
}

/** Registers a stump (see `stumpModel`) as a version of the city's model; gives the version. */
export async function registerStump(
  store: ObjectStore,
  o: { target: Target; digit: string; scores: StumpScores; threshold?: number; city?: string },
): Promise<{ group: string; version: string }> {
  const city = o.city ?? CITY
  const group = modelGroup(city, o.target)
  const version = `20240513T235500Z-${o.digit.repeat(8)}`
  const manifest = exampleManifest({
    group,
    version,
    city,
    target: o.target,
    ...(o.threshold !== undefined && { threshold: o.threshold }),
  })
  await registerModel(store, { manifest, model: stumpModel(o.scores), report: {} })
  return { group, version }
}

/** A made-up city of `stations` with a snapshot every five minutes from 75 minutes before `SLOT` to 40 after it. */
export function cityStatus(stations: number): StatusRow[] {
  const rows: StatusRow[] = []
  for (let at = SLOT - 4500; at <= SLOT + 2400; at += 300)
    for (let i = 0; i < stations; i++) {
      const bikes = (i * 3 + at / 300) % 11
      rows.push({
        last_updated: at - 20,
        station_id: `s${String(i).padStart(4, '0')}`,
        num_bikes_available: bikes,
        num_docks_available: 10 - bikes,
        num_bikes_disabled: 0,
        num_docks_disabled: 0,
        is_installed: true,
        // Every tenth is a ghost for bikes, every twentieth for docks.
        is_renting: i % 10 !== 5,
        is_returning: i % 20 !== 5,
      })
    }
  return rows
}

/** Writes the made-up city into the lake. */
export async function writeCity(platform: LocalPlatform, stations: number): Promise<void> {
  await writeInputs(
    platform,
    CITY,
    {
      timezone: 'America/Toronto',
      country: 'CA',
      status: cityStatus(stations),
      information: Array.from({ length: stations }, (_, i) => ({
        valid_from: SLOT - 90_000,
        station_id: `s${String(i).padStart(4, '0')}`,
        lat: 45.5 + (i % 40) / 200,
        lon: -73.6 + Math.floor(i / 40) / 200,
        capacity: 10,
      })),
      weather: [],
    },
    'live',
  )
}
