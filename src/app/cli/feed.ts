import { cityFeed, type CityFeed } from '../../core/config/city.ts'
import { openFeedClient, type FeedClient } from '../../data/gbfs/feed-client.ts'
import type { IngestOptions } from '../../data/lake/ingest-options.ts'
import type { CommandContext } from './command.ts'

/** What an ingest by this command line is given, less the time. */
export interface FeedSetting {
  readonly feed: CityFeed
  readonly client: FeedClient
  readonly options: Omit<IngestOptions, 'now'>
}

/** The feed of the city in force, with a client by the settings of `[ingest]`. `url` goes before the configured one. */
export async function openFeed(context: CommandContext, url: string | undefined): Promise<FeedSetting> {
  return feedOf(context, await context.city(), { url, signal: context.signal })
}

/** The feed of a city; what is under way ends with `signal`. */
export function feedOf(
  context: CommandContext,
  city: string,
  { url, signal }: { readonly url?: string | undefined; readonly signal: AbortSignal },
): FeedSetting {
  const { config, report } = context
  const feed = cityFeed(url === undefined ? config : withFeed(config, city, url), city)
  const client = openFeedClient({
    allowPrivate: feed.allow_private_feeds,
    timeoutMs: config.ingest.timeout_seconds * 1000,
    retries: config.ingest.retries,
    maxBytes: config.ingest.max_megabytes * 1024 * 1024,
    signal,
    proxy: context.env['HTTPS_PROXY'] ?? context.env['https_proxy'],
  })
  return {
    feed,
    client,
    options: {
      city,
      feedUrl: feed.gbfs_url,
      client,
      weather: { source: feed.weather },
      report,
      country: feed.country,
      timezone: feed.timezone,
      metric: { namespace: config.cw_custom_ns, endpoint: config.sm_endpoint },
    },
  }
}

function withFeed(config: CommandContext['config'], city: string, url: string): CommandContext['config'] {
  const table = config.cities[city] ?? { weather: 'open-meteo' as const, allow_private_feeds: false }
  return { ...config, cities: { ...config.cities, [city]: { ...table, gbfs_url: url } } }
}
