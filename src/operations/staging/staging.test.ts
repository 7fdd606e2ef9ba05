import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exampleRelease } from '../../../test/support/example-release.ts'
import { Crash, crashingAt } from '../../../test/support/lake-fixtures.ts'
import {
  CITY,
  openServingPlatform,
  registerStump,
  SLOT,
  type ServingPlatform,
} from '../../../test/support/serving-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import type { CompositeAlarm } from '../../core/contracts/cloudwatch.ts'
import { configSchema } from '../../core/config/schema.ts'
import { canonicalJson } from '../../core/hash.ts'
import { deployModel } from '../../model/serving/deploy.ts'
import { deleteDeployment, readDeployment, scaleDeployment } from '../../model/serving/deployments.ts'
import { readHistory, servedAt, verifyHistory } from '../../model/serving/history.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import { openAlarmStore } from '../../platform/local/alarm-store/alarm-store.ts'
import type { AlarmStore } from '../../platform/ports.ts'
import { deployToStage } from '../release/deploy-to-stage.ts'
import { beginRelease } from '../release/release-store.ts'
import { savingWords } from './savings.ts'
import { startEndpoint, startStagingFor } from './start-endpoint.ts'
import { stopEndpoint } from './stop-endpoint.ts'
import { stopIdleStaging } from './stop-idle.ts'
import { listStopped, readStopped } from './stopped-file.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

const STAGING = 'bikeshare-staging'
const PROD = 'bikeshare-prod'
const HOUR = 3600
const serve = configSchema.parse({}).serve

describe('a staging endpoint', () => {
  let platform: ServingPlatform & { alarms: AlarmStore }
  let model: { group: string; version: string }
  let other: { group: string; version: string }
  let now: number
  beforeEach(async () => {
    const serving = await openServingPlatform(scorer)
    now = SLOT
    const alarms = openAlarmStore({ store: serving.store, metrics: serving.metrics, clock: () => now })
    platform = { ...serving, alarms }
    const bikes = { target: 'bikes', scores: { low: 0.1, high: 0.9 } } as const
    model = await registerStump(platform.store, { ...bikes, digit: '1' })
    other = await registerStump(platform.store, { ...bikes, digit: '2' })
    await deploy(STAGING, model)
  })
  afterEach(() => platform.close())

  const deploy = (endpoint: string, { group, version }: typeof model, at = SLOT) =>
    deployModel(platform, { endpoint, city: CITY, target: 'bikes', group, version, by: 'test', now: at })
  const stop = (on: Pick<ServingPlatform, 'store' | 'endpoints'> = platform, at = SLOT + 60) =>
    stopEndpoint(on, { endpoint: STAGING, by: 'ann', why: 'production is stable', now: at })
  const start = (on: Pick<ServingPlatform, 'store' | 'endpoints'> = platform, at = SLOT + 120) =>
    startEndpoint(on, { endpoint: STAGING, by: 'ann', now: at })
  /** What serves, by everything that says so, without when it began. */
  const serving = async () => {
    const deployment = await readDeployment(platform.store, STAGING)
    const described = await platform.endpoints.describeEndpoint(STAGING)
    return {
      deployment: deployment && { ...deployment, updated_at: 0, by: '' },
      variants: described?.ProductionVariants,
      config: described && (await platform.endpoints.describeEndpointConfig(described.EndpointConfigName)),
      history: servedAt(await readHistory(platform.store), STAGING, SLOT + 9999),
      problems: await verifyHistory(platform.store),
    }
  }
  const gone = { deployment: undefined, variants: undefined, config: undefined, history: null, problems: [] }

  it('that is stopped is gone, started serves as it did, weights and instances too', async () => {
    await scaleDeployment(platform, {
      endpoint: STAGING,
      variant: 'AllTraffic',
      weight: 0.5,
      instances: 3,
      by: 'test',
      now: SLOT,
    })
    const before = await serving()
    const { saves_usd } = await stop()
    expect(saves_usd).toBeCloseTo(3 * 0.115 * 730, 6)
    expect(await serving()).toEqual(gone)
    expect(await listStopped(platform.store)).toMatchObject([{ state: 'stopped', by: 'ann' }])
    await start()
    expect(await serving()).toEqual(before)
    expect(await listStopped(platform.store)).toEqual([])
    const actions = (await readHistory(platform.store)).map(({ action }) => action)
    expect(actions).toEqual(['deploy', 'scale', 'stop', 'start'])
  })

  it('comes back when host and models were forgotten meanwhile', async () => {
    const before = await serving()
    await stop()
    const { deployment } = (await readStopped(platform.store, STAGING)) ?? {}
    await platform.endpoints.deleteEndpointConfig(deployment?.endpoint_config ?? '')
    await platform.endpoints.deleteModel(deployment?.variants[0]?.model_name ?? '')
    await start()
    expect(await serving()).toEqual(before)
  })

  it('is stopped and started once, however often that is asked for', async () => {
    await stop()
    const again = await stop(platform, SLOT + 90)
    expect(again.stopped.at).toBe(SLOT + 60)
    const first = await start()
    expect(await start(platform, SLOT + 500)).toEqual(first)
    expect(await readHistory(platform.store)).toHaveLength(3)
    await expect(startEndpoint(platform, { endpoint: 'nothing', by: 'a', now: SLOT })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('is not stopped in production, in a release, or when it is not what its record says', async () => {
    await deploy(PROD, model)
    const refused = { code: 'CHECK_FAILED' }
    const prod = { endpoint: PROD, by: 'a', why: '', now: SLOT }
    await expect(stopEndpoint(platform, prod)).rejects.toMatchObject(refused)
    await platform.endpoints.deleteEndpoint(STAGING)
    await expect(stop()).rejects.toMatchObject(refused)
    await deleteDeployment(platform, STAGING, { by: 'a', now: SLOT })
    await deploy(STAGING, model, SLOT + 1)
    const release = exampleRelease({ phase: 'baking' })
    const [endpoint] = release.endpoints
    if (!endpoint) throw new Error('it has no endpoint')
    await beginRelease(platform.store, { ...release, endpoints: [{ ...endpoint, endpoint: STAGING }] })
    await expect(stop()).rejects.toMatchObject(refused)
  })

  it('killed at every write of a stop and of a start ends as if it was not', async () => {
    const before = await serving()
    let kills = 0
    const killed = async (work: (on: ServingPlatform) => Promise<unknown>, at: number): Promise<boolean> =>
      work(crashingAt(platform, at)).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Crash)) throw error
          return true
        },
      )
    let more = { stop: true, start: true }
    for (let at = 0; more.stop || more.start; at++) {
      more = { ...more, stop: await killed((on) => stop(on), at) }
      kills += Number(more.stop)
      await stop()
      expect(canonicalJson(await serving())).toBe(canonicalJson(gone))
      more = { ...more, start: await killed((on) => start(on), at) }
      kills += Number(more.start)
      await start()
      expect(await serving()).toEqual(before)
    }
    expect(kills).toBeGreaterThanOrEqual(12)
  })

  it('takes a new candidate while it is stopped', async () => {
    const candidate = { stage: 'staging', city: CITY, target: 'bikes', serve, by: 'ann' } as const
    await stop()
    await deployToStage(platform, { ...candidate, ...other, now: SLOT + 200 })
    expect(await listStopped(platform.store)).toEqual([])
    expect((await serving()).deployment?.variants[0]?.model_version).toBe(other.version)
    await start()
    expect((await serving()).deployment?.variants[0]?.model_version).toBe(other.version)
    await stop(platform, SLOT + 300)
    await startStagingFor(platform, { ...candidate, ...model, now: SLOT + 400 })
    expect((await serving()).deployment?.variants[0]?.model_version).toBe(model.version)
    expect(await readStopped(platform.store, STAGING)).toBeUndefined()
  })

  describe('is stopped by itself', () => {
    const idle = (hours: number) =>
      stopIdleStaging(platform, { city: CITY, now: SLOT + hours * HOUR, stableHours: 72 })
    const ring = async (StateValue: 'OK' | 'ALARM', at: number): Promise<void> => {
      now = at
      const alarm: CompositeAlarm = {
        AlarmName: 'prod-endpoint-invoke-zero',
        AlarmDescription: 'a test',
        AlarmRule: 'FALSE',
      }
      await platform.alarms.putCompositeAlarm(alarm)
      await platform.alarms.setAlarmState({ AlarmName: alarm.AlarmName, StateValue, StateReason: 't', now })
    }

    it('once production served one version for as long as is asked, and again changes nothing', async () => {
      expect(await idle(999)).toEqual({ stopped: [], goes_on: 'there is no endpoint in production' })
      await deploy(PROD, model, SLOT + HOUR)
      expect((await idle(72.5)).goes_on).toContain('only since')
      const { stopped, goes_on } = await idle(73)
      expect(goes_on).toBeNull()
      expect(stopped.map(({ saves_usd }) => savingWords(saves_usd))).toEqual([
        'saves 83.95 USD a month on AWS, by list prices',
      ])
      expect(await idle(74)).toEqual({ stopped: [], goes_on: null })
      expect((await readHistory(platform.store)).at(-1)).toMatchObject({ action: 'stop', by: 'bikeshare' })
    })

    it('not while an alarm of production is in ALARM, or was within that time', async () => {
      await deploy(PROD, model)
      await ring('ALARM', SLOT + 10 * HOUR)
      expect((await idle(80)).goes_on).toBe('prod-endpoint-invoke-zero is in ALARM')
      await ring('OK', SLOT + 20 * HOUR)
      expect((await idle(91)).goes_on).toContain('was in ALARM until')
      expect((await idle(93)).stopped).toHaveLength(1)
    })

    it('not while a release is under way', async () => {
      await deploy(PROD, model)
      await beginRelease(platform.store, exampleRelease({ phase: 'baking' }))
      expect((await idle(80)).goes_on).toContain('is under way')
    })

    it('not while it has a candidate that has not had its time', async () => {
      await deploy(PROD, model)
      await deploy(STAGING, other, SLOT + 60 * HOUR)
      expect((await idle(80)).goes_on).toContain(`the candidate ${other.version}`)
      expect((await idle(132)).stopped).toHaveLength(1)
    })

    it('to the end when that was broken off', async () => {
      await deploy(PROD, model)
      await expect(stop(crashingAt(platform, 3))).rejects.toBeInstanceOf(Crash)
      expect(await listStopped(platform.store)).toMatchObject([{ state: 'stopping' }])
      await idle(1)
      expect(await serving()).toEqual(gone)
      expect(await listStopped(platform.store)).toMatchObject([{ state: 'stopped' }])
    })
  })
})
