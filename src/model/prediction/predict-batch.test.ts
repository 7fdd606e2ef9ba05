import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { datapoints } from '../../../test/support/metric-datapoints.ts'
import { Crash, crashingAt, filesBelow } from '../../../test/support/lake-fixtures.ts'
import {
  CITY,
  openServingPlatform,
  registerStump,
  SLOT,
  writeCity,
  type ServingPlatform,
} from '../../../test/support/serving-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import { FEATURE_NAMES, type Target } from '../../core/contracts/features.ts'
import type { Prediction } from '../../core/contracts/prediction.ts'
import { pendingPredictionsKey, predictionsKey } from '../../core/keys.ts'
import { silentReporter } from '../../core/report.ts'
import { dsOf } from '../../core/time.ts'
import { onlineFeatures } from '../../data/features/online.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import { InvokeError, type EndpointHost, type InvokeInput } from '../../platform/ports.ts'
import { deployModel } from '../serving/deploy.ts'
import { readDeployment } from '../serving/deployments.ts'
import type { BatchResult } from './batch-result.ts'
import { predictBatch, type PredictOptions } from './predict-batch.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

const STATIONS = 230
/** Every tenth station is a ghost for bikes, every twentieth for docks. */
const BIKES_DUE = 207
const DOCKS_DUE = 218
const NAMES = { bikes: 'bikeshare-staging', docks: 'bikeshare-staging-docks' } as const
const ZONE = { city: CITY, timezone: 'America/Toronto', country: 'CA' } as const

/** A host that fails the requests that `fails` picks, by their number from 0. */
function failing(host: EndpointHost, fails: (request: number, input: InvokeInput) => boolean): EndpointHost {
  let request = 0
  return {
    ...host,
    invokeEndpoint: async (input) => {
      if (fails(request++, input)) throw new InvokeError('ServiceUnavailable', 'down for a test')
      return host.invokeEndpoint(input)
    },
  }
}

describe('predicting a batch', () => {
  let platform: ServingPlatform

  beforeEach(async () => {
    platform = await openServingPlatform(scorer)
    await writeCity(platform, STATIONS)
    await deploy('bikes', '1')
    await deploy('docks', '2')
  })
  afterEach(() => platform.close())

  const deploy = async (target: Target, digit: string): Promise<void> => {
    const high = Number(`0.${digit}`)
    // By util_docks (bikes) or util_bikes (docks): a station that is full of the one has none of the other.
    const model = await registerStump(platform.store, {
      target,
      digit,
      scores: { low: 0.01, high },
      threshold: 0.05,
    })
    const options = { endpoint: NAMES[target], city: CITY, target, ...model, by: 'test', now: SLOT - 3600 }
    await deployModel(platform, options)
  }

  const predict = (more: Partial<PredictOptions> = {}, on = platform): Promise<BatchResult[]> =>
    predictBatch(on, {
      ...ZONE,
      slot: SLOT,
      now: SLOT + 60,
      namespace: 'Test',
      report: silentReporter,
      wait: async () => {},
      ...more,
    })

  const rows = (slot = SLOT): Promise<Prediction[]> =>
    platform.warehouse.rows<Prediction>({
      name: 'predictions',
      sql: 'select * from predictions where slot = $slot order by endpoint, station_id',
      tables: { predictions: { dataset: 'predictions', city: CITY, dsFrom: dsOf(slot), dsTo: dsOf(slot) } },
      params: { slot },
    })

  const heartbeats = (endpoint: string = NAMES.bikes): Promise<[number, number][]> =>
    datapoints(
      platform.metrics,
      {
        Namespace: 'Test',
        MetricName: 'PredictionHeartbeat',
        Dimensions: { EndpointName: endpoint, City: CITY },
      },
      { from: SLOT - 7200, to: SLOT + 7200 },
    )

  const onlyBikes = { endpoints: [NAMES.bikes] }

  it('predicts every station in use by every endpoint, in requests of about 100', async () => {
    const results = await predict()
    expect(results).toEqual([
      {
        endpoint: NAMES.bikes,
        slot: SLOT,
        outcome: 'done',
        stations: BIKES_DUE,
        predictions: BIKES_DUE,
        requests: 3,
        heartbeat: 1,
      },
      {
        endpoint: NAMES.docks,
        slot: SLOT,
        outcome: 'done',
        stations: DOCKS_DUE,
        predictions: DOCKS_DUE,
        requests: 3,
        heartbeat: 1,
      },
    ])
    expect(await heartbeats()).toEqual([[SLOT, 1]])
    expect(await heartbeats(NAMES.docks)).toEqual([[SLOT, 1]])
  })

  it('writes what each prediction was made of and by', async () => {
    await predict()
    const features = await onlineFeatures(platform, { ...ZONE, slot: SLOT })
    const predictions = await rows()
    expect(predictions).toHaveLength(BIKES_DUE + DOCKS_DUE)
    const bikes = predictions.filter(({ endpoint }) => endpoint === NAMES.bikes)
    const due = features.stationIds.filter((_, row) => features.usableBikes[row])
    expect(bikes.map(({ station_id }) => station_id)).toEqual(due)
    for (const prediction of bikes) {
      const row = features.stationIds.indexOf(prediction.station_id)
      const util = features.features[row * FEATURE_NAMES.length] ?? Number.NaN
      expect(prediction).toMatchObject({
        city: CITY,
        target: 'bikes',
        slot: SLOT,
        dt: '2024-05-14-12-00-00',
        count_now: features.bikes[row],
        score: expect.closeTo(util < 0.5 ? 0.01 : 0.1, 6),
        threshold: 0.05,
        stockout: util >= 0.5,
        variant: 'AllTraffic',
        model_version: '20240513T235500Z-11111111',
        features_hash: expect.stringMatching(/^[0-9a-f]{16}$/),
        inference_id: expect.stringMatching(/^[0-9a-f]{8}-20240514T120000Z-0-0[0-2]$/),
        made_at: SLOT + 60,
        backfilled: false,
      })
    }
    const seeds = new Set(predictions.map(({ endpoint, shuffle_seed }) => `${endpoint} ${shuffle_seed}`))
    expect(seeds.size).toBe(2)
  })

  it('writes a batch once: a second call makes nothing and changes nothing', async () => {
    await predict()
    const before = await filesBelow(platform.root, /^host\//)
    const again = await predict({ now: SLOT + 300, seed: 5 })
    expect(again.map(({ outcome, requests }) => ({ outcome, requests }))).toEqual([
      { outcome: 'already_done', requests: 0 },
      { outcome: 'already_done', requests: 0 },
    ])
    expect(await filesBelow(platform.root, /^host\//)).toEqual(before)
  })

  it('lets one of two schedulers write, and leaves one whole batch', async () => {
    await Promise.all([predict(onlyBikes), predict({ ...onlyBikes, now: SLOT + 61 })])
    const predictions = await rows()
    expect(predictions).toHaveLength(BIKES_DUE)
    expect(new Set(predictions.map(({ made_at }) => made_at)).size).toBe(1)
    expect(await heartbeats()).toEqual([[SLOT, 1]])
  })

  it('keeps a partial batch, and finishes it with the next call', async () => {
    const flaky = { ...platform, endpoints: failing(platform.endpoints, (n) => n % 3 === 1 || n >= 3) }
    const [partial] = await predict(onlyBikes, flaky)
    expect(partial).toMatchObject({ outcome: 'pending', predictions: 138, heartbeat: null })
    expect(partial?.reason).toContain(
      '1 of 3 requests failed; the first: ServiceUnavailable: down for a test',
    )
    expect(await rows()).toEqual([])
    expect(await heartbeats()).toEqual([])

    const [whole] = await predict({ ...onlyBikes, now: SLOT + 120 })
    expect(whole).toMatchObject({ outcome: 'done', predictions: BIKES_DUE, requests: 1, heartbeat: 1 })
    const predictions = await rows()
    expect(predictions).toHaveLength(BIKES_DUE)
    expect(predictions.filter(({ made_at }) => made_at === SLOT + 120)).toHaveLength(69)
    const ids = new Set(predictions.map(({ inference_id }) => inference_id.slice(26)))
    expect([...ids].sort()).toEqual(['0-00', '0-02', '1-00'])
    expect(await platform.store.get(pendingPredictionsKey(NAMES.bikes, CITY, SLOT))).toBeUndefined()
  })

  it('writes what a partial batch has once its ten minutes are over, with a heartbeat of 0', async () => {
    const flaky = { ...platform, endpoints: failing(platform.endpoints, (n) => n !== 0) }
    await predict(onlyBikes, flaky)
    const [next] = await predict({ ...onlyBikes, slot: SLOT + 600, now: SLOT + 660 })
    expect(next).toMatchObject({ outcome: 'done', heartbeat: 1 })
    expect(await rows()).toHaveLength(69)
    expect(await heartbeats()).toEqual([
      [SLOT, 0],
      [SLOT + 600, 1],
    ])
    const [again] = await predict({ ...onlyBikes, now: SLOT + 700 })
    expect(again?.outcome).toBe('already_done')
  })

  it('puts a heartbeat of 0 for a batch in which no request was answered, and writes no empty file', async () => {
    const down = { ...platform, endpoints: failing(platform.endpoints, () => true) }
    const [first] = await predict(onlyBikes, down)
    expect(first).toMatchObject({ outcome: 'pending', predictions: 0 })
    const [second] = await predict({ ...onlyBikes, now: SLOT + 600 }, down)
    expect(second).toMatchObject({ outcome: 'incomplete', predictions: 0, heartbeat: 0 })
    expect(await heartbeats()).toEqual([[SLOT, 0]])
    expect(await platform.store.get(predictionsKey(NAMES.bikes, CITY, SLOT))).toBeUndefined()
    // It may still be made up for; that is no heartbeat.
    const [third] = await predict({ ...onlyBikes, now: SLOT + 3600 })
    expect(third).toMatchObject({ outcome: 'done', predictions: BIKES_DUE, heartbeat: null })
    expect((await rows()).every(({ backfilled }) => backfilled)).toBe(true)
    expect(await heartbeats()).toEqual([[SLOT, 0]])
  })

  it('takes 90 % of the stations for a heartbeat of 1', async () => {
    const [late] = await predict(
      { ...onlyBikes, now: SLOT + 600 },
      {
        ...platform,
        endpoints: failing(platform.endpoints, (_, { InferenceId }) => InferenceId?.endsWith('-02') === true),
      },
    )
    expect(late).toMatchObject({ outcome: 'incomplete', predictions: 138, stations: BIKES_DUE, heartbeat: 0 })
  })

  it('waits for a state, and says so when none comes', async () => {
    const slot = SLOT + 24 * 3600
    const [none] = await predict({ ...onlyBikes, slot, now: slot + 60 })
    expect(none).toMatchObject({
      outcome: 'pending',
      predictions: 0,
      reason: 'no station that is in use has a known state at 2024-05-15T12:00:00Z',
    })
    const [given] = await predict({ ...onlyBikes, slot, now: slot + 600 })
    expect(given).toMatchObject({ outcome: 'incomplete', predictions: 0, heartbeat: 0 })
  })

  it('splits a city’s stations among variants, and records whose model and threshold each has', async () => {
    const candidate = await registerStump(platform.store, {
      target: 'bikes',
      digit: '3',
      scores: { low: 0.02, high: 0.3 },
      threshold: 0.5,
    })
    const { endpoints, store } = platform
    const record = await readDeployment(store, NAMES.bikes)
    const baseline = record?.variants[0]
    if (!record || !baseline) throw new Error('not deployed')
    const model_name = 'candidate'
    await endpoints.createModel({
      ModelName: model_name,
      PrimaryContainer: { ModelDataUrl: `models/${candidate.group}/${candidate.version}/model.tar.gz` },
    })
    const variant = (VariantName: string, ModelName: string) =>
      ({
        VariantName,
        ModelName,
        InitialVariantWeight: 1,
        InitialInstanceCount: 1,
        InstanceType: 'ml.m5.large',
      }) as const
    await endpoints.createEndpointConfig({
      EndpointConfigName: 'ab',
      ProductionVariants: [variant('Baseline', baseline.model_name), variant('Candidate', model_name)],
    })
    await endpoints.updateEndpoint({ EndpointName: NAMES.bikes, EndpointConfigName: 'ab' })
    for (let looks = 0; looks < 10_000; looks++)
      if ((await endpoints.describeEndpoint(NAMES.bikes))?.EndpointStatus === 'InService') break

    // Until the record says so too, nobody can tell whose scores these would be.
    const [unknown] = await predict(onlyBikes)
    expect(unknown).toMatchObject({
      outcome: 'pending',
      predictions: 0,
      reason: 'what it serves is not what its deployment record says',
    })
    const variants = [
      { ...baseline, variant: 'Baseline' },
      { ...baseline, variant: 'Candidate', model_name, model_version: candidate.version, threshold: 0.5 },
    ]
    await store.put(
      `deployments/${NAMES.bikes}.json`,
      JSON.stringify({ ...record, endpoint_config: 'ab', variants }),
    )
    const bySlot = []
    for (const slot of [SLOT, SLOT + 600, SLOT + 1200, SLOT + 1800]) {
      await predict({ ...onlyBikes, slot, now: slot + 60 })
      bySlot.push(...(await rows(slot)))
    }
    expect(bySlot).toHaveLength(4 * BIKES_DUE)
    const made = new Set(bySlot.map((p) => `${p.variant} ${p.model_version} ${p.threshold}`))
    expect(made).toEqual(
      new Set([`Baseline ${baseline.model_version} 0.05`, `Candidate ${candidate.version} 0.5`]),
    )
    const request = new Map(bySlot.map((p) => [p.inference_id, p.variant]))
    for (const p of bySlot) {
      expect(p.variant).toBe(request.get(p.inference_id))
      expect(p.stockout).toBe(p.score >= p.threshold)
    }
  })

  it('names an endpoint that is not there, and skips one that nothing was deployed to', async () => {
    await expect(predict({ endpoints: ['none'] })).rejects.toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
    await platform.store.delete(`deployments/${NAMES.bikes}.json`)
    expect(await predict(onlyBikes)).toMatchObject([
      { outcome: 'skipped', reason: 'it has no deployment record: deploy a model to it' },
    ])
    expect(await predict({ city: 'other' })).toMatchObject([{ endpoint: NAMES.bikes, outcome: 'skipped' }])
  })

  it('has written what the endpoints counted by the time it is published', async () => {
    let atPublishing: [number, number][] = []
    const invocations = (): Promise<[number, number][]> =>
      datapoints(
        platform.metrics,
        {
          Namespace: 'AWS/SageMaker',
          MetricName: 'Invocations',
          Dimensions: { EndpointName: NAMES.docks, VariantName: 'AllTraffic' },
        },
        { from: SLOT - 3600, to: SLOT + 3600 },
      )
    const store = {
      ...platform.store,
      put: async (...put: Parameters<typeof platform.store.put>) => {
        if (put[0].startsWith('inference/')) atPublishing = await invocations()
        return platform.store.put(...put)
      },
    }
    await predict({}, { ...platform, store })
    expect(atPublishing).toEqual([[SLOT, 3]])
    expect(await invocations()).toEqual([[SLOT, 3]])
  })

  it('gives the same batch, and one heartbeat, when it was killed before any of its writes', async () => {
    await predict(onlyBikes)
    // Requests that were made twice were made twice, and the endpoint's own metrics say so.
    const NOT_OF_THE_BATCH = /^(host|metrics\/AWS%2FSageMaker)\//
    const whole = await filesBelow(platform.root, NOT_OF_THE_BATCH)
    const key = predictionsKey(NAMES.bikes, CITY, SLOT)
    for (let at = 0; ; at++) {
      await platform.store.delete(key)
      for await (const { key: metric } of platform.store.list('metrics/')) await platform.store.delete(metric)
      let heartbeats = 0
      const metrics = {
        ...platform.metrics,
        putMetricData: async (...put: Parameters<typeof platform.metrics.putMetricData>) => {
          heartbeats++
          await platform.metrics.putMetricData(...put)
        },
      }
      const dead = await predict(onlyBikes, { ...crashingAt(platform, at), metrics }).then(
        () => false,
        (error: unknown) => {
          if (error instanceof Crash) return true
          throw error
        },
      )
      await predict(onlyBikes, { ...platform, metrics })
      expect(heartbeats).toBe(1)
      expect(await filesBelow(platform.root, NOT_OF_THE_BATCH)).toEqual(whole)
      if (!dead) {
        expect(at).toBeGreaterThan(3)
        break
      }
    }
  })
})
