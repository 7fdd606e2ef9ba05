import type { Prediction } from '../../src/core/contracts/prediction.ts'
import { TABLE_SCHEMAS } from '../../src/core/contracts/tables.ts'
import { dayKey, liveStatusKey, predictionsKey } from '../../src/core/keys.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { dsOf, dtOf, type EpochSeconds } from '../../src/core/time.ts'
import type { LocalPlatform } from './local-platform.ts'

export const CITY = 'demo'
export const TIMEZONE = 'America/Toronto'
/** 2024-05-14T12:00:00Z. */
export const START: EpochSeconds = 1_715_688_000
export const STATIONS = 20

const idOf = (station: number): string => `s${String(station).padStart(2, '0')}`

/** Bikes of a station at a time: they drift up and down, and some stations run short. The same time gives the same. */
export function bikesAt(station: number, at: EpochSeconds): number {
  const phase = (at / 3600) * (0.5 + (station % 5) / 5) + station
  return Math.max(0, Math.round(5 + 6 * Math.sin(phase)))
}

/** Writes one snapshot as ingest leaves it; `shift` makes another content. */
export async function writeSnapshot(
  { warehouse }: Pick<LocalPlatform, 'warehouse'>,
  at: EpochSeconds,
  shift = 0,
): Promise<void> {
  const stations = Array.from({ length: STATIONS }, (_, station) => station)
  const values: Record<string, (station: number) => string | number | boolean> = {
    last_updated: () => at,
    station_id: idOf,
    num_bikes_available: (station) => bikesAt(station, at) + shift,
    num_docks_available: (station) => 12 - Math.min(12, bikesAt(station, at)),
    num_bikes_disabled: () => 0,
    num_docks_disabled: () => 0,
    num_ebikes_available: () => 0,
    is_installed: () => true,
    is_renting: () => true,
    is_returning: () => true,
    last_reported: () => at,
  }
  await warehouse.writeRows(
    liveStatusKey(CITY, at),
    TABLE_SCHEMAS.station_status.map(({ name, type }) => ({
      name,
      type,
      values: stations.map((station) => values[name]?.(station) ?? null),
    })),
  )
}

/** Writes the stations of the days that a range touches. */
export async function writeStations(
  { warehouse }: Pick<LocalPlatform, 'warehouse'>,
  days: readonly string[],
): Promise<void> {
  const stations = Array.from({ length: STATIONS }, (_, station) => station)
  for (const ds of days)
    await warehouse.writeRows(dayKey('stations', CITY, ds), [
      { name: 'valid_from', type: 'BIGINT', values: stations.map(() => START - 1e6) },
      { name: 'station_id', type: 'VARCHAR', values: stations.map(idOf) },
      { name: 'lat', type: 'DOUBLE', values: stations.map(() => 45.5) },
      { name: 'lon', type: 'DOUBLE', values: stations.map(() => -73.6) },
      { name: 'capacity', type: 'INTEGER', values: stations.map((station) => 10 + (station % 3) * 10) },
    ])
}

/** What may differ from prediction to prediction. */
export type PredictionChanges = Partial<Prediction>

/** The predictions of a slot: scores follow the count, not quite. */
export function predictionsOf(
  endpoint: string,
  slot: EpochSeconds,
  change: (prediction: Prediction, station: number) => PredictionChanges = () => ({}),
): Prediction[] {
  const random = seededRandom(slot + endpoint.length)
  return Array.from({ length: STATIONS }, (_, station) => {
    const count = bikesAt(station, slot)
    const score = Math.fround(1 / (1 + Math.exp(count - 2 + 3 * (random() - 0.5))))
    const made: Prediction = {
      city: CITY,
      endpoint,
      target: 'bikes',
      slot,
      dt: dtOf(slot),
      station_id: idOf(station),
      count_now: count,
      score,
      threshold: 0.4,
      stockout: score >= 0.4,
      variant: station % 2 === 0 ? 'Baseline' : 'Candidate',
      model_version: station % 2 === 0 ? 'v1' : 'v2',
      features_hash: '0'.repeat(16),
      inference_id: 'i',
      shuffle_seed: 1,
      made_at: slot + 5,
      backfilled: false,
    }
    return { ...made, ...change(made, station) }
  })
}

/** Writes predictions as a batch's file. */
export async function writePredictions(
  { warehouse }: Pick<LocalPlatform, 'warehouse'>,
  endpoint: string,
  slot: EpochSeconds,
  predictions: readonly Prediction[],
): Promise<void> {
  await warehouse.writeRows(
    predictionsKey(endpoint, CITY, slot),
    TABLE_SCHEMAS.predictions.map(({ name, type }) => ({
      name,
      type,
      values: predictions.map((prediction) => prediction[name as keyof Prediction]),
    })),
  )
}

/** Snapshots and predictions of every `step` seconds from `START` on, and the stations. */
export async function fillQualityLake(
  platform: Pick<LocalPlatform, 'warehouse'>,
  {
    hours,
    endpoints,
    step = 600,
  }: { readonly hours: number; readonly endpoints: readonly string[]; readonly step?: number },
): Promise<void> {
  const end = START + hours * 3600
  await writeStations(platform, [...new Set([dsOf(START), dsOf(end)])])
  for (let slot = START; slot <= end; slot += step) {
    await writeSnapshot(platform, slot - 30)
    for (const endpoint of endpoints)
      await writePredictions(platform, endpoint, slot, predictionsOf(endpoint, slot))
  }
}
