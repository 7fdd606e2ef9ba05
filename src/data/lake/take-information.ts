import { isOperatorError, messageOf } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { parseInformation } from '../gbfs/normalise.ts'
import { tagsOf, type FeedMemory } from './feed-memory.ts'
import type { IngestOptions } from './ingest-options.ts'
import type { LakeParts } from './publish.ts'
import { informationHash, storeInformation } from './store-information.ts'
import type { StoreOutcome } from './store-status.ts'

/** Information changes a few times a day; it is asked for no more often than this, and no less often than that. */
const SHORTEST_SECONDS = 300
const LONGEST_SECONDS = 3600

/** What became of the information, and what to remember of it. */
export interface InformationTaken {
  readonly outcome: StoreOutcome['outcome'] | 'skipped' | 'failed'
  readonly memory: FeedMemory['information']
}

/** Information when it is due; status goes on without it. */
export async function takeInformation(
  platform: LakeParts,
  options: IngestOptions,
  found: FeedMemory,
  statusAt: EpochSeconds,
): Promise<InformationTaken> {
  const { now, report, city } = options
  const known = found.information
  const url = found.feeds.station_information
  const age = now - (known?.checked_at ?? -Infinity)
  const due = age < 0 || age >= Math.max(SHORTEST_SECONDS, Math.min(known?.ttl ?? 0, LONGEST_SECONDS))
  if (url === undefined || !due) return { outcome: 'skipped', memory: known }
  try {
    const fetched = await options.client.fetch(url, known)
    if (fetched === 'not_modified')
      return { outcome: 'unchanged', memory: known && { ...known, checked_at: now } }
    const snapshot = parseInformation(fetched.body, fetched.url)
    const content_sha256 = informationHash(snapshot)
    const memory = { ...tagsOf(fetched), content_sha256, checked_at: now, ttl: snapshot.ttl }
    if (content_sha256 === known?.content_sha256) return { outcome: 'unchanged', memory }
    const origin = { source_url: fetched.url, fetched_at: now }
    const valid_from = Math.min(snapshot.last_updated, statusAt)
    const { outcome, detail } = await storeInformation(platform, {
      city,
      body: fetched.body,
      snapshot,
      origin,
      valid_from,
    })
    if (outcome === 'refused' || outcome === 'conflict') {
      report.warn(`station_information: ${outcome}: ${detail ?? ''}`)
      return { outcome, memory: known }
    }
    return { outcome, memory }
  } catch (error) {
    if (!isOperatorError(error, 'UNAVAILABLE') && !isOperatorError(error, 'BAD_INPUT')) throw error
    report.warn(`station_information was not taken: ${messageOf(error)}`)
    return { outcome: 'failed', memory: known }
  }
}
