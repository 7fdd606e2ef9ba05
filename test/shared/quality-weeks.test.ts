import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import type { Manifest } from '../../src/core/contracts/manifest.ts'
import { silentReporter } from '../../src/core/report.ts'
import {
  BATCH_SECONDS,
  DAY_SECONDS,
  HOUR_SECONDS,
  parseTime,
  type EpochSeconds,
} from '../../src/core/time.ts'
import { buildFeatures } from '../../src/data/features/build.ts'
import { evaluationRowsStatement } from '../../src/data/features/model-rows.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { type SaidRows, evaluateSaid } from '../../src/model/evaluation/said.ts'
import { loadModel } from '../../src/model/registry/registry.ts'
import { trainModel } from '../../src/model/training/train.ts'
import { calibrate } from '../../src/operations/monitoring/estimate/calibrate.ts'
import { conformalInterval, type Realised } from '../../src/operations/monitoring/estimate/conformal.ts'
import { ESTIMATED, expectFigures } from '../../src/operations/monitoring/estimate/expect.ts'
import { ensureQualityBaseline } from '../../src/operations/monitoring/quality/quality-baseline.ts'
import { SHARED_DATA } from '../support/shared-data.ts'
import { openTrainingPlatform, type TrainingPlatform } from '../support/training-platform.ts'

/** Three weeks to learn from, and nine days after them. */
const FROM = parseTime('2023-04-10T00:00:00Z')
const TEST_FROM = parseTime('2023-05-01T00:00:00Z')
const UNTIL = parseTime('2023-05-10T00:00:00Z')
const ZONE = { city: 'sf', timezone: 'America/Los_Angeles', country: 'US', report: silentReporter } as const

/** Scored rows of the test days, by slot. */
interface TestDays {
  readonly slots: Float64Array
  readonly rows: SaidRows & { readonly labels: Uint8Array; readonly scores: Float64Array }
}

describe('quiet weeks of San Francisco', () => {
  let platform: TrainingPlatform
  let manifest: Manifest
  let days: TestDays

  beforeAll(async () => {
    platform = await openTrainingPlatform()
    const status = [join(SHARED_DATA, 'sf_status_2023-04-03_2023-05-14.parquet')]
    const information = [join(SHARED_DATA, 'sf_information.parquet')]
    await importRecording(platform, { ...ZONE, status, information, from: FROM, to: UNTIL })
    await buildFeatures(platform, ZONE)
    const params = { num_round: 60, max_depth: 5, eta: 0.2 }
    const training = { city: 'sf', target: 'bikes', until: TEST_FROM, params, now: UNTIL } as const
    ;({ manifest } = await trainModel(platform, { ...training, report: silentReporter }))
    days = await scoreDays(platform, manifest)
  })
  afterAll(() => platform.close())

  /** The rows of the slots in `(from, to]`. */
  const between = (from: EpochSeconds, to: EpochSeconds) => {
    const { slots, rows } = days
    const [first, end] = [lowerBound(slots, from + 1), lowerBound(slots, to + 1)]
    return {
      labels: rows.labels.subarray(first, end),
      scores: rows.scores.subarray(first, end),
      counts: Array.prototype.slice.call(rows.counts, first, end),
      said: Array.prototype.slice.call(rows.said, first, end),
    }
  }

  it('have no 24 hours below the constants or the model’s own bounds', async () => {
    const { group, version, target } = manifest
    const { pr_auc_floor, f1_floor } = await ensureQualityBaseline(platform, {
      city: 'sf',
      target,
      group,
      version,
    })
    expect(pr_auc_floor).toBeGreaterThan(0.851)
    for (let at = TEST_FROM + DAY_SECONDS; at <= UNTIL - HOUR_SECONDS; at += 2 * HOUR_SECONDS) {
      const { pr_auc, f1 } = evaluateSaid(between(at - DAY_SECONDS, at))
      expect(pr_auc).toBeGreaterThan(Math.max(0.851, pr_auc_floor ?? 0))
      expect(f1).toBeGreaterThan(Math.max(0.753, f1_floor ?? 0))
    }
  })

  it('have their outcomes within the estimate’s 90 % interval in 85 to 95 % of windows', () => {
    const known = {
      pr_auc: [] as (Realised & { at: number })[],
      f1: [] as (Realised & { at: number })[],
      brier: [] as (Realised & { at: number })[],
    }
    const held = { pr_auc: [] as boolean[], f1: [] as boolean[], brier: [] as boolean[] }
    for (let at = TEST_FROM + DAY_SECONDS; at <= UNTIL - HOUR_SECONDS; at += 2 * BATCH_SECONDS) {
      const open = between(at - 3 * BATCH_SECONDS, at)
      if (open.labels.length === 0) continue
      const learnt = between(at - 1800 - DAY_SECONDS, at - 1800)
      const chances = open.scores.map(calibrate(learnt.labels, learnt.scores))
      const expected = expectFigures({ ...open, chances }, at)
      const came = evaluateSaid(open)
      for (const name of ESTIMATED) {
        const [expectation, value] = [expected[name], came[name]]
        if (expectation === null || value === null) continue
        const past = known[name].filter((window) => window.at <= at - 1800).slice(-144)
        const interval = conformalInterval(expectation, past)
        if (interval) held[name].push(value >= interval.low && Math.min(1, value) <= interval.high)
        known[name].push({ at, expected: expectation, value: Math.min(1, value) })
      }
    }
    for (const name of ESTIMATED) {
      const share = held[name].filter(Boolean).length / held[name].length
      expect(held[name].length).toBeGreaterThan(400)
      expect(share).toBeGreaterThan(0.85)
      expect(share).toBeLessThan(0.95)
    }
  })
})

async function scoreDays(platform: TrainingPlatform, manifest: Manifest): Promise<TestDays> {
  const { model } = await loadModel(platform.store, manifest.group, manifest.version)
  const loaded = await platform.scorer.load(model)
  const [slots, labels, counts, scores] = [[] as number[], [] as number[], [] as number[], [] as number[]]
  const { city, target } = manifest
  const statement = evaluationRowsStatement({ city, target, from: TEST_FROM, until: UNTIL })
  for await (const { rows, columns } of platform.warehouse.stream(statement)) {
    const features = new Float32Array(rows * FEATURE_NAMES.length)
    FEATURE_NAMES.forEach((name, f) => {
      for (let row = 0; row < rows; row++)
        features[row * FEATURE_NAMES.length + f] = Number(columns[name]?.[row] ?? Number.NaN)
    })
    for (const score of await loaded.predict(features, rows)) scores.push(score)
    for (let row = 0; row < rows; row++) {
      slots.push(Number(columns['slot']?.[row]))
      labels.push(Number(columns['label']?.[row]))
      counts.push(Number(columns['count']?.[row]))
    }
  }
  await loaded.close()
  const said = scores.map((score) => (score >= manifest.threshold ? 1 : 0))
  return {
    slots: Float64Array.from(slots),
    rows: { labels: Uint8Array.from(labels), scores: Float64Array.from(scores), counts, said },
  }
}

/** Index of the first value of an ascending array that is at least `limit`. */
function lowerBound(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? Infinity) < limit) low = middle + 1
    else high = middle
  }
  return low
}
