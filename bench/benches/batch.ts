import { join } from 'node:path'
import { homedir } from 'node:os'
import { TARGETS, type Target } from '../../src/core/contracts/features.ts'
import { endpointName } from '../../src/core/names.ts'
import { silentReporter } from '../../src/core/report.ts'
import { HOUR_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { onlineFeatures } from '../../src/data/features/online.ts'
import { predictBatch } from '../../src/model/prediction/predict-batch.ts'
import { modelGroup, registerModel } from '../../src/model/registry/registry.ts'
import { deployModel } from '../../src/model/serving/deploy.ts'
import { loadBooster } from '../../src/platform/engines/xgboost/booster.ts'
import { openXgboost } from '../../src/platform/engines/xgboost/capi.ts'
import { findXgboostLibrary } from '../../src/platform/engines/xgboost/library.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { exampleManifest } from '../../test/support/example-model.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { liveFrom, minutesFrom } from '../harness/lakes.ts'
import { readModel } from '../harness/model.ts'
import { latencies, sum } from '../harness/percentile.ts'
import { config, openPlatform } from '../harness/platform.ts'
import type { Recording } from '../harness/recordings.ts'
import { knownSlots, timesOf } from '../harness/slots.ts'

/** Predictions of a batch are made this long after its slot. */
const AFTER_SLOT_SECONDS = 5

/**
 * Whole prediction batches one after another: online features, both endpoints, predictions written. Once from snapshots as
 * recorded, once with one every minute. Against the library scoring the same rows for both endpoints, nothing else.
 */
export async function benchBatch({ folder, inputs }: BenchContext): Promise<Measurement> {
  const recording = await inputs.recording('nyc')
  const { model } = await readModel(inputs)
  await inputs.copy('nyc-live', join(folder, 'live'))
  await inputs.copy('nyc-minutes', join(folder, 'minutes'))
  const recorded = await measure(join(folder, 'live'), model, recording, liveFrom(recording))
  const everyMinute = await measure(join(folder, 'minutes'), model, recording, minutesFrom(recording))
  const peak_rss_mb = peakRssMb()
  return {
    rows: recorded.predictions,
    row_unit: 'predictions',
    seconds: sum(recorded.seconds),
    peak_rss_mb,
    baseline: 'the library scoring the same rows',
    baseline_seconds: await scoreOnly(join(folder, 'live'), model, recording, recorded.slots),
    figures: {
      batches: recorded.slots.length,
      endpoints: TARGETS.length,
      ...latencies(recorded.seconds),
      ...latencies(everyMinute.seconds, '_minute_feed'),
      first_ms: recorded.firstSeconds * 1000,
    },
  }
}

interface Batches {
  readonly slots: readonly EpochSeconds[]
  readonly seconds: readonly number[]
  /** The first of all, not among the others: a process that has just started. */
  readonly firstSeconds: number
  readonly predictions: number
}

async function measure(
  root: string,
  model: Uint8Array,
  recording: Recording,
  from: EpochSeconds,
): Promise<Batches> {
  const { city, timezone, country, to } = recording
  const time = { now: from }
  const lake = await openPlatform(root, () => time.now)
  for (const target of TARGETS) await deploy(lake, model, city, target, from)
  const [first, ...slots] = await knownSlots(lake, city, from + 2 * HOUR_SECONDS, to)
  if (first === undefined) throw new Error('no slot has a known state')
  let predictions = 0
  const predict = async (slot: EpochSeconds): Promise<void> => {
    time.now = slot + AFTER_SLOT_SECONDS
    const results = await predictBatch(lake, {
      city,
      timezone,
      country,
      slot,
      now: time.now,
      namespace: config.cw_custom_ns,
      report: silentReporter,
    })
    const unfinished = results.find((result) => result.outcome !== 'done')
    if (unfinished) throw new Error(`a batch was ${unfinished.outcome}: ${unfinished.reason}`)
    predictions += results.reduce((total, result) => total + result.predictions, 0)
  }
  const [firstSeconds = 0] = await timesOf([first], predict)
  predictions = 0
  const seconds = await timesOf(slots, predict)
  await lake.close()
  return { slots, seconds, firstSeconds, predictions }
}

/** Registers the model as one of the city and target, and deploys it to production as `bikeshare endpoints deploy` does. */
async function deploy(
  lake: Platform,
  model: Uint8Array,
  city: string,
  target: Target,
  now: EpochSeconds,
): Promise<void> {
  const group = modelGroup(city, target)
  const { manifest } = await registerModel(lake.store, {
    manifest: exampleManifest({ city, target, group }),
    model,
    report: {},
  })
  await deployModel(lake, {
    endpoint: endpointName('prod', target),
    city,
    target,
    group,
    version: manifest.version,
    capture: { EnableCapture: true, InitialSamplingPercentage: config.serve.capture_percent },
    by: 'bench',
    now,
  })
}

/** Seconds of scoring the rows of every slot once for each target, all rows of a slot in one call. */
async function scoreOnly(
  root: string,
  model: Uint8Array,
  { city, timezone, country }: Recording,
  slots: readonly EpochSeconds[],
): Promise<number> {
  const lake = await openPlatform(root)
  const { path } = findXgboostLibrary({ env: process.env, home: homedir() })
  const booster = loadBooster(openXgboost(path), model, config.limits.threads)
  let seconds = 0
  for (const slot of slots) {
    const { features, stationIds } = await onlineFeatures(lake, { city, timezone, country, slot })
    const scores = new Float32Array(stationIds.length)
    const score = (): void => {
      for (const _ of TARGETS) booster.predict(features, stationIds.length, scores)
    }
    seconds += (await timed(score)).seconds
  }
  await lake.close()
  return seconds
}
