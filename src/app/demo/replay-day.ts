import { silentReporter, type Reporter } from '../../core/report.ts'
import { BATCH_SECONDS, dsOf, dtOf, type EpochSeconds } from '../../core/time.ts'
import { openFeedClient } from '../../data/gbfs/feed-client.ts'
import { ingestOnce } from '../../data/lake/ingest.ts'
import { startReplay } from '../../data/lake/replay.ts'
import { predictBatch } from '../../model/prediction/predict-batch.ts'
import type { Platform } from '../../platform/ports.ts'
import type { DemoPlan } from './plan.ts'

/** The replayed day as it went. */
export interface ReplayedDay {
  /** Milliseconds that each batch took, all endpoints together. */
  readonly batchMs: readonly number[]
  /** Batches whose outcome the recording tells. */
  readonly batches: number
  readonly predictions: number
}

/** What replaying a day needs. `setNow` moves the clock that the endpoints go by. */
export interface ReplayDayOptions {
  readonly city: string
  readonly timezone: string
  readonly country: string | null
  readonly plan: DemoPlan
  readonly namespace: string
  readonly endpoint: string
  readonly setNow: (now: EpochSeconds) => void
  readonly elapsedMs: () => number
  readonly report: Reporter
  readonly signal: AbortSignal
}

/** A batch is predicted this long after its slot, when the slot's snapshot is in. */
const AFTER_SLOT_SECONDS = 5

/**
 * Serves the last day of `feed` over HTTP and works through it at the highest speed: every snapshot is fetched and taken
 * into `lake` as a live one would be, and every ten minutes all endpoints predict, up to the recording's end. Nothing of
 * the future is served before its time.
 */
export async function replayDay(lake: Platform, feed: Platform, o: ReplayDayOptions): Promise<ReplayedDay> {
  const { city, plan } = o
  const times = await snapshotTimes(feed, city, plan)
  const replay = await startReplay(feed, { city, from: times[0] ?? plan.firstBatch })
  const client = openFeedClient({ allowPrivate: true, signal: o.signal })
  const progress = o.report.start(
    'Replaying the last day over HTTP',
    (plan.openBatch - plan.firstBatch) / BATCH_SECONDS + 1,
  )
  const batchMs: number[] = []
  const failures: string[] = []
  let predictions = 0
  let next = 0
  const ingestUntil = async (end: EpochSeconds): Promise<void> => {
    for (; (times[next] ?? Infinity) <= end; next++) {
      const now = times[next] ?? end
      replay.advanceTo(now)
      o.setNow(now)
      await ingestOnce(lake, {
        city,
        feedUrl: replay.url,
        client,
        weather: { source: 'open-meteo', base: replay.origin },
        now,
        report: o.report,
        replayed: true,
        metric: { namespace: o.namespace, endpoint: o.endpoint },
      })
      o.signal.throwIfAborted()
    }
  }
  try {
    for (let slot = plan.firstBatch; slot <= plan.openBatch; slot += BATCH_SECONDS) {
      await ingestUntil(slot)
      const now = slot + AFTER_SLOT_SECONDS
      o.setNow(now)
      const started = o.elapsedMs()
      const results = await predictBatch(lake, {
        city,
        timezone: o.timezone,
        country: o.country,
        slot,
        now,
        namespace: o.namespace,
        report: silentReporter,
      })
      batchMs.push(o.elapsedMs() - started)
      const reason = results.find((result) => result.reason !== undefined)?.reason
      if (reason !== undefined) failures.push(reason)
      predictions += results.reduce((sum, result) => sum + result.predictions, 0)
      progress.update(batchMs.length, dtOf(slot))
    }
    await ingestUntil(plan.end)
  } finally {
    await client.close()
    await replay.close()
  }
  progress.end(`${batchMs.length} batches, ${predictions.toLocaleString('en')} predictions`)
  const lastFailure = failures.at(-1)
  if (lastFailure !== undefined)
    o.report.warn(`${failures.length} batches were not predicted whole; the last: ${lastFailure}`)
  return { batchMs, batches: (plan.lastBatch - plan.firstBatch) / BATCH_SECONDS + 1, predictions }
}

async function snapshotTimes(feed: Platform, city: string, plan: DemoPlan): Promise<EpochSeconds[]> {
  const rows = await feed.warehouse.rows<{ last_updated: number }>({
    name: 'snapshot-times',
    sql: 'select distinct last_updated from status order by last_updated',
    tables: {
      status: {
        dataset: 'station_status',
        city,
        dsFrom: dsOf(plan.firstBatch - BATCH_SECONDS),
        dsTo: dsOf(plan.end),
      },
    },
  })
  return rows.map((row) => row.last_updated)
}

/** The value that 95 % of `values` do not exceed (nearest rank); 0 for none. */
export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(0.95 * sorted.length) - 1)] ?? 0
}
