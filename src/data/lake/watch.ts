import { setTimeout as sleep } from 'node:timers/promises'
import { isOperatorError, messageOf } from '../../core/errors.ts'
import { dsOf, type Clock } from '../../core/time.ts'
import { compactDays } from './compact.ts'
import { ingestOnce, type IngestResult } from './ingest.ts'
import type { IngestOptions, IngestPlatform } from './ingest-options.ts'

const SHORTEST_SECONDS = 60
const LONGEST_SECONDS = 120
/** A day is compacted this long after it ended, when its last snapshots are in. */
const COMPACT_AFTER_SECONDS = 900

/** How a feed is watched. */
export interface WatchOptions extends Omit<IngestOptions, 'now'> {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Waits, less when the signal is aborted. */
  readonly wait?: (seconds: number, signal: AbortSignal) => Promise<void>
  readonly onResult?: (result: IngestResult) => void
}

/**
 * Ingests a feed as often as it says it changes, between every 60 and every 120 s, until the signal is aborted; a snapshot
 * under way is finished first. A feed or a disk that fails is reported and tried again. Closed days are compacted.
 */
export async function watchFeed(platform: IngestPlatform, options: WatchOptions): Promise<void> {
  const { clock, signal, wait = waitFor, onResult = () => {}, report } = options
  let compactedUntil: string | undefined
  while (!signal.aborted) {
    const now = clock()
    let ttl = 0
    try {
      const result = await ingestOnce(platform, { ...options, now })
      ttl = result.ttl
      onResult(result)
      const until = dsOf(now - COMPACT_AFTER_SECONDS)
      if (until !== compactedUntil)
        await compactDays(platform, { city: options.city, before: now - COMPACT_AFTER_SECONDS, report })
      compactedUntil = until
    } catch (error) {
      if (isOperatorError(error, 'CANCELLED') && signal.aborted) return
      if (!isOperatorError(error, 'UNAVAILABLE')) throw error
      report.warn(messageOf(error))
    }
    await wait(Math.min(Math.max(ttl, SHORTEST_SECONDS), LONGEST_SECONDS), signal)
  }
}

async function waitFor(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
