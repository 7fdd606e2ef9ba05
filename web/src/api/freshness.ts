import type { AsOf } from '../../../src/core/contracts/api/common.ts'

const SNAPSHOT_LIVE_SECONDS = 15 * 60
const BATCH_LIVE_SECONDS = 25 * 60

/**
 * How an answer stands to the present: `live`; `stale` when its snapshot or batch is too old to be called so; `past` when a
 * moment of the past is asked for; `replay` when the lake's clock stands still; `waiting` without any snapshot.
 */
export type Freshness = 'live' | 'stale' | 'past' | 'replay' | 'waiting'

export interface Ages {
  readonly freshness: Freshness
  /** Seconds; null without any. */
  readonly snapshot: number | null
  readonly batch: number | null
  readonly snapshotStale: boolean
  readonly batchStale: boolean
}

/** @param now The lake's time now, which runs on when answers no longer come. */
export function agesOf(asOf: AsOf, now: number | null): Ages {
  const reference = asOf.newest ? Math.max(asOf.now, now ?? 0) : asOf.at
  const age = (at: number | null) => (at === null ? null : Math.max(0, reference - at))
  const [snapshot, batch] = [age(asOf.snapshot_at), age(asOf.batch_at)]
  const snapshotStale = snapshot !== null && snapshot > SNAPSHOT_LIVE_SECONDS
  const batchStale = batch !== null && batch > BATCH_LIVE_SECONDS
  return {
    freshness: freshnessOf(asOf, snapshotStale || batchStale),
    snapshot,
    batch,
    snapshotStale,
    batchStale,
  }
}

function freshnessOf(asOf: AsOf, tooOld: boolean): Freshness {
  if (!asOf.newest) return 'past'
  if (asOf.snapshot_at === null) return 'waiting'
  if (asOf.stale || tooOld) return 'stale'
  return asOf.clock === 'virtual' ? 'replay' : 'live'
}
