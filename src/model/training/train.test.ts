import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import { manifestSchema, type Manifest } from '../../core/contracts/manifest.ts'
import { silentReporter, type Reporter } from '../../core/report.ts'
import { DAY_SECONDS, parseTime } from '../../core/time.ts'
import { writeFeatureDays } from '../../../test/support/feature-days.ts'
import { openTrainingPlatform, type TrainingPlatform } from '../../../test/support/training-platform.ts'
import { evaluationRowsStatement } from '../../data/features/model-rows.ts'
import { fBetaThreshold } from '../evaluation/metrics.ts'
import { readImportance } from '../registry/importance.ts'
import { listModels, loadModel } from '../registry/registry.ts'
import { evaluateModel } from './evaluate-model.ts'
import { scoreRows } from './score-rows.ts'
import { trainModel, type TrainOptions } from './train.ts'

const FROM = parseTime('2024-05-06T00:00:00Z')
const TEST_FROM = FROM + 4 * DAY_SECONDS
const CITY = { city: 'demo', from: FROM, days: 5, stations: 9, seed: 7 }
const OPTIONS: TrainOptions = {
  city: 'demo',
  target: 'bikes',
  until: TEST_FROM,
  testFrom: TEST_FROM,
  params: { num_round: 25, max_depth: 4, eta: 0.2 },
  now: FROM + 6 * DAY_SECONDS,
  report: silentReporter,
}

const { testFrom: _testFrom, ...UNTESTED } = OPTIONS

let platform: TrainingPlatform
const keysBelow = async (prefix: string): Promise<string[]> => {
  const keys: string[] = []
  for await (const { key } of platform.store.list(prefix)) keys.push(key)
  return keys
}

beforeAll(async () => {
  platform = await openTrainingPlatform()
  await writeFeatureDays(platform.warehouse, CITY)
})
afterAll(() => platform.close())

describe('training', () => {
  let manifest: Manifest
  let created: boolean

  beforeAll(async () => {
    ;({ manifest, created } = await trainModel(platform, OPTIONS))
  })

  it('makes a version that loads, with a manifest that says what it is made of', async () => {
    expect(created).toBe(true)
    const loaded = await loadModel(platform.store, manifest.group, manifest.version, { city: 'demo' })
    expect(loaded.manifest).toEqual(manifest)
    expect(manifestSchema.parse(manifest)).toEqual(manifest)
    expect(manifest.group).toBe('bikeshare-demo-bikes')
    expect(manifest.version).toMatch(/^20240509T\d{6}Z-[0-9a-f]{8}$/)
    expect(manifest.feature_names).toEqual([...FEATURE_NAMES])
    expect(manifest.params).toMatchObject({ num_round: 25, max_depth: 4, eta: 0.2, subsample: 0.8 })
    expect(manifest.library.version).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('cuts in time: training, an hour of nothing, a fifth of validation, and no outcome from the test days', () => {
    const { training } = manifest
    expect(training.from).toBe(FROM)
    expect(training.validation_from - training.train_until).toBeGreaterThan(3600)
    expect(training.until + 1800).toBeLessThan(TEST_FROM)
    const share = (training.until - training.validation_from) / (training.until - training.from)
    expect(share).toBeCloseTo(0.2, 2)
    // Eight usable stations at the ten-minute slots of each set.
    const slots = (from: number, to: number): number => (to - from) / 600 + 1
    expect(training.train_rows).toBe(8 * slots(training.from, training.train_until))
    expect(training.validation_rows).toBe(8 * slots(training.validation_from, training.until))
    expect(manifest.metrics.test?.rows).toBe(8 * (144 - 3))
  })

  it('beats persistence on every set of rows, where bikes move on as they moved', () => {
    for (const evaluation of Object.values(manifest.metrics)) {
      expect(evaluation?.pr_auc).toBeGreaterThan(evaluation?.persistence_pr_auc ?? 1)
      expect(evaluation?.onset_pr_auc).toBeGreaterThan(1.5 * (evaluation?.persistence_onset_pr_auc ?? 1))
      expect(evaluation?.threshold).toBe(manifest.threshold)
    }
  })

  it('leaves neither datasets nor checkpoints', async () => {
    expect(await keysBelow('training/')).toEqual([])
  })

  it('has a report whose files are in the manifest, with the figures of the test rows', async () => {
    expect(Object.keys(manifest.files).sort()).toEqual([
      'model.tar.gz',
      'report/calibration.csv',
      'report/calibration.svg',
      'report/confusion-matrix.csv',
      'report/confusion-matrix.svg',
      'report/eval_summary.json',
      'report/feature-importance.csv',
      'report/feature-importance.svg',
      'report/model_card.md',
      'report/pr-curve.csv',
      'report/pr-curve.svg',
      'report/report.html',
    ])
    const stored = await platform.store.get(
      `models/${manifest.group}/${manifest.version}/report/eval_summary.json`,
    )
    const summary = JSON.parse(new TextDecoder().decode(stored?.body)) as Record<string, unknown>
    expect(summary).toMatchObject({ shown: 'test', metrics: manifest.metrics, refusals: [] })
    const gain = await readImportance(platform.store, manifest.group, manifest.version)
    expect(Object.keys(gain).sort()).toEqual([...FEATURE_NAMES].sort())
    expect(Object.values(gain).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
    expect(gain['snow_mm']).toBe(0)
  })

  it('takes the threshold that is best on validation by F2', async () => {
    const { model } = await loadModel(platform.store, manifest.group, manifest.version)
    const loaded = await platform.scorer.load(model)
    const { validation_from: from, until } = manifest.training
    const window = { city: 'demo', target: 'bikes', from, until: until + 1 } as const
    const { labels, scores } = await scoreRows(platform.warehouse, loaded, window)
    await loaded.close()
    expect(fBetaThreshold(labels, scores, 2)).toBe(manifest.threshold)
    expect(fBetaThreshold(labels, scores, 1)).not.toBe(manifest.threshold)
  })

  it('scores each row with its own features, missing ones as missing, however many rows there are', async () => {
    const window = { city: 'wide', target: 'bikes', from: FROM, until: FROM + DAY_SECONDS } as const
    await writeFeatureDays(platform.warehouse, { ...CITY, city: 'wide', days: 1, stations: 70 })
    const { model } = await loadModel(platform.store, manifest.group, manifest.version)
    const loaded = await platform.scorer.load(model)
    const rows = await platform.warehouse.rows<Record<string, number | null>>(evaluationRowsStatement(window))
    expect(rows.length).toBeGreaterThan(8192)
    const features = new Float32Array(
      rows.flatMap((row) => FEATURE_NAMES.map((name) => row[name] ?? Number.NaN)),
    )
    const { labels, scores, counts } = await scoreRows(platform.warehouse, loaded, window)
    expect(scores).toEqual(await loaded.predict(features, rows.length))
    expect([...labels]).toEqual(rows.map((row) => row['label']))
    expect([...counts]).toEqual(rows.map((row) => row['count']))
    await loaded.close()
  })

  it('done twice is a no-op, whatever the time is', async () => {
    const again = await trainModel(platform, { ...OPTIONS, now: OPTIONS.now + 999 })
    expect(again).toEqual({ manifest, created: false })
    expect(await listModels(platform.store, manifest.group)).toHaveLength(1)
    expect(await keysBelow('training/')).toEqual([])
  })

  it('on a lake of the same rows gives the same version, file by file', async () => {
    const other = await openTrainingPlatform()
    try {
      await writeFeatureDays(other.warehouse, CITY)
      const { manifest: twin } = await trainModel(other, OPTIONS)
      expect(twin).toEqual(manifest)
    } finally {
      await other.close()
    }
  })

  it('with another seed, target or end gives another version', async () => {
    const seed = await trainModel(platform, { ...OPTIONS, params: { ...OPTIONS.params, seed: 2 } })
    const docks = await trainModel(platform, { ...OPTIONS, target: 'docks' })
    const earlier = await trainModel(platform, { ...OPTIONS, until: TEST_FROM - DAY_SECONDS })
    const versions = [manifest, seed.manifest, docks.manifest, earlier.manifest].map((m) =>
      m.version.slice(-8),
    )
    expect(new Set(versions).size).toBe(4)
    expect(docks.manifest.group).toBe('bikeshare-demo-docks')
  })

  it('is judged anew to the same figures', async () => {
    const { group, version } = manifest
    const found = await evaluateModel(platform, {
      group,
      version,
      from: TEST_FROM,
      until: TEST_FROM + DAY_SECONDS,
    })
    expect(found).toEqual(manifest.metrics.test)
    await expect(
      evaluateModel(platform, {
        group,
        version,
        from: TEST_FROM + 9 * DAY_SECONDS,
        until: TEST_FROM + 10 * DAY_SECONDS,
      }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('never sees the test days, also when its end is left out', async () => {
    const { until: _until, ...open } = OPTIONS
    expect((await trainModel(platform, open)).manifest.version).toBe(manifest.version)
  })
})

describe('a training that is ended', () => {
  it('stops at once, and goes on to the same model the next time', async () => {
    const params = { num_round: 40, max_depth: 4, eta: 0.05 }
    const stop = new AbortController()
    const reporter: Reporter = {
      ...silentReporter,
      start: (label) => ({
        update: (done) => {
          if (label.startsWith('Training') && done >= 20) stop.abort()
        },
        end: () => {},
      }),
    }
    await expect(
      trainModel(platform, { ...OPTIONS, params, report: reporter, signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(
      (await keysBelow('training/bikeshare-demo-bikes/')).some((key) => key.endsWith('train.parquet')),
    ).toBe(true)
    const { manifest, created } = await trainModel(platform, { ...OPTIONS, params })
    expect(created).toBe(true)
    const fresh = await openTrainingPlatform()
    try {
      await writeFeatureDays(fresh.warehouse, CITY)
      expect((await trainModel(fresh, { ...OPTIONS, params })).manifest.files).toEqual(manifest.files)
    } finally {
      await fresh.close()
    }
    expect(await keysBelow('training/')).toEqual([])
  })
})

describe('training refuses', () => {
  it('a model that ranks no better than persistence, and leaves its report', async () => {
    const refused = trainModel(platform, { ...UNTESTED, params: { num_round: 1, max_depth: 1 } })
    await expect(refused).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringMatching(
        /is refused: .*onset PR-AUC is 0\.\d{4} on validation, not above persistence’s 0\.\d{4}/,
      ),
    })
    const keys = await keysBelow('training/')
    expect(keys.filter((key) => key.startsWith('training/bikeshare-demo-bikes/refused/'))).toHaveLength(11)
    expect(keys.every((key) => key.includes('/refused/'))).toBe(true)
    const versions = (await listModels(platform.store, 'bikeshare-demo-bikes')).map((model) => model.rounds)
    expect(versions).not.toContain(1)
  })

  it('rows of one class, with their figures', async () => {
    await writeFeatureDays(platform.warehouse, { ...CITY, city: 'calm', calm: true, days: 1, stations: 3 })
    await expect(
      trainModel(platform, {
        ...UNTESTED,
        city: 'calm',
        until: FROM + DAY_SECONDS,
      }),
    ).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringMatching(/train rows of calm bikes have one class only: 0 of \d+ ran short/),
    })
  })

  it('a city without features, and a time without rows', async () => {
    await expect(trainModel(platform, { ...OPTIONS, city: 'nowhere' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('bikeshare features build'),
    })
    await expect(trainModel(platform, { ...OPTIONS, until: FROM - DAY_SECONDS })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(
      trainModel(platform, { ...OPTIONS, testFrom: FROM + 30 * DAY_SECONDS }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('too short a span, and a parameter that is none', async () => {
    await expect(trainModel(platform, { ...OPTIONS, until: FROM + 5400 })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
    })
    await expect(
      trainModel(platform, { ...OPTIONS, params: { max_depht: 3 } as TrainOptions['params'] & object }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})
