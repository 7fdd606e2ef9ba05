import type { Prediction } from '../../src/core/contracts/prediction.ts'
import { dtOf, type EpochSeconds } from '../../src/core/time.ts'
import { publishPredictions, stagePredictions } from '../../src/model/prediction/batch-files.ts'
import { deployModel } from '../../src/model/serving/deploy.ts'
import type { XgboostScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import { openAlarmStore } from '../../src/platform/local/alarm-store/alarm-store.ts'
import type { AlarmStore } from '../../src/platform/ports.ts'
import { writeInputs, type StatusRow } from './feature-lake.ts'
import type { LocalPlatform } from './local-platform.ts'
import { CITY, openServingPlatform, registerStump, SLOT, type ServingPlatform } from './serving-platform.ts'

export { CITY }
export const ZONE = 'America/Toronto'
/** 2024-05-14T04:00:00Z: midnight in Toronto. */
export const MIDNIGHT: EpochSeconds = SLOT - 8 * 3600
export const NAMESPACE = 'Bikeshare/Model'
export const ENDPOINT = 'bikeshare-prod'

/** A platform with all that operations look at: one prod endpoint for bikes, in service from midnight on. */
export interface OperationsPlatform extends ServingPlatform {
  readonly alarms: AlarmStore
  readonly clock: { now: EpochSeconds }
}

/** Opens one over a new folder; `scorer` stays open. */
export async function openOperationsPlatform(scorer: XgboostScorer): Promise<OperationsPlatform> {
  const serving = await openServingPlatform(scorer, MIDNIGHT)
  const clock = { now: MIDNIGHT }
  const alarms = openAlarmStore({ store: serving.store, metrics: serving.metrics, clock: () => clock.now })
  const platform = { ...serving, alarms, clock }
  const model = await registerStump(platform.store, {
    target: 'bikes',
    digit: '1',
    scores: { low: 0.01, high: 0.1 },
  })
  await deployModel(platform, {
    endpoint: ENDPOINT,
    city: CITY,
    target: 'bikes',
    ...model,
    by: 'test',
    now: MIDNIGHT,
  })
  return platform
}

/** Writes a city whose stations have these bikes (of 10) at these times, each seen 20 s before. */
export async function writeStates(
  platform: LocalPlatform,
  states: readonly { readonly at: EpochSeconds; readonly bikes: Readonly<Record<string, number>> }[],
  names: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ids = [...new Set(states.flatMap(({ bikes }) => Object.keys(bikes)))]
  const status = states.flatMap(({ at, bikes }) =>
    Object.entries(bikes).map(([station_id, count]): StatusRow => ({
      last_updated: at - 20,
      station_id,
      num_bikes_available: count,
      num_docks_available: 10 - count,
      num_bikes_disabled: 0,
      num_docks_disabled: 0,
      is_installed: true,
      is_renting: true,
      is_returning: true,
    })),
  )
  await writeInputs(platform, CITY, {
    timezone: ZONE,
    country: 'CA',
    status,
    information: ids.map((station_id, i) => ({
      valid_from: MIDNIGHT - 90_000,
      station_id,
      name: names[station_id] ?? station_id,
      lat: 45.5 + i / 200,
      lon: -73.6,
      capacity: 10,
    })),
    weather: [],
  })
}

/** Publishes a batch: by station the count now, and whether it was said to run short. */
export async function publishBatch(
  platform: LocalPlatform,
  slot: EpochSeconds,
  said: Readonly<Record<string, readonly [count: number, stockout: boolean]>>,
): Promise<void> {
  const batch = { endpoint: ENDPOINT, city: CITY, slot }
  const predictions = Object.entries(said).map(([station_id, [count_now, stockout]]): Prediction => ({
    city: CITY,
    endpoint: ENDPOINT,
    target: 'bikes',
    slot,
    dt: dtOf(slot),
    station_id,
    count_now,
    score: stockout ? 0.8 : 0.05,
    threshold: 0.5,
    stockout,
    variant: 'AllTraffic',
    model_version: 'v1',
    features_hash: '0123456789abcdef',
    inference_id: 'i',
    shuffle_seed: 1,
    made_at: slot + 5,
    backfilled: false,
  }))
  await stagePredictions(platform, batch, predictions)
  await publishPredictions(platform.store, batch)
}
