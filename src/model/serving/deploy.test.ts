import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exampleManifest } from '../../../test/support/example-model.ts'
import { libraryPath, stumpModel } from '../../../test/support/stump-model.ts'
import { Crash, crashingAt } from '../../../test/support/lake-fixtures.ts'
import {
  CITY,
  openServingHost,
  openServingPlatform,
  registerStump,
  SLOT,
  type ServingPlatform,
} from '../../../test/support/serving-platform.ts'
import type { Deployment } from '../../core/contracts/deployment.ts'
import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import { modelPrefix } from '../../core/keys.ts'
import type { EndpointHost } from '../../platform/ports.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import { registerModel } from '../registry/registry.ts'
import { deployModel, type DeployOptions } from './deploy.ts'
import { deleteDeployment, readDeployment, scaleDeployment } from './deployments.ts'
import { readHistory, verifyHistory } from './history.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

const ENDPOINT = 'bikeshare-staging'
const ROW = `0.9${','.repeat(24)}`

describe('deploying a model', () => {
  let platform: ServingPlatform
  let first: { group: string; version: string }
  let second: { group: string; version: string }

  beforeEach(async () => {
    platform = await openServingPlatform(scorer)
    const bikes = { target: 'bikes' } as const
    first = await registerStump(platform.store, { ...bikes, digit: '1', scores: { low: 0.1, high: 0.9 } })
    second = await registerStump(platform.store, {
      ...bikes,
      digit: '2',
      scores: { low: 0.2, high: 0.8 },
      threshold: 0.3,
    })
  })
  afterEach(() => platform.close())

  const options = (
    model: { group: string; version: string },
    more: Partial<DeployOptions> = {},
  ): DeployOptions => ({
    endpoint: ENDPOINT,
    city: CITY,
    target: 'bikes',
    ...model,
    by: 'test',
    now: SLOT,
    ...more,
  })
  const deploy = (
    model: { group: string; version: string },
    more?: Partial<DeployOptions>,
  ): Promise<Deployment> => deployModel(platform, options(model, more))
  const score = async (host = platform.endpoints): Promise<string> => {
    const output = await host.invokeEndpoint({ EndpointName: ENDPOINT, Body: ROW, ContentType: 'text/csv' })
    return Buffer.from(output.Body).toString()
  }

  it('leaves alone an endpoint that serves the models of another lake', async () => {
    const { endpoints, store } = platform
    await deploy(first)
    await store.delete(`deployments/${ENDPOINT}.json`)
    // What a platform says of an archive that is not in its lake.
    const theirs: EndpointHost = {
      ...endpoints,
      describeModel: async (name) => {
        const model = await endpoints.describeModel(name)
        return model && { ...model, PrimaryContainer: { ModelDataUrl: 's3://lakes/paris/models/m.tar.gz' } }
      },
    }
    await expect(deployModel({ store, endpoints: theirs }, options(second))).rejects.toMatchObject({
      code: 'MISMATCH',
      message: expect.stringContaining('s3://lakes/paris/models/m.tar.gz'),
    })
    expect(await score()).toBe('0.899999976')
    expect((await deploy(second)).variants).toMatchObject([{ model_version: second.version }])
  })

  it('makes the endpoint serve it, and records what serves', async () => {
    const deployment = await deploy(first)
    expect(await score()).toBe('0.899999976')
    expect(deployment).toEqual({
      endpoint: ENDPOINT,
      city: CITY,
      target: 'bikes',
      endpoint_config: expect.stringMatching(/^bikeshare-staging-20240514T120000Z-[0-9a-f]{8}$/),
      variants: [
        {
          variant: 'AllTraffic',
          group: 'bikeshare-demo-bikes',
          model_version: '20240513T235500Z-11111111',
          model_name: 'bikeshare-demo-bikes-20240513T235500Z-11111111',
          weight: 1,
          threshold: 0.15,
        },
      ],
      updated_at: SLOT,
      by: 'test',
    })
    expect(await readDeployment(platform.store, ENDPOINT)).toEqual(deployment)
  })

  it('again, when it serves already, changes nothing', async () => {
    const deployment = await deploy(first)
    const endpoint = await platform.endpoints.describeEndpoint(ENDPOINT)
    expect(await deploy(first, { now: SLOT + 600, by: 'somebody else' })).toEqual(deployment)
    expect(await platform.endpoints.describeEndpoint(ENDPOINT)).toEqual(endpoint)
  })

  it('replaces what served before, and remembers it', async () => {
    const before = await deploy(first)
    const after = await deploy(second, { now: SLOT + 600 })
    expect(await score()).toBe('0.800000012')
    expect(after.variants[0]).toMatchObject({ model_version: second.version, threshold: 0.3 })
    expect(after.previous).toEqual({
      endpoint_config: before.endpoint_config,
      variants: before.variants,
    })
    expect((await deploy(first, { now: SLOT + 600 })).previous?.endpoint_config).toBe(after.endpoint_config)
    expect(await score()).toBe('0.899999976')
  })

  it('changes the share of captured requests without another model', async () => {
    const before = await deploy(first)
    const after = await deploy(first, { capture: { EnableCapture: true, InitialSamplingPercentage: 50 } })
    expect(after.endpoint_config).not.toBe(before.endpoint_config)
    const config = await platform.endpoints.describeEndpointConfig(after.endpoint_config)
    expect(config?.DataCaptureConfig).toEqual({ EnableCapture: true, InitialSamplingPercentage: 50 })
  })

  it('of another city or target is refused, and changes nothing', async () => {
    const docks = await registerStump(platform.store, {
      target: 'docks',
      digit: '3',
      scores: { low: 0.1, high: 0.9 },
    })
    const other = await registerStump(platform.store, {
      target: 'bikes',
      digit: '4',
      scores: { low: 0.1, high: 0.9 },
      city: 'other',
    })
    const deployment = await deploy(first)
    const mismatch = expect.objectContaining({ code: 'MISMATCH' })
    await expect(deploy(docks)).rejects.toThrow(mismatch)
    await expect(deploy(other)).rejects.toThrow(mismatch)
    await expect(deploy(docks, { target: 'docks' })).rejects.toThrow(mismatch)
    await expect(deploy(other, { city: 'other' })).rejects.toThrow(mismatch)
    expect(await readDeployment(platform.store, ENDPOINT)).toEqual(deployment)
    expect(await score()).toBe('0.899999976')
  })

  it('that is damaged is refused, and what served goes on', async () => {
    await deploy(first)
    await platform.store.put(`${modelPrefix(second.group, second.version)}model.tar.gz`, 'torn')
    await expect(deploy(second)).rejects.toThrow(expect.objectContaining({ code: 'CORRUPT' }))
    expect(await score()).toBe('0.899999976')
  })

  it('that the endpoint rolls back is reported, though the endpoint says InService', async () => {
    const before = await deploy(first)
    const manifest = exampleManifest({ group: first.group, version: '20240513T235500Z-55555555' })
    const swapped = FEATURE_NAMES.toReversed()
    await registerModel(platform.store, {
      manifest,
      model: stumpModel({ low: 0.1, high: 0.9 }, 0, swapped),
      report: {},
    })
    await expect(deploy(manifest, { now: SLOT + 600 })).rejects.toThrow(
      expect.objectContaining({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('its feature 1 is "weather_code"'),
      }),
    )
    expect(await readDeployment(platform.store, ENDPOINT)).toEqual(before)
    expect(await score()).toBe('0.899999976')
  })

  it('replaces an endpoint that failed when it was created', async () => {
    const { endpoints, store } = platform
    const variant = {
      VariantName: 'AllTraffic',
      ModelName: 'broken',
      InitialVariantWeight: 1,
      InitialInstanceCount: 1,
      InstanceType: 'ml.m5.large',
    }
    await store.put('models/broken/model.tar.gz', 'torn')
    await endpoints.createModel({
      ModelName: 'broken',
      PrimaryContainer: { ModelDataUrl: 'models/broken/model.tar.gz' },
    })
    await endpoints.createEndpointConfig({ EndpointConfigName: 'broken', ProductionVariants: [variant] })
    await endpoints.createEndpoint({ EndpointName: ENDPOINT, EndpointConfigName: 'broken' })
    await deploy(first)
    expect(await score()).toBe('0.899999976')
  })

  it('converges when it was killed before any of its writes', async () => {
    await deploy(first)
    for (let at = 0; ; at++) {
      const dying = crashingAt(platform, at)
      const host = openServingHost(dying.store, scorer)
      const now = SLOT + 600 * (at + 1)
      // A process that died does not go on waiting either.
      const wait = async (): Promise<void> => {
        if (dying.writes() > at) throw new Crash('while waiting')
      }
      const dead = await deployModel({ ...dying, endpoints: host }, options(second, { now, wait })).then(
        () => false,
        (error: unknown) => {
          if (error instanceof Crash) return true
          throw error
        },
      )
      await host.close()
      const deployment = await deploy(second, { now: now + 60 })
      expect(deployment.variants.map((variant) => variant.model_version)).toEqual([second.version])
      expect(await score()).toBe('0.800000012')
      await deploy(first, { now: now + 120 })
      if (!dead) {
        expect(at).toBeGreaterThan(2)
        break
      }
    }
  })

  it('is seen and served by another process that opens the same lake', async () => {
    await deploy(first)
    const other = openServingHost(platform.store, scorer)
    expect(await score(other)).toBe('0.899999976')
    await deploy(second, { now: SLOT + 600 })
    expect(await score(other)).toBe('0.800000012')
    await deleteDeployment(platform, ENDPOINT, { by: 'test', now: SLOT })
    await expect(score(other)).rejects.toThrow(/not found/)
    await other.close()
  })

  it('can be undone: the endpoint, its record and its configurations go, the model stays', async () => {
    const { endpoint_config } = await deploy(first)
    await deleteDeployment(platform, ENDPOINT, { by: 'test', now: SLOT })
    expect(await platform.endpoints.describeEndpoint(ENDPOINT)).toBeUndefined()
    expect(await platform.endpoints.describeEndpointConfig(endpoint_config)).toBeUndefined()
    expect(await readDeployment(platform.store, ENDPOINT)).toBeUndefined()
    await expect(deleteDeployment(platform, ENDPOINT, { by: 'test', now: SLOT })).resolves.toBeUndefined()
    await deploy(first)
    expect(await score()).toBe('0.899999976')
    expect((await readHistory(platform.store)).map(({ action, from, to }) => [action, !!from, !!to])).toEqual(
      [
        ['deploy', false, true],
        ['delete', true, false],
        ['deploy', false, true],
      ],
    )
    expect(await verifyHistory(platform.store)).toEqual([])
  })

  it('can be scaled: weight and instances change, and the record with them', async () => {
    await deploy(first)
    const scaled = {
      endpoint: ENDPOINT,
      variant: 'AllTraffic',
      weight: 3,
      instances: 2,
      by: 'test',
      now: SLOT + 60,
    }
    const endpoint = await scaleDeployment(platform, scaled)
    expect(endpoint.ProductionVariants).toMatchObject([{ CurrentWeight: 3, CurrentInstanceCount: 2 }])
    expect(await readDeployment(platform.store, ENDPOINT)).toMatchObject({
      variants: [{ weight: 3 }],
      updated_at: SLOT + 60,
    })
    await expect(scaleDeployment(platform, { ...scaled, variant: 'Candidate' })).rejects.toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
    await expect(scaleDeployment(platform, { ...scaled, weight: 0 })).rejects.toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    )
  })
})
