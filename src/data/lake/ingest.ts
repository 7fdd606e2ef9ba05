import type { StatusSnapshot } from '../../core/contracts/station.ts'
import { isOperatorError, OperatorError } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { parseStatus } from '../gbfs/normalise.ts'
import { beginLake, discover } from './begin-lake.ts'
import { readMemory, tagsOf, writeMemory } from './feed-memory.ts'
import { heal } from './heal.ts'
import type { IngestOptions, IngestPlatform } from './ingest-options.ts'
import { readLake, requireCity } from './lake-info.ts'
import { keepRefused } from './refused.ts'
import { storeStatus, type StoreOutcome } from './store-status.ts'
import { takeInformation, type InformationTaken } from './take-information.ts'
import { takeWeather } from './take-weather.ts'

/** What one ingest did. */
export interface IngestResult extends StoreOutcome {
  /** The newest snapshot of the feed; null when it was none. */
  readonly last_updated: EpochSeconds | null
  readonly stations: number
  readonly quarantined: number
  /** Seconds until the feed changes, as it says. */
  readonly ttl: number
  /** `skipped` when it was not due, `failed` when it was not had. */
  readonly information: InformationTaken['outcome']
  /** Hours of weather taken; null when none was due or had. */
  readonly weather_hours: number | null
  /** Documents that an earlier, stopped run had begun and this one finished. */
  readonly healed: number
}

/**
 * Brings the newest snapshot of a feed into the lake, with information and weather when they are due. The first ingest
 * makes the lake, in the time zone of the feed. Run again it changes nothing; stopped anywhere, the next one finishes it.
 * Errors: UNAVAILABLE when the feed cannot be had, BAD_INPUT when a lake would begin with what is no GBFS, MISMATCH when
 * the lake is of another city or time zone. A bad document of a lake that is there is kept and reported as `refused`.
 */
export async function ingestOnce(platform: IngestPlatform, options: IngestOptions): Promise<IngestResult> {
  try {
    const done = await ingest(platform, options)
    await putFailures(platform, options, done.outcome === 'refused' ? 1 : 0)
    return done
  } catch (error) {
    if (isOperatorError(error, 'UNAVAILABLE') && (await readLake(platform.store)) !== undefined)
      await putFailures(platform, options, 1)
    throw error
  }
}

async function ingest(platform: IngestPlatform, options: IngestOptions): Promise<IngestResult> {
  const { store } = platform
  const { city, client, now, report } = options
  const lake = await readLake(store)
  if (lake !== undefined) requireCity(lake, city)
  const healed = lake === undefined ? 0 : await heal(platform, { city, now, report })
  const before = await readMemory(store, options.feedUrl)
  const found = await discover(options, before)
  const fetched = await client.fetch(found.feeds.station_status, before?.status)
  const parsed = fetched === 'not_modified' ? undefined : parseOrFailure(fetched.body, fetched.url)
  // Nothing is begun for an address that turns out to be no GBFS.
  if (lake === undefined && parsed && 'failure' in parsed) throw parsed.failure
  if (lake === undefined || before === undefined) await beginLake(platform, options, found, lake)

  if (fetched === 'not_modified' || parsed === undefined) {
    const status = before?.status
    if (status === undefined)
      throw new OperatorError('UNAVAILABLE', `${found.feeds.station_status} answered 304 to a first request`)
    const information = await takeInformation(platform, options, found, status.last_updated)
    await writeMemory(store, { ...found, information: information.memory }, before)
    return result({ outcome: 'unchanged' }, status, { healed, information, weather: await weatherOf() })
  }
  if ('failure' in parsed) {
    await refuse(platform, options, fetched, parsed.failure)
    return {
      outcome: 'refused',
      detail: parsed.failure.message,
      ...NOTHING,
      information: 'skipped',
      weather_hours: await weatherOf(),
      healed,
    }
  }
  const { snapshot } = parsed
  const information = await takeInformation(platform, options, found, snapshot.last_updated)
  const origin = { source_url: fetched.url, fetched_at: now }
  const outcome = await storeStatus(platform, { city, body: fetched.body, snapshot, origin })
  const { last_updated, ttl } = snapshot
  const counts = { stations: snapshot.stations.length, quarantined: snapshot.quarantined.length }
  const status = { last_updated, ttl, ...counts }
  const taken = outcome.outcome === 'stored' || outcome.outcome === 'unchanged'
  if (!taken) report.warn(`station_status: ${outcome.outcome}: ${outcome.detail ?? ''}`)
  // Only now, and only what was taken: what is remembered is not fetched again.
  const remembered = taken ? { ...tagsOf(fetched), ...status } : before?.status
  await writeMemory(store, { ...found, status: remembered, information: information.memory }, before)
  return result(outcome, status, { healed, information, weather: await weatherOf() })

  function weatherOf(): Promise<number | null> {
    return takeWeather(platform, options)
  }
}

const NOTHING = { last_updated: null, stations: 0, quarantined: 0, ttl: 0 }

function result(
  outcome: StoreOutcome,
  {
    last_updated,
    stations,
    quarantined,
    ttl,
  }: Pick<IngestResult, 'last_updated' | 'stations' | 'quarantined' | 'ttl'>,
  besides: { healed: number; information: InformationTaken; weather: number | null },
): IngestResult {
  const { healed, information, weather } = besides
  const status = { last_updated, stations, quarantined, ttl }
  return { ...outcome, ...status, information: information.outcome, weather_hours: weather, healed }
}

/** Keeps what was no station_status at all, under the time it was fetched. */
async function refuse(
  platform: IngestPlatform,
  { city, now, report }: IngestOptions,
  fetched: { readonly body: Uint8Array; readonly url: string },
  failure: OperatorError,
): Promise<void> {
  await keepRefused(platform.store, city, {
    feed: 'station_status',
    at: now,
    reason: 'invalid',
    detail: failure.message,
    body: fetched.body,
    source: fetched.url,
    fetched_at: now,
  })
  report.warn(`station_status: refused: ${failure.message}`)
}

function parseOrFailure(
  body: Uint8Array,
  url: string,
): { snapshot: StatusSnapshot } | { failure: OperatorError } {
  try {
    return { snapshot: parseStatus(body, url) }
  } catch (error) {
    if (isOperatorError(error, 'BAD_INPUT')) return { failure: error }
    throw error
  }
}

async function putFailures(platform: IngestPlatform, options: IngestOptions, value: 0 | 1): Promise<void> {
  const { metric, city, now } = options
  if (metric === undefined) return
  const Dimensions = { EndpointName: metric.endpoint, City: city }
  await platform.metrics.putMetricData(metric.namespace, [
    { MetricName: 'IngestFailures', Dimensions, Timestamp: now, Value: value, Unit: 'Count' },
  ])
}
