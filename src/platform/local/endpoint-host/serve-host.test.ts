import {
  CreateEndpointCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListEndpointsCommand,
} from '@aws-sdk/client-sagemaker'
import { InvokeEndpointCommand, ModelError, ValidationError } from '@aws-sdk/client-sagemaker-runtime'
import { Client } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sdkClients, type SdkClients } from '../../../../test/support/sdk-host.ts'
import { seededRandom } from '../../../core/seeded-random.ts'
import { libraryPath, stumpModel } from '../../../../test/support/stump-model.ts'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { packModel } from '../../../core/model-archive.ts'
import type { ListeningServer } from '../../engines/inference-server/http-server.ts'
import { openDirectoryStore } from '../directory-store.ts'
import { openEndpointHost, type LocalEndpointHost } from './endpoint-host.ts'
import { serveHost } from './serve-host.ts'
import { rm } from 'node:fs/promises'

const NOW = 1_715_700_000
const ROW = `0.9${','.repeat(24)}`

describe('the endpoint host over HTTP', () => {
  let root: string
  let host: LocalEndpointHost
  let server: ListeningServer
  let sdk: SdkClients

  beforeAll(async () => {
    root = await makeTempDir()
    const store = openDirectoryStore(root)
    await store.put('models/a.tar.gz', await packModel(stumpModel({ low: 0.1, high: 0.9 })))
    host = openEndpointHost({
      store,
      libraryPath: libraryPath(),
      clock: () => NOW,
      elapsedMs: () => 0,
      random: seededRandom(1),
    })
    await host.createModel({ ModelName: 'a', PrimaryContainer: { ModelDataUrl: 'models/a.tar.gz' } })
    await host.createEndpointConfig({
      EndpointConfigName: 'c',
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          ModelName: 'a',
          InitialVariantWeight: 1,
          InitialInstanceCount: 1,
          InstanceType: 'ml.m5.large',
        },
      ],
      DataCaptureConfig: { EnableCapture: true, InitialSamplingPercentage: 0 },
    })
    await host.createEndpoint({ EndpointName: 'e', EndpointConfigName: 'c' })
    for (let look = 0; look < 20_000; look++)
      if ((await host.describeEndpoint('e'))?.EndpointStatus === 'InService') break
    server = await serveHost(host, { hostname: '127.0.0.1', port: 0, allowControl: false })
    sdk = sdkClients(server.url)
  })
  afterAll(async () => {
    sdk.control.destroy()
    sdk.runtime.destroy()
    await server.close()
    await host.close()
    await rm(root, { recursive: true })
  })

  const invoke = (body: string | Uint8Array): Promise<unknown> =>
    sdk.runtime.send(
      new InvokeEndpointCommand({ EndpointName: 'e', Body: Buffer.from(body), ContentType: 'text/csv' }),
    )

  it('answers AWS SDK v3’s InvokeEndpoint with the scores and the variant', async () => {
    const output = await sdk.runtime.send(
      new InvokeEndpointCommand({
        EndpointName: 'e',
        Body: Buffer.from(`${ROW}\n${ROW}`),
        ContentType: 'text/csv',
      }),
    )
    expect(Buffer.from(output.Body).toString()).toBe('0.899999976\n0.899999976')
    expect(output).toMatchObject({ ContentType: 'text/csv', InvokedProductionVariant: 'AllTraffic' })
  })

  it('answers 24 features with ModelError 424, and 7 MB with ValidationError 400', async () => {
    const model: unknown = await invoke(`1${','.repeat(23)}`).catch((error: unknown) => error)
    expect(model).toBeInstanceOf(ModelError)
    expect(model).toMatchObject({
      $metadata: { httpStatusCode: 424 },
      OriginalStatusCode: 400,
      OriginalMessage: expect.stringContaining('row 1 has 24 values, the model takes 25'),
    })
    const large: unknown = await invoke(new Uint8Array(7_000_000)).catch((error: unknown) => error)
    expect(large).toBeInstanceOf(ValidationError)
    expect(large).toMatchObject({
      $metadata: { httpStatusCode: 400 },
      message: expect.stringContaining('7000000'),
    })
  })

  it('answers what only reads, and refuses to change anything unless that is allowed', async () => {
    const { control } = sdk
    expect(await control.send(new DescribeEndpointCommand({ EndpointName: 'e' }))).toMatchObject({
      EndpointArn: 'arn:aws:sagemaker:local:000000000000:endpoint/e',
      EndpointStatus: 'InService',
      CreationTime: new Date(NOW * 1000),
      LastModifiedTime: new Date(NOW * 1000),
    })
    expect(await control.send(new DescribeModelCommand({ ModelName: 'a' }))).toMatchObject({
      ModelName: 'a',
      PrimaryContainer: { ModelDataUrl: 'models/a.tar.gz' },
      CreationTime: new Date(NOW * 1000),
    })
    expect(await control.send(new DescribeEndpointConfigCommand({ EndpointConfigName: 'c' }))).toMatchObject({
      ProductionVariants: [{ VariantName: 'AllTraffic', InitialVariantWeight: 1 }],
      DataCaptureConfig: { EnableCapture: true, InitialSamplingPercentage: 0 },
    })
    const list = await control.send(
      new ListEndpointsCommand({ NameContains: 'e', StatusEquals: 'InService' }),
    )
    expect(list.Endpoints?.map(({ EndpointName }) => EndpointName)).toEqual(['e'])
    await expect(
      control.send(new CreateEndpointCommand({ EndpointName: 'f', EndpointConfigName: 'c' })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('--allow-control'),
    })
    expect(await host.describeEndpoint('f')).toBeUndefined()
  })

  it('answers GET /ping with 200, and what it does not know with 404', async () => {
    expect((await fetch(`${server.url}/ping`)).status).toBe(200)
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404)
    const target = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'SageMaker.toString' },
    })
    expect(target.status).toBe(400)
    expect(await target.json()).toMatchObject({ __type: 'ValidationException' })
  })

  it('answers hostile requests with an error of their own, and goes on', async () => {
    const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(server.url + path, { method: 'POST', body, headers })
    const path = '/endpoints/e/invocations'
    expect((await post(path, ROW, { 'content-type': ';;;' })).status).toBeLessThan(500)
    expect((await post(path, ROW, { 'content-type': 'text/csv; charset=utf-16' })).status).toBe(424)
    expect((await post(path, '', { 'content-type': 'text/csv' })).status).toBe(424)
    expect((await post(`/endpoints/${'x'.repeat(64)}/invocations`, ROW)).status).toBe(400)
    expect((await post('/endpoints/..%2f..%2flake/invocations', ROW)).status).toBe(400)
    expect((await post('/', '{', { 'x-amz-target': 'SageMaker.DescribeEndpoint' })).status).toBe(400)
    expect((await post('/', '{}', { 'x-amz-target': 'SageMaker.DescribeEndpoint' })).status).toBe(400)
    expect(
      (await post('/', '{"EndpointName":7}', { 'x-amz-target': 'SageMaker.DescribeEndpoint' })).status,
    ).toBe(400)
    const good = await post(path, ROW, { 'content-type': 'text/csv' })
    expect([good.status, await good.text()]).toEqual([200, '0.899999976'])
  })

  it('says which address is taken, and what to do', async () => {
    const port = Number(new URL(server.url).port)
    await expect(serveHost(host, { hostname: '127.0.0.1', port, allowControl: false })).rejects.toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE', message: expect.stringContaining(`127.0.0.1:${port}`) }),
    )
  })

  it('answers what is under way when it is closed', async () => {
    const other = await serveHost(host, { hostname: '127.0.0.1', port: 0, allowControl: false })
    const clients = Array.from({ length: 8 }, () => new Client(other.url))
    const ask = async (client: Client, body: string): Promise<number> => {
      const headers = { 'content-type': 'text/csv' }
      const request = { method: 'POST', path: '/endpoints/e/invocations', body, headers } as const
      const answer = await client.request(request)
      await answer.body.dump()
      return answer.statusCode
    }
    // Every connection has been taken before the server closes; what nobody took yet is refused.
    await Promise.all(clients.map((client) => ask(client, ROW)))
    const underWay = clients.map((client) => ask(client, `${ROW}\n`.repeat(10_000)))
    expect(await Promise.race(underWay)).toBe(200)
    await other.close()
    expect(await Promise.all(underWay)).toEqual(clients.map(() => 200))
    await expect(fetch(other.url)).rejects.toThrow(/fetch failed/)
    await Promise.all(clients.map((client) => client.close()))
  })
  it('cuts off no client that asks again and again over one connection when it is closed', async () => {
    const other = await serveHost(host, { hostname: '127.0.0.1', port: 0, allowControl: false })
    const { runtime, control } = sdkClients(other.url)
    const answers: number[] = []
    const failures: unknown[] = []
    const ask = async (): Promise<void> => {
      for (;;)
        try {
          const command = new InvokeEndpointCommand({ EndpointName: 'e', Body: ROW, ContentType: 'text/csv' })
          answers.push((await runtime.send(command)).$metadata.httpStatusCode ?? 0)
        } catch (error) {
          failures.push((error as NodeJS.ErrnoException).code)
          return
        }
    }
    const clients = Array.from({ length: 8 }, ask)
    while (answers.length < 100) await new Promise((resolve) => setTimeout(resolve, 1))
    await other.close()
    await Promise.all(clients)
    expect(new Set(answers)).toEqual(new Set([200]))
    // Each heard of it by its next connection, which nobody took.
    expect(failures).toEqual(failures.map(() => 'ECONNREFUSED'))
    runtime.destroy()
    control.destroy()
  })
})
