import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFeatureDays } from '../../../../test/support/feature-days.ts'
import { filesBelow } from '../../../../test/support/lake-fixtures.ts'
import { datapoints } from '../../../../test/support/metric-datapoints.ts'
import {
  CITY,
  openServingPlatform,
  registerStump,
  SLOT,
  writeCity,
  type ServingPlatform,
} from '../../../../test/support/serving-platform.ts'
import { libraryPath } from '../../../../test/support/stump-model.ts'
import type { MetricName } from '../../../core/contracts/metrics.ts'
import { driftKey, receivedKey } from '../../../core/keys.ts'
import { silentReporter } from '../../../core/report.ts'
import { BATCH_SECONDS, DAY_SECONDS, HOUR_SECONDS } from '../../../core/time.ts'
import { predictBatch } from '../../../model/prediction/predict-batch.ts'
import { deployModel } from '../../../model/serving/deploy.ts'
import { openScorer } from '../../../platform/engines/xgboost/scorer.ts'
import type { Statement, Warehouse } from '../../../platform/ports.ts'
import { readDrift, type DriftRecord } from './drift-file.ts'
import { runDrift } from './run-drift.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

const ENDPOINT = 'bikeshare-staging'
const ZONE = { city: CITY, timezone: 'America/Toronto', country: 'CA' } as const
/** Every tenth is a ghost for bikes. */
const STATIONS = 160
const BATCHES = 4
const ROWS = BATCHES * 144
const AT = SLOT + HOUR_SECONDS

describe('drift of an endpoint', () => {
  let platform: ServingPlatform
  beforeEach(async () => {
    platform = await openServingPlatform(scorer)
    // The stations of both made-up cities are to be the same ones.
    const writeRows: Warehouse['writeRows'] = (key, columns) =>
      platform.warehouse.writeRows(
        key,
        columns.map((column) =>
          column.name === 'station_id'
            ? { ...column, values: Array.from(column.values, (id) => String(id).replace('s', 's0')) }
            : column,
        ),
      )
    const from = SLOT - (SLOT % DAY_SECONDS) - 2 * DAY_SECONDS
    await writeFeatureDays({ writeRows }, { city: CITY, from, days: 2, stations: 20, seed: 1 })
    await writeCity(platform, STATIONS)
  })
  afterEach(() => platform.close())

  const deploy = async (percentage: number): Promise<void> => {
    const model = await registerStump(platform.store, {
      target: 'bikes',
      digit: '1',
      scores: { low: 0.1, high: 0.6 },
    })
    const capture = { EnableCapture: percentage > 0, InitialSamplingPercentage: percentage }
    await deployModel(platform, {
      endpoint: ENDPOINT,
      city: CITY,
      target: 'bikes',
      ...model,
      capture,
      by: 'test',
      now: SLOT - 3600,
    })
  }
  const predict = async (on = platform, first = SLOT): Promise<void> => {
    for (let slot = first; slot < SLOT + BATCHES * BATCH_SECONDS; slot += BATCH_SECONDS) {
      const now = slot + 5
      const options = { ...ZONE, slot, now, namespace: 'Test', report: silentReporter, wait: async () => {} }
      await predictBatch(on, options)
    }
    await platform.endpoints.flush()
  }
  const drift = async (more: { stations?: boolean } = {}): Promise<DriftRecord> => {
    const options = { ...ZONE, at: AT, now: AT + 30, namespace: 'Test', live: true, ...more }
    const [record, ...others] = await runDrift({ ...platform, scorer }, options)
    if (!record || others.length > 0) throw new Error('one endpoint has one record')
    return record
  }
  const put = (MetricName: MetricName): Promise<[number, number][]> => {
    const metric = { Namespace: 'Test', MetricName, Dimensions: { EndpointName: ENDPOINT, City: CITY } }
    return datapoints(platform.metrics, metric, { from: AT - HOUR_SECONDS, to: AT + HOUR_SECONDS })
  }

  it('is what it received beside the training rows, and run again it is the same', async () => {
    await deploy(100)
    await predict()
    const record = await drift()
    expect(record).toMatchObject({ endpoint: ENDPOINT, at: AT, reason: null, unread: 0 })
    expect(record.psi).toBeGreaterThan(0)
    expect(record.psi).toBe(Math.max(...record.features.map(({ psi }) => psi ?? 0)))
    expect(record.score?.samples).toBe(record.rows)
    expect(record.label?.samples).toBeGreaterThan(100)
    expect(record.skew).toMatchObject({ skewed: 0, share: 0 })
    expect(await put('PSI')).toEqual([[AT, record.psi]])
    expect(await put('FeatureSkew')).toEqual([[AT, 0]])
    const monitored = await filesBelow(platform.root, /^(?!monitoring)/)
    expect(await drift()).toEqual(record)
    expect(await filesBelow(platform.root, /^(?!monitoring)/)).toEqual(monitored)
    expect(await readDrift(platform.store, { city: CITY, from: AT, to: AT })).toEqual([record])
    expect(await put('PSI')).toEqual([[AT, record.psi]])
  })

  it('counts only what was predicted in time, and every request once', async () => {
    await deploy(100)
    // The endpoint's clock stands at SLOT, so that this batch comes twenty minutes late.
    await predict(platform, SLOT - 2 * BATCH_SECONDS)
    const { rows, requests } = await drift()
    expect([rows, requests]).toEqual([ROWS + 144, 2 * (BATCHES + 1)])
    const folder = `datacapture/${ENDPOINT}/AllTraffic/2024/05/14/12/`
    for await (const { key } of platform.store.list(folder)) {
      const copy = (await platform.store.get(key))?.body ?? ''
      await platform.store.put(
        `${folder}59-00-000-again.jsonl`,
        Buffer.concat([Buffer.from(copy), Buffer.from('{"torn')]),
      )
    }
    expect(await drift()).toMatchObject({ rows, requests, unread: 1 })
  })

  it('stays when retention has removed the captures', async () => {
    await deploy(100)
    await predict()
    const { features } = await drift()
    for await (const { key } of platform.store.list('datacapture/')) await platform.store.delete(key)
    expect((await drift()).features).toEqual(features)
    await platform.store.put(receivedKey(ENDPOINT, CITY, AT), '{"torn')
    expect(await drift()).toMatchObject({ psi: null, rows: 0 })
  })

  it('is missing without data capture, with the reason, and puts no PSI', async () => {
    await deploy(0)
    await predict()
    const record = await drift()
    expect(record.psi).toBeNull()
    expect(record.reason).toMatch(/captured/)
    expect([await put('PSI'), await put('FeatureSkew')]).toEqual([[], [[AT, 0]]])
    expect(await platform.store.get(driftKey(ENDPOINT, CITY, AT))).toBeDefined()
  })

  it('is missing when the features of the training window are gone', async () => {
    await deploy(100)
    await predict()
    for await (const { key } of platform.store.list('features/')) await platform.store.delete(key)
    expect(await drift()).toMatchObject({ psi: null, reason: expect.stringMatching(/trained on/) as string })
  })

  it('tells predictions from a lag that is off by one slot', async () => {
    await deploy(100)
    const offByOne = (statement: Statement): Statement => ({
      ...statement,
      sql: statement.sql.replace('lag(bikes, 3) over', 'lag(bikes, 4) over'),
    })
    const { warehouse } = platform
    await predict({
      ...platform,
      warehouse: { ...warehouse, stream: (statement) => warehouse.stream(offByOne(statement)) },
    })
    const { skew } = await drift()
    expect(skew?.predictions).toBe(ROWS)
    expect(skew?.share).toBeGreaterThan(0.5)
    expect(await put('FeatureSkew')).toEqual([[AT, skew?.share]])
  })

  it('names the stations that moved', async () => {
    await deploy(100)
    await predict()
    const { features, stations } = await drift({ stations: true })
    const moved = features.filter(({ psi }) => (psi ?? 0) >= 0.1).map(({ name }) => name)
    expect(stations?.length).toBeGreaterThan(10)
    for (const { feature, name, shift, baseline, window } of stations ?? []) {
      expect(moved).toContain(feature)
      expect(name).toMatch(/^s\d{4}$/)
      expect(Math.sign(shift)).toBe(Math.sign(window - baseline))
    }
  })
})
