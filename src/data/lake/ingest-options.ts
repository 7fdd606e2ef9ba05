import type { Reporter } from '../../core/report.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import type { FeedClient } from '../gbfs/feed-client.ts'

/** What the lake needs of the platform while it is filled by a feed. */
export type IngestPlatform = Pick<Platform, 'store' | 'warehouse' | 'metrics'>

/** How one city's feed is ingested. */
export interface IngestOptions {
  readonly city: string
  /** Its GBFS discovery document. */
  readonly feedUrl: string
  readonly client: FeedClient
  /** `base` is another server with Open-Meteo's interface. */
  readonly weather: { readonly source: 'open-meteo' | 'none'; readonly base?: string }
  readonly now: EpochSeconds
  readonly report: Reporter
  /** ISO 3166 code, for a lake that this ingest begins. */
  readonly country?: string | null
  /** Goes before the feed's own time zone. */
  readonly timezone?: string | null
  /** The feed is a replay: the lake keeps its own clock and remembers no live feed. */
  readonly replayed?: boolean
  /** Where IngestFailures is put: 1 for a batch refused or not had, else 0. */
  readonly metric?: { readonly namespace: string; readonly endpoint: string }
}
