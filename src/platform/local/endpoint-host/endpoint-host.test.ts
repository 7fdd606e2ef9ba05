import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { datapoints } from '../../../../test/support/metric-datapoints.ts'
import { seededRandom } from '../../../core/seeded-random.ts'
import { libraryPath, stumpModel } from '../../../../test/support/stump-model.ts'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import { packModel } from '../../../core/model-archive.ts'
import { startScorerThread } from '../../engines/xgboost/scorer-thread.ts'
import { openScorer, type XgboostScorer } from '../../engines/xgboost/scorer.ts'
import type { Statistic } from '../../../core/contracts/cloudwatch.ts'
import type { EndpointHost, InvokeInput, ObjectStore } from '../../ports.ts'
import { openDirectoryStore } from '../directory-store.ts'
import { openMetricStore } from '../metric-store/metric-store.ts'
import { openEndpointHost, type EndpointHostOptions, type LocalEndpointHost } from './endpoint-host.ts'

const NOW = 1_715_700_000
const ROW = `0.9${','.repeat(24)}`
const shared = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => shared.close())

function hostOn(
  store: ObjectStore,
  scorer: XgboostScorer = shared,
  refreshMs = 0,
  more: Partial<EndpointHostOptions> = {},
): LocalEndpointHost {
  return openEndpointHost({
    store,
    libraryPath: libraryPath(),
    scorer,
    clock: () => NOW,
    elapsedMs: () => 0,
    random: seededRandom(3),
    refreshMs,
    ...more,
  })
}

async function lakeWithModels(): Promise<ObjectStore> {
  const store = openDirectoryStore(await tempDir())
  await store.put('models/a.tar.gz', await packModel(stumpModel({ low: 0.1, high: 0.9 })))
  await store.put('models/b.tar.gz', await packModel(stumpModel({ low: 0.2, high: 0.8 })))
  return store
}

async function prepare(host: EndpointHost, name: string, sampling?: number): Promise<void> {
  await host.createModel({ ModelName: name, PrimaryContainer: { ModelDataUrl: `models/${name}.tar.gz` } })
  await host.createEndpointConfig({
    EndpointConfigName: name,
    ProductionVariants: [
      {
        VariantName: 'AllTraffic',
        ModelName: name,
        InitialVariantWeight: 1,
        InitialInstanceCount: 1,
        InstanceType: 'ml.m5.large',
      },
    ],
    ...(sampling !== undefined && {
      DataCaptureConfig: { EnableCapture: true, InitialSamplingPercentage: sampling },
    }),
  })
}

async function inService(host: EndpointHost): Promise<void> {
  for (let look = 0; look < 20_000; look++)
    if ((await host.describeEndpoint('e'))?.EndpointStatus === 'InService') return
  throw new Error('never in service')
}

async function serving(store: ObjectStore, scorer = shared, sampling?: number): Promise<EndpointHost> {
  const host = hostOn(store, scorer)
  onTestFinished(() => host.close())
  await prepare(host, 'a', sampling)
  await host.createEndpoint({ EndpointName: 'e', EndpointConfigName: 'a' })
  await inService(host)
  return host
}

async function ask(host: EndpointHost, more: { InferenceId?: string } = {}): Promise<string> {
  const output = await host.invokeEndpoint({ EndpointName: 'e', Body: ROW, ContentType: 'text/csv', ...more })
  return Buffer.from(output.Body).toString()
}

async function captureLines(store: ObjectStore): Promise<number> {
  let lines = 0
  for await (const { key } of store.list('datacapture/'))
    lines +=
      Buffer.from((await store.get(key))?.body ?? [])
        .toString()
        .split('\n').length - 1
  return lines
}

describe('the local endpoint host', () => {
  it('captures the share of requests that the configuration asks for', async () => {
    const store = await lakeWithModels()
    const host = await serving(store, shared, 30)
    for (let i = 0; i < 400; i++) await ask(host, { InferenceId: `id-${i}` })
    await host.close()
    const share = (await captureLines(store)) / 400
    expect(share).toBeGreaterThan(0.22)
    expect(share).toBeLessThan(0.38)
  })

  it('captures nothing where capture is off', async () => {
    const store = await lakeWithModels()
    const host = await serving(store)
    await ask(host)
    await host.close()
    expect(await captureLines(store)).toBe(0)
  })

  it('counts every request on its variant, those that no model saw too', async () => {
    const store = await lakeWithModels()
    const metrics = openMetricStore({ store })
    let elapsed = 0
    const host = hostOn(store, shared, 0, { metrics, elapsedMs: () => elapsed++ })
    onTestFinished(() => host.close())
    await prepare(host, 'a')
    await host.createEndpoint({ EndpointName: 'e', EndpointConfigName: 'a' })
    await inService(host)
    const read = async (MetricName: string, stat: Statistic = 'Sum') => {
      const Dimensions = { EndpointName: 'e', VariantName: 'AllTraffic' }
      const metric = { Namespace: 'AWS/SageMaker', MetricName, Dimensions }
      const [found] = await datapoints(metrics, metric, { from: NOW - 60, to: NOW + 60, stat })
      return found?.[1]
    }
    const invoke = (more: Partial<InvokeInput>) =>
      host.invokeEndpoint({ EndpointName: 'e', Body: ROW, ContentType: 'text/csv', ...more }).catch(() => {})

    await invoke({})
    await invoke({ Body: '1,2' })
    await host.flush()
    // The clock moves by a millisecond each time it is read: before and after the model, and at both ends.
    expect(await read('ModelLatency', 'Average')).toBe(1000)
    expect(await read('OverheadLatency', 'Average')).toBe(2000)
    await invoke({ InferenceId: '' })
    await invoke({ TargetVariant: 'Nobody' })
    await host.countRefusal('e')
    await invoke({ EndpointName: 'no such' })
    await invoke({ EndpointName: 'none' })
    await store.delete('models/a.tar.gz')
    const other = hostOn(store, shared, 0, { metrics, random: seededRandom(4) })
    onTestFinished(() => other.close())
    await expect(other.invokeEndpoint({ EndpointName: 'e', Body: ROW })).rejects.toMatchObject({
      status: 503,
    })
    await Promise.all([host.flush(), other.flush()])
    expect(await read('Invocations')).toBe(6)
    expect(await read('Invocation4XXErrors')).toBe(4)
    expect(await read('Invocation5XXErrors')).toBe(1)
    expect(await read('ModelLatency', 'SampleCount')).toBe(2)
    expect(await metrics.listMetrics({ Namespace: 'AWS/SageMaker' })).toHaveLength(5)
  })

  it('answers what is under way when it closes, and refuses what comes after', async () => {
    const host = await serving(await lakeWithModels())
    const underWay = Array.from({ length: 50 }, () => ask(host))
    const closed = host.close()
    await expect(ask(host)).rejects.toThrow(
      expect.objectContaining({ name: 'ServiceUnavailable', status: 503 }),
    )
    await closed
    expect(await Promise.all(underWay)).toEqual(Array.from({ length: 50 }, () => '0.899999976'))
  })

  it('answers on when its scoring thread dies', async () => {
    const threads: ReturnType<typeof startScorerThread>[] = []
    const scorer = openScorer({
      libraryPath: libraryPath(),
      threads: 1,
      startThread: (start) => {
        const thread = startScorerThread(start)
        threads.push(thread)
        return thread
      },
    })
    onTestFinished(() => scorer.close())
    const host = await serving(await lakeWithModels(), scorer)
    const answers = Array.from({ length: 20 }, () => ask(host))
    await threads[0]?.terminate()
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 20 }, () => '0.899999976'))
    expect(await ask(host)).toBe('0.899999976')
    expect(threads.length).toBeGreaterThan(1)
  })

  it('finishes what another process began and did not live to finish', async () => {
    const store = await lakeWithModels()
    const first = await serving(store)
    await prepare(first, 'b')
    await first.updateEndpoint({ EndpointName: 'e', EndpointConfigName: 'b' })
    await first.close()
    const second = hostOn(store)
    onTestFinished(() => second.close())
    await inService(second)
    expect((await second.describeEndpoint('e'))?.EndpointConfigName).toBe('b')
    expect(await ask(second)).toBe('0.800000012')
  })

  it('serves what another process has made, and stops when that deletes it', async () => {
    const store = await lakeWithModels()
    const first = await serving(store)
    const second = hostOn(store)
    onTestFinished(() => second.close())
    expect(await ask(second)).toBe('0.899999976')
    await prepare(first, 'b')
    await first.updateEndpoint({ EndpointName: 'e', EndpointConfigName: 'b' })
    await inService(first)
    expect(await ask(second)).toBe('0.800000012')
    await first.deleteEndpoint('e')
    await expect(ask(second)).rejects.toThrow(/not found/)
  })

  it('serves at once what it has changed itself, however long a look at the state is good for', async () => {
    const store = await lakeWithModels()
    const host = hostOn(store, shared, 3_600_000)
    onTestFinished(() => host.close())
    await prepare(host, 'a')
    await prepare(host, 'b')
    await host.createEndpoint({ EndpointName: 'e', EndpointConfigName: 'a' })
    await inService(host)
    expect(await ask(host)).toBe('0.899999976')
    await host.updateEndpoint({ EndpointName: 'e', EndpointConfigName: 'b' })
    await inService(host)
    expect(await ask(host)).toBe('0.800000012')
    await host.deleteEndpoint('e')
    await expect(ask(host)).rejects.toThrow(/not found/)
  })

  it('refuses a second change while one is under way', async () => {
    const store = await lakeWithModels()
    const host = await serving(store)
    await prepare(host, 'b')
    const update = { EndpointName: 'e', EndpointConfigName: 'b' }
    const outcomes = await Promise.allSettled([
      host.updateEndpoint(update),
      host.updateEndpoint(update),
      host.deleteEndpoint('none'),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    const refused = outcomes.slice(0, 2).find(({ status }) => status === 'rejected')
    expect(refused).toMatchObject({
      reason: { name: 'ValidationException', message: expect.stringMatching(/Cannot update in-progress/) },
    })
  })

  it('goes on serving a model whose entry was deleted', async () => {
    const store = await lakeWithModels()
    const host = await serving(store)
    await host.deleteModel('a')
    const other = hostOn(store)
    onTestFinished(() => other.close())
    expect(await ask(other)).toBe('0.899999976')
  })

  it('says that its record is damaged, and where', async () => {
    const store = await lakeWithModels()
    const host = await serving(store)
    await store.put('host/endpoints/e.json', '{"EndpointName":')
    await expect(host.describeEndpoint('e')).rejects.toThrow(
      expect.objectContaining({ code: 'CORRUPT', message: expect.stringContaining('host/endpoints/e.json') }),
    )
  })
})
