import { setTimeout as sleep } from 'node:timers/promises'
import type { Prediction } from '../../core/contracts/prediction.ts'
import type { Reporter } from '../../core/report.ts'
import { BATCH_SECONDS, isoOf, type EpochSeconds } from '../../core/time.ts'
import { onlineFeatures, type OnlineFeatures } from '../../data/features/online.ts'
import type { Platform } from '../../platform/ports.ts'
import type { Wait } from './ask-endpoint.ts'
import {
  batchTraces,
  clearTraces,
  readPending,
  writePending,
  type BatchName,
  type BatchTraces,
} from './batch-files.ts'
import type { BatchResult } from './batch-result.ts'
import { agreedDeployment, dueEndpoints, type DueEndpoint } from './due-endpoints.ts'
import { featureTexts, type FeatureTexts } from './feature-text.ts'
import { finishBatch } from './finish-batch.ts'
import { putInvalid } from './invalid-answers.ts'
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
  const scored = await Promise.all(
    batches.map(async ({ endpoint, traces }) =>
      traces.done || !context ? undefined : scoreOne(platform, endpoint, options, context, traces),
    ),
  )
  // What a published batch was asked and answered is on the disk by then, with the metrics of it.
  if (scored.some((batch) => batch !== undefined)) await platform.endpoints.flush()
  const results = await Promise.all(
    batches.map(({ endpoint, traces }, i) => {
      const batch = scored[i]
      return batch ? endOne(platform, options, batch) : alreadyDone(platform, endpoint.name, options, traces)
    }),
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

/** The batch of one endpoint after a round of requests. */
interface ScoredBatch {
  readonly name: BatchName
  readonly traces: BatchTraces
  readonly predictions: readonly Prediction[]
  /** Stations that are due and have none. */
  readonly missing: number
  readonly requests: number
  /** Rounds so far, with this one. */
  readonly rounds: number
  readonly reason: string | undefined
}

async function scoreOne(
  platform: PredictionPlatform,
  endpoint: DueEndpoint,
  options: PredictOptions,
  context: BatchContext,
  traces: BatchTraces,
): Promise<ScoredBatch> {
  const { city, slot } = options
  const batch = { endpoint: endpoint.name, city, slot }
  const pending = traces.pending ? await readPending(platform.store, batch) : undefined
  const before = pending?.predictions ?? []
  const round = pending?.rounds ?? 0
  const made = await scoreAsDeployed(platform, endpoint, options, context, before, round)
  await putInvalid(platform.metrics, { ...batch, namespace: namespaceOf(options) }, made.unusable)

  const predictions = [...before, ...made.predictions]
  const have = new Set(predictions.map(({ station_id }) => station_id))
  const { stationIds } = context.features
  const missing = dueRows(endpoint.deployment, context.features).filter(
    (row) => !have.has(stationIds[row] ?? ''),
  ).length
  const noStation = predictions.length + missing === 0
  return {
    name: batch,
    traces,
    predictions,
    missing,
    requests: made.requests,
    rounds: round + 1,
    reason:
      made.failure ??
      (noStation ? `no station that is in use has a known state at ${isoOf(slot)}` : undefined),
  }
}

/** Writes a batch that is whole, or whose time is over; keeps any other for the next call. */
async function endOne(
  platform: PredictionPlatform,
  options: PredictOptions,
  scored: ScoredBatch,
): Promise<BatchResult> {
  const { name: batch, traces, predictions, missing, rounds, reason } = scored
  const { slot, now } = options
  const stations = predictions.length + missing
  const result = {
    endpoint: batch.endpoint,
    slot,
    stations,
    predictions: predictions.length,
    requests: scored.requests,
    ...(reason !== undefined && { reason }),
  }
  if ((missing > 0 || stations === 0) && now < slot + BATCH_SECONDS) {
    await writePending(platform.store, batch, {
      rounds,
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
  const failure = 'what it serves is not what its deployment record says'
  return { predictions: [], requests, unusable: [], failure }
}
