import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { packModel } from '../../src/core/model-archive.ts'
import { loadBooster } from '../../src/platform/engines/xgboost/booster.ts'
import { openXgboost, type Handle } from '../../src/platform/engines/xgboost/capi.ts'
import { findXgboostLibrary } from '../../src/platform/engines/xgboost/library.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { peakRssMb, type BenchContext, type Measurement } from '../harness/bench.ts'
import { readModel } from '../harness/model.ts'
import { latencies } from '../harness/percentile.ts'
import { config, openPlatform } from '../harness/platform.ts'
import type { Load, LoadResult } from './endpoint-client.ts'

const ENDPOINT = 'bench'
/** Rows of a request, as the prediction sends them. */
const MANY = 100
const CONNECTIONS = 8
const WARM_UP = 200
const REQUESTS = { one: 4000, many: 2000, throughput: 3000 }

/**
 * An endpoint over HTTP, its client in another process, every request captured as by default. Latency on one connection with
 * 1 and with 100 rows a request; throughput on several. Against the library called directly on the same requests.
 */
export async function benchEndpoint({ folder, inputs }: BenchContext): Promise<Measurement> {
  const { model, features, rows } = await readModel(inputs)
  const lake = await openPlatform(join(folder, 'lake'))
  await deploy(lake, model)
  const served = await lake.serveEndpoints({ hostname: '127.0.0.1', port: 0, allowControl: false })
  const client = fork(fileURLToPath(new URL('./endpoint-client.ts', import.meta.url)))
  const single = bodiesOf(features, rows, 1)
  const hundred = bodiesOf(features, rows, MANY)
  const load = (bodies: readonly string[], connections: number, requests: number): Promise<LoadResult> =>
    ask(client, {
      origin: served.url,
      path: `/endpoints/${ENDPOINT}/invocations`,
      bodies,
      connections,
      requests,
    })

  await load(single, 1, WARM_UP)
  const one = await load(single, 1, REQUESTS.one)
  await load(hundred, 1, WARM_UP)
  const many = await load(hundred, 1, REQUESTS.many)
  const oneAtOnce = await load(single, CONNECTIONS, REQUESTS.throughput)
  const manyAtOnce = await load(hundred, CONNECTIONS, REQUESTS.throughput)
  const peak_rss_mb = peakRssMb()
  client.disconnect()
  await served.close()
  await lake.close()

  const direct = openDirect(model, features, rows)
  const directOne = direct.seconds(1, REQUESTS.throughput)
  const directMany = direct.seconds(MANY, REQUESTS.throughput)
  return {
    rows: REQUESTS.throughput * MANY,
    row_unit: `rows, ${MANY} a request, ${CONNECTIONS} connections`,
    seconds: manyAtOnce.seconds,
    peak_rss_mb,
    baseline: 'the library called directly, request by request, by one thread or two, whichever is faster',
    baseline_seconds: directMany,
    figures: {
      trees: direct.trees,
      ...latencies(one.latencies, '_1_row'),
      ...latencies(many.latencies, '_100_rows'),
      requests_per_second_1_row: REQUESTS.throughput / oneAtOnce.seconds,
      requests_per_second_100_rows: REQUESTS.throughput / manyAtOnce.seconds,
      throughput_share_1_row: directOne / oneAtOnce.seconds,
      throughput_share_100_rows: directMany / manyAtOnce.seconds,
      max_score_difference: direct.difference(MANY, many.firstAnswer),
    },
  }
}

/** Puts the model on an endpoint that captures every request, as one does by default. */
async function deploy({ store, endpoints }: Platform, model: Uint8Array): Promise<void> {
  const key = 'models/bench/model.tar.gz'
  await store.put(key, await packModel(model))
  await endpoints.createModel({ ModelName: ENDPOINT, PrimaryContainer: { ModelDataUrl: key } })
  await endpoints.createEndpointConfig({
    EndpointConfigName: ENDPOINT,
    ProductionVariants: [
      {
        VariantName: 'AllTraffic',
        ModelName: ENDPOINT,
        InitialVariantWeight: 1,
        InitialInstanceCount: 1,
        InstanceType: 'ml.m5.large',
      },
    ],
    DataCaptureConfig: { EnableCapture: true, InitialSamplingPercentage: 100 },
  })
  await endpoints.createEndpoint({ EndpointName: ENDPOINT, EndpointConfigName: ENDPOINT })
  while ((await endpoints.describeEndpoint(ENDPOINT))?.EndpointStatus === 'Creating')
    await new Promise((resolve) => setTimeout(resolve, 20))
}

/** The rows as CSV bodies of `size` rows each; a missing value is an empty field. */
function bodiesOf(features: Float32Array, rows: number, size: number): string[] {
  const width = FEATURE_NAMES.length
  const line = (row: number): string =>
    Array.from(features.subarray(row * width, (row + 1) * width), (v) =>
      Number.isNaN(v) ? '' : String(v),
    ).join(',')
  return Array.from({ length: Math.floor(rows / size) }, (_, body) =>
    Array.from({ length: size }, (_, i) => line(body * size + i)).join('\n'),
  )
}

async function ask(client: ChildProcess, load: Load): Promise<LoadResult> {
  const answered = once(client, 'message')
  const died = once(client, 'exit').then(() => {
    throw new Error('the client of the endpoint ended')
  })
  client.send(load)
  const [result] = (await Promise.race([answered, died])) as [LoadResult]
  return result
}

/** The library in this thread, its input where it lies: as little as a server could do for each request. */
function openDirect(model: Uint8Array, features: Float32Array, rows: number) {
  const width = FEATURE_NAMES.length
  const { path } = findXgboostLibrary({ env: process.env, home: homedir() })
  const api = openXgboost(path)
  const scores = new Float32Array(MANY)
  const open = (threads: number): Handle => {
    const booster = api.createBooster([])
    api.load(booster, model)
    api.setParam(booster, 'nthread', String(threads))
    return booster
  }
  const boosters = [open(1), open(config.limits.threads)]
  const score = (booster: Handle, request: number, size: number): void => {
    const from = ((request * size) % (rows - (rows % size))) * width
    api.predictDense(booster, api.addressOf(features.subarray(from)), size, width, scores)
  }
  return {
    trees: loadBooster(api, model, 1).rounds,
    /** By one thread or by several, whichever takes less time. */
    seconds(size: number, requests: number): number {
      const taken = boosters.map((booster) => {
        for (let i = 0; i < WARM_UP; i++) score(booster, i, size)
        const started = performance.now()
        for (let i = 0; i < requests; i++) score(booster, i, size)
        return (performance.now() - started) / 1000
      })
      return Math.min(...taken)
    },
    /** Greatest difference between the scores of the first request and what the endpoint answered to it. */
    difference(size: number, answer: string): number {
      for (const booster of boosters) score(booster, 0, size)
      const answers = answer.split('\n').map(Number)
      return Math.max(...answers.map((value, i) => Math.abs(Math.fround(value) - (scores[i] ?? Number.NaN))))
    },
  }
}
