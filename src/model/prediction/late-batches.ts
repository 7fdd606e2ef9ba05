import { BATCH_SECONDS, dsRange, HOUR_SECONDS, parseDt, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { batchTraces, clearTraces, pendingSlots, readPending } from './batch-files.ts'
import { finishBatch } from './finish-batch.ts'
import type { BatchResult } from './batch-result.ts'

/** Partial batches are looked for this far back; older ones wait for `predict --slot`. */
const LOOK_BACK_SECONDS = 6 * HOUR_SECONDS

interface LateOptions {
  readonly endpoint: string
  readonly city: string
  readonly slot: EpochSeconds
  readonly now: EpochSeconds
  readonly namespace: string
}

/**
 * Ends the endpoint's partial batches whose time is over: what they have is written, with the heartbeat it deserves. Gives
 * those that had something to write; of a batch without any answer its first call told.
 */
export async function endLateBatches(
  platform: Pick<Platform, 'store' | 'warehouse' | 'metrics'>,
  { endpoint, city, slot: current, now, namespace }: LateOptions,
): Promise<BatchResult[]> {
  const ended: BatchResult[] = []
  const days = dsRange(current - LOOK_BACK_SECONDS, current)
  for (const slot of await pendingSlots(platform.store, endpoint, city, days, parseDt)) {
    if (slot >= current || now < slot + BATCH_SECONDS) continue
    const batch = { endpoint, city, slot }
    if ((await batchTraces(platform.store, batch)).done) {
      await clearTraces(platform.store, batch)
      continue
    }
    const pending = await readPending(platform.store, batch)
    if (!pending) continue
    const { predictions, stations, reason } = pending
    const heartbeat = await finishBatch(platform, batch, namespace, {
      predictions,
      stations,
      live: true,
      mayHaveHeartbeat: true,
    })
    if (predictions.length === 0) continue
    ended.push({
      endpoint,
      slot,
      outcome: 'incomplete',
      stations,
      predictions: predictions.length,
      requests: 0,
      heartbeat,
      reason: `${predictions.length} of ${stations} predictions, ${reason}`,
    })
  }
  return ended
}
