import type { ModelHealth } from '../../../core/contracts/api/model.ts'
import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { readDrift } from '../../../operations/monitoring/drift/drift-file.ts'
import { readFeed, type FeedRecord } from '../../../operations/monitoring/feed/feed-file.ts'
import type { CitySource } from '../city-source.ts'
import { bounded } from './station-list.ts'

/** Looked for in this time first. */
const USUAL_SECONDS = HOUR_SECONDS + 600

/** Drift as it was found last, in the 24 hours to `at`; null when it was not looked at. */
export async function driftAt(
  source: CitySource,
  endpoint: string,
  at: EpochSeconds,
): Promise<ModelHealth['drift']> {
  const { platform, info } = source
  const [newest, feed] = await Promise.all([
    newestOf((from) => readDrift(platform.store, { city: info.city, endpoint, from, to: at }), at),
    newestFeed(source, at),
  ])
  if (!newest) return null
  return {
    at: newest.at,
    psi: newest.psi,
    samples: newest.rows,
    note: newest.reason,
    features: newest.features.map(({ name, psi }) => ({ name, psi })),
    stations: (newest.stations ?? []).map(({ station_id, name, feature, baseline, window, shift }) => ({
      station_id,
      name: bounded(name ?? station_id),
      psi: null,
      feature,
      baseline,
      window,
      shift,
    })),
    feature_skew: newest.skew?.share ?? null,
    weather_faults: newest.weather?.faults ?? null,
    frozen_stations: feed?.frozen?.share ?? null,
  }
}

/** Health of the feed as it was found last, in the 24 hours to `at`; undefined when it was not looked at. */
export async function newestFeed(
  { platform, info }: CitySource,
  at: EpochSeconds,
): Promise<FeedRecord | undefined> {
  return newestOf((from) => readFeed(platform.store, { city: info.city, from, to: at }), at)
}

/** The last record since some time: one an hour is usual, and one of the last day is better than none. */
async function newestOf<T>(
  read: (from: EpochSeconds) => Promise<readonly T[]>,
  at: EpochSeconds,
): Promise<T | undefined> {
  return (await read(at - USUAL_SECONDS)).at(-1) ?? (await read(at - DAY_SECONDS)).at(-1)
}
