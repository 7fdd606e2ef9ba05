import { isOperatorError, OperatorError } from '../../core/errors.ts'
import { parseDiscovery } from '../gbfs/discovery.ts'
import { parseSystemInformation } from '../gbfs/normalise.ts'
import type { FeedMemory } from './feed-memory.ts'
import type { IngestOptions } from './ingest-options.ts'
import { createLake, requireTimeZone, updateLake, type LakeInfo } from './lake-info.ts'
import type { LakeParts } from './publish.ts'

const DISCOVERY_SECONDS = 3600

/** Where the feed's documents are: from memory while that is fresh, else from the discovery document. */
export async function discover(options: IngestOptions, before: FeedMemory | undefined): Promise<FeedMemory> {
  const { client, feedUrl, now } = options
  const age = now - (before?.discovered_at ?? -Infinity)
  if (before !== undefined && age >= 0 && age < DISCOVERY_SECONDS) return before
  const document = await client.fetch(feedUrl)
  if (document === 'not_modified') throw new OperatorError('UNAVAILABLE', `${feedUrl} answered 304`)
  const { feeds } = parseDiscovery(document.body, document.url)
  const { station_status } = feeds
  if (station_status === undefined)
    throw new OperatorError('BAD_INPUT', `${feedUrl} lists no station_status`, 'Look for another address.')
  return { ...before, feed_url: feedUrl, discovered_at: now, feeds: { ...feeds, station_status } }
}

/** Makes the lake, or makes sure that this feed belongs to the one that is there. */
export async function beginLake(
  platform: LakeParts,
  options: IngestOptions,
  found: FeedMemory,
  lake: LakeInfo | undefined,
): Promise<void> {
  const { city, report } = options
  const system = await systemOf(options, found.feeds.system_information, options.timezone ?? lake?.timezone)
  const timezone = options.timezone ?? system?.timezone
  const feed_url = options.replayed ? null : options.feedUrl
  if (lake === undefined) {
    if (timezone === undefined) {
      throw new OperatorError(
        'BAD_INPUT',
        `${options.feedUrl} has no system_information, so the time zone of "${city}" is not known`,
        `Set timezone in [cities.${city}] of bikeshare.toml.`,
      )
    }
    const country = options.country ?? null
    const system_name = system?.name ?? null
    await createLake(platform.store, { city, timezone, country, system_name, feed_url, virtual_now: null })
    report.info(`Began the lake of "${city}" in the time zone ${timezone}.`)
    return
  }
  if (timezone !== undefined) requireTimeZone(lake, timezone)
  if (feed_url !== null && feed_url !== lake.feed_url)
    await updateLake(platform.store, () => ({ feed_url, virtual_now: null }))
}

/** The system's name and zone; one that cannot be had or read is passed over when the zone is known without it. */
async function systemOf(
  options: IngestOptions,
  url: string | undefined,
  known: string | undefined,
): Promise<{ name: string | null; timezone: string } | undefined> {
  if (url === undefined) return undefined
  try {
    const document = await options.client.fetch(url)
    return document === 'not_modified' ? undefined : parseSystemInformation(document.body, document.url)
  } catch (error) {
    if (known === undefined || isOperatorError(error, 'CANCELLED') || !isOperatorError(error)) throw error
    options.report.warn(`system_information was not had: ${error.message}`)
    return undefined
  }
}
