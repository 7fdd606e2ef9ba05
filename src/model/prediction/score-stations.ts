import { TARGET_COLUMNS } from '../../core/contracts/features.ts'
import type { Deployment } from '../../core/contracts/deployment.ts'
import type { Prediction } from '../../core/contracts/prediction.ts'
import { sha256 } from '../../core/hash.ts'
import { dtOf, isoOf, type EpochSeconds } from '../../core/time.ts'
import type { OnlineFeatures } from '../../data/features/online.ts'
import type { EndpointHost } from '../../platform/ports.ts'
import { askEndpoint, type Wait } from './ask-endpoint.ts'
import type { FeatureTexts } from './feature-text.ts'
import { evenParts, shuffled } from './shuffle.ts'

/** SageMaker takes 6 MB; smaller requests let variant weights split a city, and lose less when one fails. */
const STATIONS_A_REQUEST = 100
/**
 * Requests of a batch, at least, while variants share the traffic: each goes to one of them, and only a batch that both
 * have rows of tells them apart.
 */
const SPLIT_REQUESTS = 20
/** Requests to one endpoint under way at once. */
const AT_ONCE = 4

/** One round of requests for a batch. */
export interface Round {
  readonly deployment: Deployment
  readonly features: OnlineFeatures
  readonly texts: FeatureTexts
  /** Stations that have their prediction already. */
  readonly have: ReadonlySet<string>
  readonly seed: number
  /** 0, or the number of rounds before. */
  readonly round: number
  readonly now: EpochSeconds
  readonly backfilled: boolean
}

export interface RoundResult {
  readonly predictions: readonly Prediction[]
  readonly requests: number
  /** Variants that answered with something that is no score. */
  readonly unusable: readonly string[]
  /** Why some stations have none. */
  readonly failure: string | undefined
}

/** Rows of the stations that can run out at all: a ghost (not installed, not renting or returning) is not predicted. */
export function dueRows(deployment: Deployment, features: OnlineFeatures): number[] {
  const usable = deployment.target === 'bikes' ? features.usableBikes : features.usableDocks
  return features.stationIds.flatMap((_, row) => (usable[row] ? [row] : []))
}

/** Asks for the stations that are due and have no prediction yet, in shuffled requests of about 100. */
export async function scoreStations(endpoints: EndpointHost, round: Round, wait: Wait): Promise<RoundResult> {
  const { deployment, features, have } = round
  const order = shuffled(dueRows(deployment, features), round.seed)
  const missing = order.filter((row) => !have.has(features.stationIds[row] ?? ''))
  const parts = evenParts(missing, requestSize(deployment, missing.length))
  const predictions: Prediction[] = []
  const failures: string[] = []
  const unusable = new Set<string>()

  const ask = async (rows: readonly number[], part: number): Promise<void> => {
    const inferenceId = inferenceIdOf(deployment.endpoint, features.slot, round.round, part)
    const lines = rows.map((row) => round.texts.line(row))
    const answer = await askEndpoint(endpoints, { endpoint: deployment.endpoint, lines, inferenceId }, wait)
    if ('reason' in answer) {
      failures.push(answer.reason)
      if (answer.variant !== undefined) unusable.add(answer.variant)
      return
    }
    const variant = deployment.variants.find(({ variant: name }) => name === answer.variant)
    if (!variant) {
      failures.push(`variant ${answer.variant} answered, which the deployment record does not know`)
      return
    }
    for (const [i, row] of rows.entries()) {
      const score = answer.scores[i] ?? Number.NaN
      predictions.push({
        city: deployment.city,
        endpoint: deployment.endpoint,
        target: deployment.target,
        slot: features.slot,
        dt: dtOf(features.slot),
        station_id: features.stationIds[row] ?? '',
        count_now: features[TARGET_COLUMNS[deployment.target].count][row] ?? 0,
        score,
        threshold: variant.threshold,
        stockout: score >= variant.threshold,
        variant: variant.variant,
        model_version: variant.model_version,
        features_hash: round.texts.hash(row),
        inference_id: inferenceId,
        shuffle_seed: round.seed,
        made_at: round.now,
        backfilled: round.backfilled,
      })
    }
  }

  const queue = [...parts.entries()]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await ask(next[1], next[0])
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const failure = failures[0]
  return {
    predictions,
    requests: parts.length,
    unusable: [...unusable],
    failure:
      failure === undefined
        ? undefined
        : `${failures.length} of ${parts.length} requests failed; the first: ${failure}`,
  }
}

/** Most stations of one request. */
function requestSize({ variants }: Deployment, stations: number): number {
  const shared = variants.filter(({ weight }) => weight > 0).length > 1
  return shared ? Math.min(STATIONS_A_REQUEST, Math.ceil(stations / SPLIT_REQUESTS)) : STATIONS_A_REQUEST
}

/** Unique to a request of a batch, and the same when the batch is made again: `1a2b3c4d-20230403T001000Z-0-07`. */
function inferenceIdOf(endpoint: string, slot: EpochSeconds, round: number, part: number): string {
  const time = isoOf(slot).replaceAll(/[-:]/g, '')
  return `${sha256(endpoint).slice(0, 8)}-${time}-${round}-${String(part).padStart(2, '0')}`
}
