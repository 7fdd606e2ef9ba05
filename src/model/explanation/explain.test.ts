import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statusBody } from '../../../test/support/lake-fixtures.ts'
import { openApi, syntheticData, smallParams } from '../../../test/support/boosted-model.ts'
import { exampleManifest } from '../../../test/support/example-model.ts'
import {
  CITY,
  cityStatus,
  openServingPlatform,
  SLOT,
  writeCity,
  type ServingPlatform,
} from '../../../test/support/serving-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import { explanationsSchema, FEATURE_GROUPS, type Explanations } from '../../core/contracts/explanation.ts'
import { FEATURE_NAMES, type FeatureName } from '../../core/contracts/features.ts'
import type { Prediction } from '../../core/contracts/prediction.ts'
import { TABLE_SCHEMAS } from '../../core/contracts/tables.ts'
import { liveStatusKey, modelPrefix, predictionsKey } from '../../core/keys.ts'
import { silentReporter } from '../../core/report.ts'
import { putManifest } from '../../data/lake/raw.ts'
import { openBoosting } from '../../platform/engines/xgboost/boosting.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import { predictBatch } from '../prediction/predict-batch.ts'
import { modelGroup, registerModel } from '../registry/registry.ts'
import { deployModel } from '../serving/deploy.ts'
import { explainPredictions, type ExplainOptions } from './explain.ts'
import { openModelCache, type ModelCache } from './model-cache.ts'
import { newestBatch } from './newest-batch.ts'

const STATIONS = 60
const ENDPOINT = 'bikeshare-staging'
const ZONE = { city: CITY, timezone: 'America/Toronto', country: 'CA' } as const
const MADE = SLOT + 60
const GROUP = modelGroup(CITY, 'bikes')
const [VERSION, OTHER] = ['20240513T235500Z-aaaaaaaa', '20240513T235500Z-bbbbbbbb'] as const

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

/** A model of many features, in the ranges that they have here; another seed makes another model. */
function smallModel(seed: number): Uint8Array {
  const data = syntheticData(FEATURE_NAMES.length)
  for (const { features } of [...data.train, ...data.validation])
    for (const [i, value] of features.entries()) {
      const name = FEATURE_NAMES[i % FEATURE_NAMES.length] ?? ''
      if (/^(util|nbr)/.test(name)) features[i] = value / 10
      if (/^delta|net/.test(name)) features[i] = value - 5
    }
  const boosting = openBoosting(openApi(), data, smallParams({ seed }))
  while (!boosting.finished) boosting.step()
  const { model } = boosting.state()
  boosting.free()
  return model
}

describe('explaining a batch', () => {
  let platform: ServingPlatform
  let cache: ModelCache
  beforeAll(async () => {
    platform = await openServingPlatform(scorer, MADE)
    await writeCity(platform, STATIONS)
    for (const [seed, version] of [VERSION, OTHER].entries())
      await registerModel(platform.store, {
        manifest: exampleManifest({ group: GROUP, version }),
        model: smallModel(seed),
        report: {},
      })
    const target = 'bikes'
    await deployModel(platform, {
      endpoint: ENDPOINT,
      city: CITY,
      target,
      group: GROUP,
      version: VERSION,
      by: 'test',
      now: SLOT - 3600,
    })
    await predictBatch(platform, {
      ...ZONE,
      slot: SLOT,
      now: MADE,
      namespace: 'Test',
      report: silentReporter,
    })
    cache = openModelCache({ store: platform.store, scorer })
  })
  afterAll(async () => {
    await cache.close()
    await platform.close()
  })

  const explain = (more: Partial<ExplainOptions> = {}): Promise<Explanations> =>
    explainPredictions({ ...platform, scorer }, { ...ZONE, endpoint: ENDPOINT, at: MADE, cache, ...more })

  const rewrite = async (
    change: (prediction: Prediction) => Partial<Prediction>,
  ): Promise<() => Promise<void>> => {
    const before = await newestBatch(platform, { city: CITY, endpoint: ENDPOINT, at: MADE })
    const write = (rows: readonly Prediction[]) =>
      platform.warehouse.writeRows(
        predictionsKey(ENDPOINT, CITY, SLOT),
        TABLE_SCHEMAS.predictions.map(({ name, type }) => ({
          name,
          type,
          values: rows.map((row) => row[name as keyof Prediction]),
        })),
      )
    await write(before.map((prediction) => ({ ...prediction, ...change(prediction) })))
    return async () => void (await write(before))
  }

  it('gives contributions that add up to the margin, and the margin the score that was sent', async () => {
    const found = await explain()
    expect(explanationsSchema.parse(found)).toEqual(found)
    expect(found).toMatchObject({ slot: SLOT, endpoint: ENDPOINT, calibrations: [] })
    expect(found.predictions).toHaveLength(20)
    const scores = found.predictions.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(new Set(scores).size).toBeGreaterThan(3)
    for (const { why, score, chance } of found.predictions) {
      expect(chance).toBeNull()
      expect(why).toMatchObject({ exact: true, model_version: VERSION })
      if (!why) continue
      const features = why.reasons.flatMap((reason) => reason.features)
      expect(features.map(({ name }) => name).sort()).toEqual([...FEATURE_NAMES].sort())
      const sum = features.reduce((total, { contribution }) => total + contribution, why.base)
      expect(Math.abs(sum - why.margin)).toBeLessThan(1e-4)
      expect(1 / (1 + Math.exp(-why.margin))).toBeCloseTo(score, 5)
      expect(why.score).toBeCloseTo(score, 5)
      for (const { group, contribution, features: own } of why.reasons) {
        expect(own.every(({ name }) => FEATURE_GROUPS[name as FeatureName] === group)).toBe(true)
        expect(own.reduce((total, one) => total + one.contribution, 0)).toBeCloseTo(contribution, 9)
      }
      const sizes = why.reasons.map(({ contribution }) => Math.abs(contribution))
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
      expect(why.reasons[0]?.weighty).toBe(true)
    }
  })

  it('takes the values from the lake and puts them into words', async () => {
    const station_ids = ['s0003']
    const bikes = (at: number): number =>
      cityStatus(STATIONS).find((row) => row.station_id === 's0003' && row.last_updated === at - 20)
        ?.num_bikes_available ?? Number.NaN
    const { predictions } = await explain({ station_ids })
    expect(predictions.map(({ station_id }) => station_id)).toEqual(station_ids)
    const parts = predictions[0]?.why?.reasons.flatMap((reason) => reason.parts) ?? []
    expect(parts).toContainEqual({ key: 'count_now', params: { what: 'bikes', count: bikes(SLOT) } })
    // 12:00 UTC on a Tuesday.
    const params = { weekday: 1, hour: 8, minute: 0, kind: 'weekday' }
    expect(parts).toContainEqual({ key: 'time', params })
    expect(parts).toContainEqual({ key: 'weather_unknown', params: {} })
    const features = predictions[0]?.why?.reasons.flatMap((reason) => reason.features) ?? []
    const value = (name: FeatureName): unknown => features.find((one) => one.name === name)?.value
    expect(value('roll15_net_bikes')).toBe(bikes(SLOT) - bikes(SLOT - 900))
    expect(value('util_bikes')).toBe(bikes(SLOT) / 10)
    expect(value('temp_c')).toBeNull()
  })

  it('looks at nothing that was not there yet, and says so of a station without a prediction', async () => {
    expect(await explain({ at: SLOT - 1 })).toMatchObject({ slot: null, predictions: [], calibrations: [] })
    expect(await explain({ at: MADE - 1 })).toMatchObject({ slot: null })
    expect(await explain({ at: MADE + 7200 })).toMatchObject({ slot: null })
    expect((await explain({ top: 0 })).predictions).toEqual([])
    // A ghost.
    await expect(explain({ station_ids: ['s0005'] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: /s0005/,
    })
  })

  it('is by the model that made it: while one is rolled out the one of two that gives the score', async () => {
    const exact = await explain({ top: 5 })
    const restore = await rewrite(() => ({ model_version: `${OTHER}+${VERSION}` }))
    const found = await explain({ top: 5 })
    expect(found.predictions.map(({ why }) => why)).toEqual(exact.predictions.map(({ why }) => why))
    await restore()
    const again = await rewrite(() => ({ model_version: OTHER }))
    expect((await explain({ top: 1 })).predictions[0]?.why).toMatchObject({
      exact: false,
      model_version: OTHER,
    })
    await again()
  })

  it('says when a model is gone or damaged', async () => {
    const restore = await rewrite(() => ({ model_version: '20240513T235500Z-cccccccc' }))
    await expect(explain()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await restore()
    const key = `${modelPrefix(GROUP, VERSION)}model.tar.gz`
    const archive = await platform.store.get(key)
    await platform.store.put(key, archive?.body.slice(0, 200) ?? '')
    const fresh = openModelCache({ store: platform.store, scorer })
    await expect(explain({ cache: fresh })).rejects.toMatchObject({ code: 'CORRUPT' })
    await fresh.close()
    await platform.store.put(key, archive?.body ?? '')
  })

  it('is not exact after a snapshot came late, unless the lake tells when it was fetched', async () => {
    const before = await explain()
    const at = SLOT - 5
    const late = cityStatus(STATIONS).filter((row) => row.last_updated === SLOT - 20)
    await platform.warehouse.writeRows(
      liveStatusKey(CITY, at),
      TABLE_SCHEMAS.station_status.map(({ name, type }) => ({
        name,
        type,
        values: late.map(
          (row) =>
            ({
              ...row,
              num_ebikes_available: null,
              num_bikes_available: (row.num_bikes_available + 4) % 11,
              last_updated: at,
              last_reported: at,
            })[name as 'station_id'] ?? null,
        ),
      })),
    )
    const fresh = openModelCache({ store: platform.store, scorer })
    const { predictions } = await explain({ cache: fresh })
    expect(predictions.map(({ score }) => score)).toEqual(before.predictions.map(({ score }) => score))
    expect(predictions.every(({ why }) => why?.exact === false)).toBe(true)
    expect(predictions.some(({ why, score }) => Math.abs((why?.score ?? score) - score) > 0.01)).toBe(true)
    const content = { content_sha256: '', version: '2.3', stations: 1, quarantined: [] }
    for (const [snapshot, fetched_at] of [
      [SLOT - 20, SLOT - 10],
      [at, MADE + 30],
    ] as const)
      await putManifest(
        platform.store,
        { feed: 'station_status', city: CITY, at: snapshot },
        statusBody(snapshot),
        { source_url: 'http://x', fetched_at },
        content,
      )
    expect(await explain({ cache: fresh })).toEqual(before)
    await fresh.close()
  })

  it('is null where the lake has nothing of the time any more', async () => {
    for await (const { key } of platform.store.list('curated/station_status'))
      await platform.store.delete(key)
    const found = await explainPredictions(
      { ...platform, scorer },
      { ...ZONE, endpoint: ENDPOINT, at: MADE, top: 3 },
    )
    expect(found.predictions.map(({ why }) => why)).toEqual([null, null, null])
  })
})
