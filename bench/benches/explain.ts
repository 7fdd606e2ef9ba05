import { homedir } from 'node:os'
import { join } from 'node:path'
import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { endpointName } from '../../src/core/names.ts'
import { silentReporter } from '../../src/core/report.ts'
import { HOUR_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { onlineFeatures } from '../../src/data/features/online.ts'
import { explainPredictions } from '../../src/model/explanation/explain.ts'
import { openModelCache } from '../../src/model/explanation/model-cache.ts'
import { predictBatch } from '../../src/model/prediction/predict-batch.ts'
import { modelGroup, registerModel } from '../../src/model/registry/registry.ts'
import { deployModel } from '../../src/model/serving/deploy.ts'
import { loadBooster } from '../../src/platform/engines/xgboost/booster.ts'
import { openXgboost } from '../../src/platform/engines/xgboost/capi.ts'
import { findXgboostLibrary } from '../../src/platform/engines/xgboost/library.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { exampleManifest } from '../../test/support/example-model.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { readModel } from '../harness/model.ts'
import { latencies, sum } from '../harness/percentile.ts'
import { config, openPlatform } from '../harness/platform.ts'
import type { Recording } from '../harness/recordings.ts'
import { knownSlots, timesOf } from '../harness/slots.ts'

const TOP = 20
const ENDPOINT = endpointName('prod', 'bikes')
/** Batches that are predicted, and then explained one after another. */
const BATCHES = 12
/** How often the newest of them is explained again. */
const AGAIN = 20
const AFTER_SLOT_SECONDS = 5

/**
 * Why the 20 highest scores of a batch of 2,200 stations are high: read, features rebuilt and checked, contributions, words,
 * calibration. A batch for the first time, then the newest again and again, as a page asks for it. Against the library
 * computing the contributions of as many rows, nothing else.
 */
export async function benchExplain({ folder, inputs }: BenchContext): Promise<Measurement> {
  const recording = await inputs.recording('nyc')
  const { model } = await readModel(inputs)
  const root = join(folder, 'lake')
  await inputs.copy('nyc-live', root)
  const time = { now: recording.from }
  const lake = await openPlatform(root, () => time.now)
  const slots = await predictSome(lake, model, recording, time)
  const cache = openModelCache(lake)
  const { city, timezone, country } = recording
  const explain = async (slot: EpochSeconds): Promise<void> => {
    const at = slot + AFTER_SLOT_SECONDS
    const options = { city, timezone, country, endpoint: ENDPOINT, at, top: TOP, cache }
    const { predictions } = await explainPredictions(lake, options)
    const exact = predictions.filter(({ why }) => why?.exact).length
    if (exact !== TOP) throw new Error(`${exact} of ${TOP} predictions were explained exactly`)
  }
  const newest = slots.at(-1) ?? 0
  const [firstSeconds = 0] = await timesOf(slots.slice(0, 1), explain)
  const fresh = await timesOf(slots.slice(1), explain)
  const seconds = await timesOf(
    Array.from({ length: AGAIN }, () => newest),
    explain,
  )
  const peak_rss_mb = peakRssMb()
  const baseline_seconds = await contributionsOnly(lake, model, recording, newest)
  await cache.close()
  await lake.close()
  return {
    rows: AGAIN * TOP,
    row_unit: 'predictions',
    seconds: sum(seconds),
    peak_rss_mb,
    baseline: 'the library computing the contributions of as many rows',
    baseline_seconds,
    figures: {
      ...latencies(seconds),
      ...latencies(fresh, '_new_batch'),
      first_ms: firstSeconds * 1000,
    },
  }
}

/** Deploys the model and predicts the last batches of the recording; gives their slots. */
async function predictSome(
  lake: Platform,
  model: Uint8Array,
  { city, timezone, country, to }: Recording,
  time: { now: EpochSeconds },
): Promise<readonly EpochSeconds[]> {
  const [target, group] = ['bikes', modelGroup(city, 'bikes')] as const
  const manifest = exampleManifest({ city, target, group })
  await registerModel(lake.store, { manifest, model, report: {} })
  const { version } = manifest
  await deployModel(lake, { endpoint: ENDPOINT, city, target, group, version, by: 'bench', now: time.now })
  const slots = (await knownSlots(lake, city, to - 4 * HOUR_SECONDS, to)).slice(-BATCHES)
  for (const slot of slots) {
    time.now = slot + AFTER_SLOT_SECONDS
    const now = time.now
    const zone = { city, timezone, country }
    await predictBatch(lake, { ...zone, slot, now, namespace: config.cw_custom_ns, report: silentReporter })
  }
  return slots
}

/** Seconds of the contributions alone, as often and of as many rows. */
async function contributionsOnly(
  lake: Platform,
  model: Uint8Array,
  { city, timezone, country }: Recording,
  slot: EpochSeconds,
): Promise<number> {
  const { path } = findXgboostLibrary({ env: process.env, home: homedir() })
  const booster = loadBooster(openXgboost(path), model, 1)
  const { features } = await onlineFeatures(lake, { city, timezone, country, slot })
  const rows = features.slice(0, TOP * FEATURE_NAMES.length)
  const output = new Float32Array(TOP * (FEATURE_NAMES.length + 1))
  const { seconds } = await timed(() => {
    for (let again = 0; again < AGAIN; again++) booster.contributions(rows, TOP, output)
  })
  booster.free()
  return seconds
}
