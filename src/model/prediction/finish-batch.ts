import type { Prediction } from '../../core/contracts/prediction.ts'
import type { Platform } from '../../platform/ports.ts'
import { dropPending, publishPredictions, stagePredictions, type BatchName } from './batch-files.ts'
import { hasHeartbeat, heartbeatOf, putHeartbeat } from './heartbeat.ts'

/** A batch that gets no more predictions. */
export interface EndedBatch {
  readonly predictions: readonly Prediction[]
  /** Stations that were due. */
  readonly stations: number
  /** False for a batch that was begun too late to count in any live metric. */
  readonly live: boolean
  /** An earlier run may have put the heartbeat before it was killed. */
  readonly mayHaveHeartbeat: boolean
}

/**
 * Writes what a batch has, once, with its heartbeat: the predictions are staged, the heartbeat is put, the predictions are
 * published. Killed in between, the next run finds the staged file, and puts no second heartbeat.
 */
export async function finishBatch(
  platform: Pick<Platform, 'store' | 'warehouse' | 'metrics'>,
  batch: BatchName,
  namespace: string,
  { predictions, stations, live, mayHaveHeartbeat }: EndedBatch,
): Promise<0 | 1 | null> {
  const inTime = predictions.filter((prediction) => !prediction.backfilled).length
  const heartbeat = live ? heartbeatOf(inTime, stations) : null
  const series = { namespace, endpoint: batch.endpoint, city: batch.city }
  if (predictions.length > 0) await stagePredictions(platform, batch, predictions)
  if (heartbeat !== null && !(mayHaveHeartbeat && (await hasHeartbeat(platform.metrics, series, batch.slot))))
    await putHeartbeat(platform.metrics, series, batch.slot, heartbeat)
  if (predictions.length > 0) await publishPredictions(platform.store, batch)
  else await dropPending(platform.store, batch)
  return heartbeat
}
