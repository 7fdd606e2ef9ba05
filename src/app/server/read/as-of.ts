import type { AsOf } from '../../../core/contracts/api/common.ts'
import { STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { newestBatch } from './batches.ts'
import { newestSnapshotTime } from './snapshot-times.ts'

/** A batch that is older is no longer live, in seconds. */
const BATCH_MAX_AGE_SECONDS = 1500

/** The moment that a view shows: the one asked for, or now; nothing of after now is known. */
export function momentOf(source: CitySource, at: EpochSeconds | undefined): EpochSeconds {
  const now = source.now()
  return at === undefined ? now : Math.min(at, now)
}

/** What a view says of time, with the newest batch of these endpoints. */
export async function asOf(
  source: CitySource,
  at: EpochSeconds,
  endpoints: readonly (string | undefined)[],
): Promise<AsOf> {
  const [snapshot, batches] = await Promise.all([
    newestSnapshotTime(source, at),
    Promise.all(endpoints.map(async (endpoint) => endpoint && newestBatch(source, endpoint, at))),
  ])
  const slots = batches.flatMap((batch) => (batch ? [batch.slot] : []))
  const batch = slots.length === 0 ? null : Math.max(...slots)
  const now = source.now()
  return {
    city: source.name,
    timezone: source.info.timezone,
    at,
    now,
    clock: source.virtual ? 'virtual' : 'live',
    newest: at >= now,
    snapshot_at: snapshot ?? null,
    batch_at: batch,
    stale:
      snapshot === undefined ||
      at - snapshot > STATE_MAX_AGE_SECONDS ||
      slots.some((slot) => at - slot > BATCH_MAX_AGE_SECONDS),
  }
}
