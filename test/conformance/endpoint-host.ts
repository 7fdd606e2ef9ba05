import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { packModel } from '../../src/core/model-archive.ts'
import {
  ControlError,
  InvokeError,
  type EndpointDescription,
  type EndpointHost,
  type InvokeInput,
  type ObjectStore,
} from '../../src/platform/ports.ts'
import { brokenModel, stumpModel } from '../support/stump-model.ts'

/** A host under test, and the store that its model archives lie in. */
export interface HostUnderTest {
  readonly host: EndpointHost
  readonly store: ObjectStore
  close(): Promise<void>
}

const LOW = '0.1' + ','.repeat(24)
const HIGH = '0.9' + ','.repeat(24)
const WRONG = '0.9' + ','.repeat(23)

/** What every endpoint host does, as SageMaker does it. */
export function endpointHostSuite(name: string, open: () => Promise<HostUnderTest>): void {
  describe(`an endpoint host: ${name}`, () => {
    let under: HostUnderTest
    let host: EndpointHost

    beforeEach(async () => {
      under = await open()
      host = under.host
      await under.store.put('models/g/a/model.tar.gz', await packModel(stumpModel({ low: 0.1, high: 0.9 })))
      await under.store.put('models/g/b/model.tar.gz', await packModel(stumpModel({ low: 0.2, high: 0.8 })))
      await under.store.put('models/g/nan/model.tar.gz', await packModel(brokenModel()))
      await under.store.put(
        'models/g/torn/model.tar.gz',
        (await packModel(stumpModel({ low: 0.1, high: 0.9 }))).slice(0, 200),
      )
      await under.store.put(
        'models/g/order/model.tar.gz',
        await packModel(stumpModel({ low: 0.1, high: 0.9 }, 0, ['one', 'two'])),
      )
    })
    afterEach(() => under.close())

    const model = (name: string): Promise<void> =>
      host.createModel({
        ModelName: name,
        PrimaryContainer: { ModelDataUrl: `models/g/${name}/model.tar.gz` },
      })

    const config = (
      name: string,
      weights: Readonly<Record<string, number>>,
      sampling?: number,
    ): Promise<void> =>
      host.createEndpointConfig({
        EndpointConfigName: name,
        ProductionVariants: Object.entries(weights).map(([modelName, weight]) => ({
          VariantName: Object.keys(weights).length === 1 ? 'AllTraffic' : `On-${modelName}`,
          ModelName: modelName,
          InitialVariantWeight: weight,
          InitialInstanceCount: 1,
          InstanceType: 'ml.m5.large',
        })),
        ...(sampling !== undefined && {
          DataCaptureConfig: { EnableCapture: true, InitialSamplingPercentage: sampling },
        }),
      })

    const settled = async (name: string): Promise<EndpointDescription> => {
      for (let look = 0; look < 20_000; look++) {
        const endpoint = await host.describeEndpoint(name)
        if (!endpoint) throw new Error(`${name} is gone`)
        if (!['Creating', 'Updating', 'RollingBack'].includes(endpoint.EndpointStatus)) return endpoint
      }
      throw new Error(`${name} does not settle`)
    }

    const serve = async (
      weights: Readonly<Record<string, number>>,
      sampling?: number,
    ): Promise<EndpointDescription> => {
      for (const name of Object.keys(weights)) await model(name)
      await config('first', weights, sampling)
      await host.createEndpoint({ EndpointName: 'e', EndpointConfigName: 'first' })
      return settled('e')
    }

    const ask = (input: Partial<InvokeInput> = {}): Promise<string> => answer(input).then(({ body }) => body)
    const answer = async (
      input: Partial<InvokeInput> = {},
    ): Promise<{ body: string; type: string; variant: string }> => {
      const output = await host.invokeEndpoint({
        EndpointName: 'e',
        Body: LOW,
        ContentType: 'text/csv',
        ...input,
      })
      return {
        body: Buffer.from(output.Body).toString('utf8'),
        type: output.ContentType,
        variant: output.InvokedProductionVariant,
      }
    }

    const invalid = (pattern: RegExp): unknown =>
      expect.objectContaining({ name: 'ValidationException', message: expect.stringMatching(pattern) })

    describe('an endpoint', () => {
      it('is Creating, then InService with its variants, and answers', async () => {
        await model('a')
        await config('first', { a: 1 })
        await host.createEndpoint({ EndpointName: 'e', EndpointConfigName: 'first' })
        const endpoint = await settled('e')
        expect(endpoint).toMatchObject({
          EndpointName: 'e',
          EndpointConfigName: 'first',
          EndpointStatus: 'InService',
          ProductionVariants: [
            { VariantName: 'AllTraffic', CurrentWeight: 1, DesiredWeight: 1, CurrentInstanceCount: 1 },
          ],
        })
        expect(endpoint.FailureReason).toBeUndefined()
        expect(await answer({ Body: `${LOW}\n${HIGH}\n` })).toEqual({
          body: '0.100000001\n0.899999976',
          type: 'text/csv',
          variant: 'AllTraffic',
        })
        expect((await host.listEndpoints()).map(({ EndpointName }) => EndpointName)).toEqual(['e'])
      })

      it('is Failed with the reason when a model is damaged or follows no contract', async () => {
        await model('torn')
        await model('order')
        await config('torn', { torn: 1 })
        await config('order', { order: 1 })
        await host.createEndpoint({ EndpointName: 'e', EndpointConfigName: 'torn' })
        await host.createEndpoint({ EndpointName: 'f', EndpointConfigName: 'order' })
        expect(await settled('e')).toMatchObject({
          EndpointStatus: 'Failed',
          FailureReason: expect.stringContaining('the model archive is refused'),
        })
        expect(await settled('f')).toMatchObject({
          EndpointStatus: 'Failed',
          FailureReason: expect.stringContaining('it takes 2 features, the contract has 25'),
        })
        await expect(ask()).rejects.toThrow(expect.objectContaining({ name: 'ValidationError' }))
        await expect(host.updateEndpoint({ EndpointName: 'e', EndpointConfigName: 'order' })).rejects.toThrow(
          invalid(/in Failed status/),
        )
        await host.deleteEndpoint('e')
        expect(await host.describeEndpoint('e')).toBeUndefined()
      })

      it('serves the new configuration after an update', async () => {
        await serve({ a: 1 })
        await model('b')
        await config('second', { b: 1 })
        await host.updateEndpoint({ EndpointName: 'e', EndpointConfigName: 'second' })
        expect(await settled('e')).toMatchObject({
          EndpointStatus: 'InService',
          EndpointConfigName: 'second',
        })
        expect(await ask({ Body: HIGH })).toBe('0.800000012')
      })

      it('goes on with its old configuration when an update cannot be loaded', async () => {
        await serve({ a: 1 })
        await model('torn')
        await config('second', { torn: 1 })
        await host.updateEndpoint({ EndpointName: 'e', EndpointConfigName: 'second' })
        expect(await settled('e')).toMatchObject({
          EndpointStatus: 'InService',
          EndpointConfigName: 'first',
        })
        expect(await ask({ Body: HIGH })).toBe('0.899999976')
      })

      it('can be deleted, and its models and configurations after it', async () => {
        await serve({ a: 1 })
        await expect(host.deleteEndpointConfig('first')).rejects.toThrow(invalid(/uses it|in use/))
        await host.deleteEndpoint('e')
        expect(await host.describeEndpoint('e')).toBeUndefined()
        await expect(ask()).rejects.toThrow(/not found/)
        await host.deleteEndpointConfig('first')
        await host.deleteModel('a')
        expect(await host.describeEndpointConfig('first')).toBeUndefined()
        expect(await host.describeModel('a')).toBeUndefined()
      })
    })

    describe('variants', () => {
      it('share the traffic by their weights, unless one is named', async () => {
        await serve({ a: 3, b: 1 })
        const seen: string[] = []
        for (let i = 0; i < 400; i++) seen.push((await answer()).variant)
        const share = seen.filter((variant) => variant === 'On-a').length / seen.length
        expect(share).toBeGreaterThan(0.65)
        expect(share).toBeLessThan(0.85)
        expect(await answer({ TargetVariant: 'On-b' })).toMatchObject({
          body: '0.200000003',
          variant: 'On-b',
        })
        await expect(ask({ TargetVariant: 'On-c' })).rejects.toThrow(/Variant On-c not found/)
      })

      it('of weight 0 get no traffic, but can be asked by name', async () => {
        await serve({ a: 0, b: 1 })
        for (let i = 0; i < 50; i++) expect((await answer()).variant).toBe('On-b')
        expect((await answer({ TargetVariant: 'On-a' })).variant).toBe('On-a')
      })

      it('take new weights and numbers of instances', async () => {
        await serve({ a: 1, b: 1 })
        await host.updateEndpointWeightsAndCapacities({
          EndpointName: 'e',
          DesiredWeightsAndCapacities: [
            { VariantName: 'On-a', DesiredWeight: 0 },
            { VariantName: 'On-b', DesiredWeight: 2.5, DesiredInstanceCount: 2 },
          ],
        })
        expect((await settled('e')).ProductionVariants).toMatchObject([
          { VariantName: 'On-a', CurrentWeight: 0, DesiredWeight: 0, CurrentInstanceCount: 1 },
          { VariantName: 'On-b', CurrentWeight: 2.5, DesiredWeight: 2.5, CurrentInstanceCount: 2 },
        ])
        for (let i = 0; i < 50; i++) expect((await answer()).variant).toBe('On-b')
      })

      it('refuse weights that are negative, all zero, or of a variant that is not there', async () => {
        await serve({ a: 1, b: 1 })
        const weigh = (VariantName: string, DesiredWeight: number): Promise<void> =>
          host.updateEndpointWeightsAndCapacities({
            EndpointName: 'e',
            DesiredWeightsAndCapacities: [
              { VariantName, DesiredWeight },
              { VariantName: 'On-b', DesiredWeight: 0 },
            ],
          })
        await expect(weigh('On-a', -1)).rejects.toThrow(invalid(/greater than or equal to 0/))
        await expect(weigh('On-a', 0)).rejects.toThrow(invalid(/weight above 0/))
        await expect(weigh('On-c', 1)).rejects.toThrow(invalid(/On-c/))
        expect((await settled('e')).ProductionVariants.map((v) => v.CurrentWeight)).toEqual([1, 1])
      })
    })

    describe('a control call', () => {
      it('is refused when a name is not SageMaker’s', async () => {
        for (const name of ['', '-a', 'a-', 'a_b', 'a/b', '..', 'a'.repeat(64)])
          await expect(
            host.createModel({
              ModelName: name,
              PrimaryContainer: { ModelDataUrl: 'models/g/a/model.tar.gz' },
            }),
          ).rejects.toThrow(invalid(/modelName.*|validation error/))
        await expect(
          host.createModel({
            ModelName: 'a--1',
            PrimaryContainer: { ModelDataUrl: 'models/g/a/model.tar.gz' },
          }),
        ).resolves.toBeUndefined()
      })

      it('is refused when it names what is not there', async () => {
        await expect(
          host.createModel({
            ModelName: 'x',
            PrimaryContainer: { ModelDataUrl: 'models/g/none/model.tar.gz' },
          }),
        ).rejects.toThrow(invalid(/Could not find model data at models\/g\/none\/model\.tar\.gz/))
        await expect(config('c', { nothing: 1 })).rejects.toThrow(invalid(/Could not find model ".*nothing"/))
        await expect(host.createEndpoint({ EndpointName: 'e', EndpointConfigName: 'none' })).rejects.toThrow(
          invalid(/Could not find endpoint configuration ".*none"/),
        )
        const update = host.updateEndpoint({ EndpointName: 'none', EndpointConfigName: 'none' })
        await expect(update).rejects.toThrow(invalid(/Could not find endpoint ".*none"/))
        await expect(host.deleteEndpoint('none')).rejects.toThrow(invalid(/Could not find endpoint ".*none"/))
        await expect(host.deleteModel('none')).rejects.toThrow(invalid(/Could not find model/))
        await expect(host.deleteEndpointConfig('none')).rejects.toThrow(invalid(/Could not find/))
      })

      it('is refused when it makes what is there already', async () => {
        await serve({ a: 1 })
        await expect(model('a')).rejects.toThrow(invalid(/already existing model/))
        await expect(config('first', { a: 1 })).rejects.toThrow(invalid(/already existing endpoint config/))
        await expect(host.createEndpoint({ EndpointName: 'e', EndpointConfigName: 'first' })).rejects.toThrow(
          invalid(/already existing endpoint/),
        )
      })

      it('of a configuration is refused without variants, with eleven, with all weights zero or one negative', async () => {
        await model('a')
        const variants = (weights: readonly number[]): Promise<void> =>
          host.createEndpointConfig({
            EndpointConfigName: 'c',
            ProductionVariants: weights.map((weight, i) => ({
              VariantName: `V${i}`,
              ModelName: 'a',
              InitialVariantWeight: weight,
              InitialInstanceCount: 1,
              InstanceType: 'ml.m5.large',
            })),
          })
        await expect(variants([])).rejects.toThrow(invalid(/productionVariants/))
        await expect(variants(Array.from({ length: 11 }, () => 1))).rejects.toThrow(
          invalid(/less than or equal to 10/),
        )
        await expect(variants([0, 0])).rejects.toThrow(invalid(/weight above 0/))
        await expect(variants([1, -1])).rejects.toThrow(invalid(/greater than or equal to 0/))
        await expect(variants(Array.from({ length: 10 }, () => 1))).resolves.toBeUndefined()
      })

      it('that asks for too many instances is ResourceLimitExceeded', async () => {
        await serve({ a: 1 })
        await expect(
          host.updateEndpointWeightsAndCapacities({
            EndpointName: 'e',
            DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredInstanceCount: 100_000 }],
          }),
        ).rejects.toThrow(expect.objectContaining({ name: 'ResourceLimitExceeded' }))
      })

      it('rejects with a ControlError', async () => {
        await expect(host.deleteEndpoint('none')).rejects.toBeInstanceOf(ControlError)
      })
    })

    describe('an invocation', () => {
      beforeEach(() => serve({ a: 1 }))

      const failed = (name: string, status: number, pattern: RegExp): unknown =>
        expect.objectContaining({ name, status, message: expect.stringMatching(pattern) })

      it('answers in JSON to a JSON data frame, and to a caller who accepts it', async () => {
        const json = { type: 'application/json', body: '{"predictions":[{"score":0.100000001}]}' }
        expect(await answer({ Accept: 'application/json' })).toMatchObject(json)
        const frame = { columns: FEATURE_NAMES, data: [FEATURE_NAMES.map(() => null)] }
        expect(
          await answer({ Body: JSON.stringify({ dataframe_split: frame }), ContentType: 'application/json' }),
        ).toMatchObject(json)
      })

      it('with 24 features is a ModelError 424 with the model’s own 400', async () => {
        await expect(ask({ Body: WRONG })).rejects.toThrow(failed('ModelError', 424, /row 1 has 24 values/))
        const error: unknown = await ask({ Body: WRONG }).catch((e: unknown) => e)
        expect(error).toBeInstanceOf(InvokeError)
        expect(error).toMatchObject({
          original: {
            status: 400,
            message: expect.stringContaining('row 1 has 24 values, the model takes 25'),
          },
        })
      })

      it('with text, infinity or nothing in it is a ModelError', async () => {
        for (const body of ['x' + ','.repeat(24), 'inf' + ','.repeat(24), ' ', '\n'])
          await expect(ask({ Body: body })).rejects.toThrow(failed('ModelError', 424, /row|rows/))
      })

      it('of another content type, or that accepts another, is a ModelError with 415 or 406', async () => {
        await expect(ask({ ContentType: 'image/png' })).rejects.toMatchObject({ original: { status: 415 } })
        await expect(ask({ Accept: 'image/png' })).rejects.toMatchObject({ original: { status: 406 } })
      })

      it('of more than 6,291,456 bytes is a ValidationError', async () => {
        const error: unknown = await ask({ Body: Buffer.alloc(7_000_000, '1') }).catch((e: unknown) => e)
        expect(error).toEqual(failed('ValidationError', 400, /7000000 bytes, the limit is 6291456/))
        expect(await ask()).toBe('0.100000001')
      })

      it('of an endpoint that is not there is a ValidationError', async () => {
        await expect(ask({ EndpointName: 'none' })).rejects.toThrow(
          failed('ValidationError', 400, /Endpoint none of account \d+ not found/),
        )
      })

      it('takes an InferenceId of 64 characters and 1024 of attributes, no more', async () => {
        const longest = { InferenceId: 'i'.repeat(64), CustomAttributes: 'c'.repeat(1024) }
        expect(await ask(longest)).toBe('0.100000001')
        await expect(ask({ InferenceId: 'i'.repeat(65) })).rejects.toThrow(
          failed('ValidationError', 400, /InferenceId/),
        )
        await expect(ask({ CustomAttributes: 'c'.repeat(1025) })).rejects.toThrow(
          failed('ValidationError', 400, /CustomAttributes/),
        )
      })

      it('is never answered with a score that is no number', async () => {
        await model('nan')
        await config('second', { nan: 1 })
        await host.updateEndpoint({ EndpointName: 'e', EndpointConfigName: 'second' })
        await settled('e')
        expect(await ask({ Body: LOW })).toBe('0.5')
        await expect(ask({ Body: `${LOW}\n${HIGH}` })).rejects.toMatchObject({
          name: 'ModelError',
          original: { status: 500, message: 'the model gave no number for row 2' },
        })
      })

      it('keeps its own rows when many come at once', async () => {
        const bodies = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? HIGH : LOW))
        const scores = await Promise.all(bodies.map((body) => ask({ Body: body })))
        expect(scores).toEqual(bodies.map((body) => (body === HIGH ? '0.899999976' : '0.100000001')))
      })
    })
  })
}
