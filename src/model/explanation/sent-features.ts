import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import type { Prediction } from '../../core/contracts/prediction.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { knownAt } from '../../data/features/known-at.ts'
import { onlineFeatures, type AsKnown, type OnlineFeatures } from '../../data/features/online.ts'
import type { Platform } from '../../platform/ports.ts'
import { featureTexts } from '../prediction/feature-text.ts'
import type { ModelCache } from './model-cache.ts'

const WIDTH = FEATURE_NAMES.length

/** A city and its calendar. */
export interface CityZone {
  readonly city: string
  readonly timezone: string
  readonly country: string | null
}

/** Features of one station at one slot, in the order of `FEATURE_NAMES`. */
export interface StationFeatures {
  readonly values: Float32Array
  /** They are those that were sent, by the hash. */
  readonly exact: boolean
}

/**
 * The features that some predictions of one slot were made of, by station: as the lake gives them now or, where the hash
 * differs, as they were known when the prediction was made. If no hash agrees they are the lake's of now, not `exact`. A
 * station whose state at the slot is not known any more is left out.
 */
export async function sentFeatures(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  zone: CityZone,
  slot: EpochSeconds,
  predictions: readonly Prediction[],
  cache: ModelCache,
): Promise<ReadonlyMap<string, StationFeatures>> {
  const found = new Map<string, StationFeatures>()
  let open = take(found, await slotFeatures(platform, zone, slot, cache), predictions)
  for (const madeAt of new Set(open.map(({ made_at }) => made_at)))
    for (const asKnown of await knownAt(platform.store, zone.city, slot, madeAt)) {
      const ofTime = open.filter(({ made_at }) => made_at === madeAt)
      if (ofTime.length === 0) break
      const left = new Set(take(found, await slotFeatures(platform, zone, slot, cache, asKnown), ofTime))
      open = open.filter((prediction) => prediction.made_at !== madeAt || left.has(prediction))
    }
  return found
}

/** Features of a slot, remembered. */
export function slotFeatures(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  zone: CityZone,
  slot: EpochSeconds,
  cache: ModelCache,
  asKnown?: AsKnown,
): Promise<OnlineFeatures> {
  const as = asKnown ? `${asKnown.statusUntil}/${asKnown.weatherUntil}` : ''
  return cache.features(`${zone.city}/${slot}/${as}`, () =>
    onlineFeatures(platform, { ...zone, slot, ...(asKnown && { asKnown }) }),
  )
}

/** Adds what is exact, and what is not where there is nothing yet; gives the predictions that still have no exact ones. */
function take(
  found: Map<string, StationFeatures>,
  online: OnlineFeatures,
  predictions: readonly Prediction[],
): readonly Prediction[] {
  const texts = featureTexts(online.features)
  const rows = new Map(online.stationIds.map((station, row) => [station, row]))
  return predictions.filter((prediction) => {
    const row = rows.get(prediction.station_id)
    if (row === undefined) return true
    const values = online.features.subarray(row * WIDTH, (row + 1) * WIDTH)
    const exact = texts.hash(row) === prediction.features_hash
    if (exact || !found.has(prediction.station_id)) found.set(prediction.station_id, { values, exact })
    return !exact
  })
}
