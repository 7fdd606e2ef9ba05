import { setTimeout as sleep } from 'node:timers/promises'
import type { Prediction } from '../../core/contracts/prediction.ts'
import type { Reporter } from '../../core/report.ts'
import { BATCH_SECONDS, isoOf, type EpochSeconds } from '../../core/time.ts'
import { onlineFeatures, type OnlineFeatures } from '../../data/features/online.ts'
import type { Platform } from '../../platform/ports.ts'
import type { Wait } from './ask-endpoint.ts'
import { batchTraces, clearTraces, readPending, writePending, type BatchTraces } from './batch-files.ts'
import type { BatchResult } from './batch-result.ts'
import { agreedDeployment, dueEndpoints, type DueEndpoint } from './due-endpoints.ts'
import { featureTexts, type FeatureTexts } from './feature-text.ts'
import { finishBatch } from './finish-batch.ts'
import { endLateBatches } from './late-batches.ts'
import { dueRows, scoreStations, type RoundResult } from './score-stations.ts'
import { batchSeed } from './shuffle.ts'

/** What a stage needs of the platform to predict. */
export type PredictionPlatform = Pick<Platform, 'store' | 'warehouse' | 'endpoints' | 'metrics'>

export interface PredictOptions {
  readonly city: string
  readonly timezone: string
  readonly country: string | null
  /** A 10-minute slot. */
  readonly slot: EpochSeconds
  readonly now: EpochSeconds
  /** Only these; otherwise every endpoint in service for the city. */
  readonly endpoints?: readonly string[]
  /** Of the metrics. */
  readonly namespace?: string
  readonly report: Reporter
  /** Of the shuffle; otherwise a hash of endpoint and slot. */
  readonly seed?: number
  /** Between tries. */
  readonly wait?: Wait
}

/**
 * Predicts one slot by every endpoint that serves the city. The features are computed once. A batch that cannot be had
 * whole is kept as it is and finished by the next call; once its 10 minutes are over, what is there is written. A batch is
 * written once: what is written is never changed. Predictions made later than that are marked `backfilled`.
 */
export async function predictBatch(
  platform: PredictionPlatform,
  options: PredictOptions,
): Promise<BatchResult[]> {
  const { store } = platform
  const { city, slot } = options
  const { due, skipped } = await dueEndpoints(platform, city, options.endpoints)
  const batches = await Promise.all(
    due.map(async (endpoint) => ({
      endpoint,
      traces: await batchTraces(store, { endpoint: endpoint.name, city, slot }),
    })),
  )
  const context = batches.some(({ traces }) => !traces.done) ? await prepare(platform, options) : undefined
  const results = await Promise.all(
    batches.map(({ endpoint, traces }) =>
      traces.done || !context
        ? alreadyDone(platform, endpoint.name, options, traces)
        : predictOne(platform, endpoint, options, context, traces),
    ),
  )
  const ended = []
  for (const { name } of due)
    ended.push(
      ...(await endLateBatches(platform, { ...options, endpoint: name, namespace: namespaceOf(options) })),
    )
  warnTogether(options.report, results)
  warnTogether(options.report, ended)
  const nothing = {
    slot,
    outcome: 'skipped',
    stations: 0,
    predictions: 0,
    requests: 0,
    heartbeat: null,
  } as const
  return [...results, ...skipped.map(({ name, reason }) => ({ ...nothing, endpoint: name, reason }))]
}

/** One line for the endpoints whose batch of a slot came to the same for the same reason. */
function warnTogether(report: Reporter, results: readonly BatchResult[]): void {
  const alike = new Map<string, string[]>()
  for (const { endpoint, slot, outcome, reason } of results) {
    if (reason === undefined) continue
    const what = `batch ${isoOf(slot)} is ${outcome}: ${reason}`
    alike.set(what, [...(alike.get(what) ?? []), endpoint])
  }
  for (const [what, endpoints] of alike) report.warn(`${what} (${endpoints.join(', ')})`)
}

interface BatchContext {
  readonly features: OnlineFeatures
  readonly texts: FeatureTexts
}

async function prepare(platform: PredictionPlatform, options: PredictOptions): Promise<BatchContext> {
  const features = await onlineFeatures(platform, options)
  return { features, texts: featureTexts(features.features) }
}

const namespaceOf = (options: PredictOptions): string => options.namespace ?? 'Bikeshare/Model'

async function alreadyDone(
  platform: PredictionPlatform,
  endpoint: string,
  { city, slot }: PredictOptions,
  traces: BatchTraces,
): Promise<BatchResult> {
  if (traces.pending || traces.unpublished) await clearTraces(platform.store, { endpoint, city, slot })
  return {
    endpoint,
    slot,
    outcome: 'already_done',
    stations: 0,
    predictions: 0,
    requests: 0,
    heartbeat: null,
  }
}

async function predictOne(
  platform: PredictionPlatform,
  endpoint: DueEndpoint,
  options: PredictOptions,
  context: BatchContext,
  traces: BatchTraces,
): Promise<BatchResult> {
  const { city, slot, now } = options
  const batch = { endpoint: endpoint.name, city, slot }
  const pending = traces.pending ? await readPending(platform.store, batch) : undefined
  const before = pending?.predictions ?? []
  const round = pending?.rounds ?? 0
  const made = await scoreAsDeployed(platform, endpoint, options, context, before, round)

  const predictions = [...before, ...made.predictions]
  const have = new Set(predictions.map(({ station_id }) => station_id))
  const { stationIds } = context.features
  const missing = dueRows(endpoint.deployment, context.features).filter(
    (row) => !have.has(stationIds[row] ?? ''),
  ).length
  const stations = predictions.length + missing
  const reason =
    made.failure ??
    (stations === 0 ? `no station that is in use has a known state at ${isoOf(slot)}` : undefined)
  const result = {
    endpoint: endpoint.name,
    slot,
    stations,
    predictions: predictions.length,
    requests: made.requests,
    ...(reason !== undefined && { reason }),
  }
  if ((missing > 0 || stations === 0) && now < slot + BATCH_SECONDS) {
    await writePending(platform.store, batch, {
      rounds: round + 1,
      stations,
      reason: reason ?? '',
      predictions: [...predictions],
    })
    return { ...result, outcome: 'pending', heartbeat: null }
  }
  const heartbeat = await finishBatch(platform, batch, namespaceOf(options), {
    predictions,
    stations,
    live: traces.pending || now <= slot + BATCH_SECONDS,
    mayHaveHeartbeat: traces.pending || traces.unpublished,
  })
  return { ...result, outcome: missing > 0 || stations === 0 ? 'incomplete' : 'done', heartbeat }
}

/**
 * Scores by what the deployment record says, which must be what serves before and after: were another model rolled out
 * under the same variant meanwhile, nobody could tell whose scores these are. Such a round is made once more.
 */
async function scoreAsDeployed(
  platform: PredictionPlatform,
  endpoint: DueEndpoint,
  options: PredictOptions,
  { features, texts }: BatchContext,
  before: readonly Prediction[],
  round: number,
): Promise<RoundResult> {
  const { slot, now } = options
  const have = new Set(before.map((prediction) => prediction.station_id))
  let requests = 0
  for (let attempt = 0; attempt < 2; attempt++) {
    const deployment = await agreedDeployment(platform, endpoint.name)
    if (!deployment) continue
    const made = await scoreStations(
      platform.endpoints,
      {
        deployment,
        features,
        texts,
        have,
        seed: options.seed ?? batchSeed(endpoint.name, slot),
        round,
        now,
        backfilled: now > slot + BATCH_SECONDS,
      },
      options.wait ?? sleep,
    )
    requests += made.requests
    const after = await agreedDeployment(platform, endpoint.name)
    if (after?.endpoint_config === deployment.endpoint_config) return { ...made, requests }
  }
  return { predictions: [], requests, failure: 'what it serves is not what its deployment record says' }
}
