import { LIVE_TOPICS, type LiveTopic } from '../../../core/contracts/api/live.ts'
import { TARGETS } from '../../../core/contracts/features.ts'
import { LAKE_KEY, partitionPrefix } from '../../../core/keys.ts'
import { endpointPrefix } from '../../../core/city-names.ts'
import { endpointName, STAGES } from '../../../core/names.ts'
import { dsOf, dtOf, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import type { CitySource } from '../city-source.ts'

/** The records of each topic as they were when they were looked at: key to tag. */
export type Fingerprint = Readonly<Record<LiveTopic, ReadonlyMap<string, string>>>

/**
 * Looks at the newest records of a lake by listings alone: those of this hour and the one before, where there is one a
 * batch. Nothing is opened.
 */
export async function fingerprintOf(
  store: ObjectStore,
  { name: city, config }: Pick<CitySource, 'name' | 'config'>,
  now: EpochSeconds,
): Promise<Fingerprint> {
  const hours = [now - HOUR_SECONDS, now].map((at) => ({ ds: dsOf(at), hour: dtOf(at).slice(0, 13) }))
  const own = endpointPrefix(config, city)
  const endpoints = STAGES.flatMap((stage) => TARGETS.map((target) => endpointName(stage, target, own)))
  const byHour = (prefix: (ds: string) => string): string[] => hours.map(({ ds, hour }) => prefix(ds) + hour)
  const ofEndpoints = (folder: string): string[] =>
    endpoints.flatMap((endpoint) =>
      byHour((ds) => `${folder}/endpoint=${endpoint}/city=${city}/ds=${ds}/dt=`),
    )
  const prefixes: Record<LiveTopic, readonly string[]> = {
    state: [...byHour((ds) => partitionPrefix('station_status_live', city, ds)), ...ofEndpoints('inference')],
    quality: [...ofEndpoints('monitoring/quality'), ...ofEndpoints('monitoring/drift')],
    alarms: ['alarms/alarms.json', 'alarms/silences/'],
    releases: ['releases/active.json', 'history/head.json', 'deployments/', 'waivers/'],
    incidents: ['incidents/'],
    plans: ['plans/'],
    clock: [LAKE_KEY],
  }
  const found: Partial<Record<LiveTopic, ReadonlyMap<string, string>>> = {}
  for (const topic of LIVE_TOPICS) found[topic] = await listed(store, prefixes[topic])
  return found as Fingerprint
}

/** Topics of which a record is new or changed, or gone where its going says something (a release that has ended). */
export function changedTopics(before: Fingerprint, after: Fingerprint): LiveTopic[] {
  return LIVE_TOPICS.filter((topic) => {
    const was = before[topic]
    const is = after[topic]
    // By the hour, old records leave the listing: that is nothing new.
    const goneCounts = topic !== 'state' && topic !== 'quality'
    return (
      [...is].some(([key, tag]) => was.get(key) !== tag) ||
      (goneCounts && [...was.keys()].some((key) => !is.has(key)))
    )
  })
}

async function listed(store: ObjectStore, prefixes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const prefix of prefixes) for await (const { key, etag } of store.list(prefix)) found.set(key, etag)
  return found
}
