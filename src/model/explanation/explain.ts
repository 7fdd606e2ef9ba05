import type { Calibration, Explanation, Explanations, Why } from '../../core/contracts/explanation.ts'
import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import type { Prediction } from '../../core/contracts/prediction.ts'
import { OperatorError } from '../../core/errors.ts'
import { HORIZON_SECONDS, isoOf, type EpochSeconds } from '../../core/time.ts'
import type { LoadedModel, Platform } from '../../platform/ports.ts'
import { modelGroup } from '../registry/registry.ts'
import { calibrationsOf, chanceOf } from './calibrations.ts'
import { openModelCache, type ModelCache } from './model-cache.ts'
import { newestBatch } from './newest-batch.ts'
import { explainWhy, marginOf, scoreOf } from './reasons.ts'
import { sentFeatures, slotFeatures, type CityZone, type StationFeatures } from './sent-features.ts'

/** What explanations need of the platform. */
export type ExplanationPlatform = Pick<Platform, 'store' | 'warehouse' | 'scorer'>

export interface ExplainOptions extends CityZone {
  readonly endpoint: string
  /** The newest batch at this moment is explained; nothing that came later is looked at. */
  readonly at: EpochSeconds
  /** Only these, in the order of their scores. NOT_FOUND for one without a prediction. */
  readonly station_ids?: readonly string[]
  /** The highest scores; 20 unless stations are named. */
  readonly top?: number
  /** What is kept between two calls; without it all is loaded for this one. */
  readonly cache?: ModelCache
}

const TOP = 20
const WIDTH = FEATURE_NAMES.length
/** Half an hour, over which neighbours are seen to fill or empty. */
const BEFORE_SECONDS = 1800
/** A score of the right model differs from the one that was sent by less than this: it came as text, and was summed in float32. */
const SAME_SCORE = 1e-4

/**
 * Why the model said what it said of some stations of an endpoint's newest batch, and what such scores have meant. SHAP
 * contributions are computed by the model that made the prediction, on the features that were sent (`exact`), or on the
 * lake's of now where those are not to be had any more. NOT_FOUND for a station without a prediction and for a model that
 * is gone from the registry, CORRUPT for a damaged one.
 */
export async function explainPredictions(
  platform: ExplanationPlatform,
  options: ExplainOptions,
): Promise<Explanations> {
  const { city, timezone, endpoint, at, station_ids } = options
  const batch = await newestBatch(platform, options)
  const slot = batch[0]?.slot ?? null
  const chosen = station_ids
    ? named(batch, station_ids, options)
    : batch.slice(0, Math.max(0, options.top ?? TOP))
  const cache = options.cache ?? openModelCache(platform)
  try {
    const [whys, calibrations] = await Promise.all([
      explainRows(platform, options, chosen, cache),
      calibrationsFor(platform, options, chosen, cache),
    ])
    const predictions = chosen.map((prediction, i): Explanation => {
      const why = whys[i] ?? null
      const version = why?.model_version ?? prediction.model_version
      return explanationOf(prediction, why, calibrations.get(version))
    })
    return { city, timezone, endpoint, at, slot, predictions, calibrations: [...calibrations.values()] }
  } finally {
    if (cache !== options.cache) await cache.close()
  }
}

/** Contributions of predictions of one slot, one for each; null where the lake has no features of the station any more. */
export async function explainRows(
  platform: ExplanationPlatform,
  zone: CityZone,
  predictions: readonly Prediction[],
  cache: ModelCache,
): Promise<readonly (Why | null)[]> {
  const slot = predictions[0]?.slot
  if (slot === undefined) return []
  const [sent, before] = await Promise.all([
    sentFeatures(platform, zone, slot, predictions, cache),
    slotFeatures(platform, zone, slot - BEFORE_SECONDS, cache),
  ])
  const beforeRows = new Map(before.stationIds.map((station, row) => [station, row]))
  const minute = localMinute(zone.timezone, slot)
  const computed = await contributionsOf(predictions, sent, cache)
  return predictions.map((prediction) => {
    const made = computed.get(prediction)
    const features = sent.get(prediction.station_id)
    if (!made || !features) return null
    const row = beforeRows.get(prediction.station_id)
    return explainWhy({
      prediction,
      model_version: made.version,
      exact: features.exact && made.same,
      features: features.values,
      contributions: made.contributions,
      before: row === undefined ? undefined : before.features.subarray(row * WIDTH, (row + 1) * WIDTH),
      minute,
    })
  })
}

interface Computed {
  readonly version: string
  readonly contributions: Float32Array
  /** The score is the one that was sent. */
  readonly same: boolean
}

/** By the model of each prediction. While one was rolled out it is either of two: the one that gives the score that was sent. */
async function contributionsOf(
  predictions: readonly Prediction[],
  sent: ReadonlyMap<string, StationFeatures>,
  cache: ModelCache,
): Promise<ReadonlyMap<Prediction, Computed>> {
  const found = new Map<Prediction, Computed>()
  const rowsOf = new Map<string, { prediction: Prediction; values: Float32Array }[]>()
  for (const prediction of predictions) {
    const values = sent.get(prediction.station_id)?.values
    if (!values) continue
    for (const version of prediction.model_version.split('+')) {
      const key = JSON.stringify([modelGroup(prediction.city, prediction.target), version])
      rowsOf.set(key, [...(rowsOf.get(key) ?? []), { prediction, values }])
    }
  }
  for (const [key, rows] of rowsOf) {
    const [group, version] = JSON.parse(key) as [string, string]
    const all = await cache.withModel(group, version, (model) => contributions(model, rows))
    for (const [i, { prediction }] of rows.entries()) {
      const own = all.subarray(i * (WIDTH + 1), (i + 1) * (WIDTH + 1))
      const same = Math.abs(scoreOf(marginOf(own)) - prediction.score) < SAME_SCORE
      if (same || !found.has(prediction)) found.set(prediction, { version, contributions: own, same })
    }
  }
  return found
}

async function contributions(
  model: LoadedModel,
  rows: readonly { readonly values: Float32Array }[],
): Promise<Float32Array> {
  const features = new Float32Array(rows.length * WIDTH)
  for (const [i, { values }] of rows.entries()) features.set(values, i * WIDTH)
  return model.contributions(features, rows.length)
}

async function calibrationsFor(
  platform: ExplanationPlatform,
  { city, endpoint, at }: ExplainOptions,
  predictions: readonly Prediction[],
  cache: ModelCache,
): Promise<ReadonlyMap<string, Calibration>> {
  const target = predictions[0]?.target
  if (target === undefined) return new Map()
  const model_versions = predictions.flatMap(({ model_version }) => model_version.split('+'))
  return calibrationsOf(platform, { city, endpoint, target, model_versions, at }, cache)
}

function explanationOf(
  prediction: Prediction,
  why: Why | null,
  calibration: Calibration | undefined,
): Explanation {
  const { station_id, target, slot, count_now, score, threshold, stockout } = prediction
  const { variant, model_version, backfilled } = prediction
  return {
    station_id,
    target,
    slot,
    due_at: slot + HORIZON_SECONDS,
    count_now,
    score,
    threshold,
    stockout,
    variant,
    model_version,
    backfilled,
    chance: chanceOf(calibration, score),
    why,
  }
}

function named(
  batch: readonly Prediction[],
  station_ids: readonly string[],
  { endpoint, at }: ExplainOptions,
): Prediction[] {
  const missing = station_ids.find((id) => !batch.some(({ station_id }) => station_id === id))
  if (missing !== undefined)
    throw new OperatorError(
      'NOT_FOUND',
      `${endpoint} predicted nothing of station "${missing}" in the hour before ${isoOf(at)}`,
      'A station that is not in use, or whose state is not known, gets no prediction. Check its id, or take another time.',
    )
  return batch.filter(({ station_id }) => station_ids.includes(station_id))
}

function localMinute(timezone: string, at: EpochSeconds): number {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, minute: 'numeric' })
  return Number(format.format(at * 1000))
}
