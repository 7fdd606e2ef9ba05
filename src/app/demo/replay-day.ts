import { hostname } from 'node:os'
import type { Config } from '../../core/config/schema.ts'
import { BATCH_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { Reporter } from '../../core/report.ts'
import { snapshotTimes } from '../../data/lake/gaps.ts'
import { openFeedClient } from '../../data/gbfs/feed-client.ts'
import type { Platform } from '../../platform/ports.ts'
import { liveThrough } from '../run/replay-run.ts'
import type { DemoPlan } from './plan.ts'

/** The replayed day as it went. */
export interface ReplayedDay {
  /** Milliseconds that each batch took, all endpoints together. */
  readonly batchMs: readonly number[]
  /** Batches of the day on staging. */
  readonly batches: number
}

/** What replaying a day needs. `setNow` moves the clock that the endpoints go by. */
export interface ReplayDayOptions {
  readonly city: string
  readonly plan: DemoPlan
  readonly config: Config
  readonly setNow: (now: EpochSeconds) => void
  readonly wall: () => EpochSeconds
  readonly elapsedMs: () => number
  readonly report: Reporter
  readonly signal: AbortSignal
  /** Is told every moment. */
  readonly onTick: (now: EpochSeconds) => Promise<void>
}

/**
 * Serves the last day of `feed` over HTTP and lives through it as `bikeshare run` does, with every job of the scheduler:
 * each snapshot is taken in as a live one would be, every ten minutes all endpoints predict and are judged, and alarms are
 * evaluated. Nothing of the future is served before its time.
 */
export async function replayDay(lake: Platform, feed: Platform, o: ReplayDayOptions): Promise<ReplayedDay> {
  const { city, plan } = o
  const client = openFeedClient({ allowPrivate: true, retries: 0, signal: o.signal })
  const batchMs: number[] = []
  // The feed has nothing before its first snapshot; the batch before that is still in time then.
  const [first] = await snapshotTimes(feed, {
    city,
    from: plan.firstBatch,
    to: plan.firstBatch + BATCH_SECONDS - 1,
  })
  try {
    await liveThrough({
      city,
      lake,
      recording: feed,
      client,
      // The models of the demo are the ones whose figures it shows.
      settings: { ...o.config, run: { ...o.config.run, retrain: 'never' } },
      from: first ?? plan.firstBatch,
      until: plan.end,
      label: 'Living through the last day over HTTP',
      setNow: o.setNow,
      holder: { host: hostname(), pid: process.pid },
      wall: o.wall,
      elapsedMs: o.elapsedMs,
      report: o.report,
      signal: o.signal,
      onTick: async (now, ran) => {
        for (const { job, milliseconds } of ran) if (job === 'predict') batchMs.push(milliseconds)
        await o.onTick(now)
      },
    })
  } finally {
    await client.close()
  }
  return { batchMs, batches: (plan.gateBatch - plan.firstBatch) / BATCH_SECONDS + 1 }
}

/** The value that 95 % of `values` do not exceed (nearest rank); 0 for none. */
export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(0.95 * sorted.length) - 1)] ?? 0
}
