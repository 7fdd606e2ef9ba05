import type { InformationSnapshot } from '../../core/contracts/station.ts'
import { sha256 } from '../../core/hash.ts'
import { isoOf, type EpochSeconds } from '../../core/time.ts'
import { parseInformation } from '../gbfs/normalise.ts'
import { addVersions, readVersions, sameInformation, versionAt } from './information-versions.ts'
import { notePending, settlePending } from './pending.ts'
import type { LakeParts } from './publish.ts'
import {
  putManifest,
  putRaw,
  readManifest,
  readRaw,
  type Origin,
  type RawContent,
  type RawId,
} from './raw.ts'
import { keepRefused } from './refused.ts'
import type { StoreOutcome } from './store-status.ts'

/** An information document as fetched, parsed. */
export interface InformationDocument {
  readonly city: string
  readonly body: Uint8Array
  readonly snapshot: InformationSnapshot
  readonly origin: Origin
  /** From when it holds: its own time, or the time of a status it was fetched with when that is earlier. */
  readonly valid_from: EpochSeconds
}

/** sha256 of what an information document says of its stations, whatever its time. */
export function informationHash(snapshot: InformationSnapshot): string {
  return sha256(
    JSON.stringify(
      snapshot.stations.map((s) => [
        s.station_id,
        s.name,
        s.short_name,
        s.lat,
        s.lon,
        s.capacity,
        s.region_id,
      ]),
    ),
  )
}

/**
 * Takes an information document into the lake when it says something new of some station; curated rows are written for
 * those stations alone. A document without a valid station is refused, another content under a known time is a conflict.
 */
export async function storeInformation(
  platform: LakeParts,
  document: InformationDocument,
): Promise<StoreOutcome> {
  const { store } = platform
  const { city, body, snapshot, origin, valid_from } = document
  if (snapshot.stations.length === 0) {
    const detail = `no valid station (${snapshot.quarantined.length} set aside)`
    await refuse(store, document, 'too_few_stations', detail)
    return { outcome: 'refused', detail: `too_few_stations: ${detail}` }
  }
  const known = await readVersions(platform, city)
  const changed = snapshot.stations.some((station) => {
    const before = versionAt(known.get(station.station_id), valid_from)
    return before === undefined || !sameInformation(before, station)
  })
  if (!changed) return { outcome: 'unchanged' }

  const id: RawId = { feed: 'station_information', city, at: snapshot.last_updated }
  const first = (await readManifest(store, id))?.content_sha256
  if (first === undefined) {
    await notePending(store, id, origin, valid_from)
    if (await putRaw(store, id, body)) {
      await finish(platform, id, body, snapshot, origin, valid_from)
      return { outcome: 'stored' }
    }
    await finishInformation(platform, id, origin, valid_from)
  }
  if ((first ?? (await readManifest(store, id))?.content_sha256) === informationHash(snapshot))
    return { outcome: 'unchanged' }
  const detail = `another content under the same last_updated ${isoOf(snapshot.last_updated)}; the first stays`
  await refuse(store, document, 'conflict', detail)
  return { outcome: 'conflict', detail }
}

/** Finishes a document whose raw form is there; false when it is not. */
export async function finishInformation(
  platform: LakeParts,
  id: RawId,
  origin: Origin,
  validFrom: EpochSeconds,
): Promise<boolean> {
  const body = await readRaw(platform.store, id)
  if (body === undefined) return false
  await finish(platform, id, body, parseInformation(body), origin, validFrom)
  return true
}

async function finish(
  platform: LakeParts,
  id: RawId,
  body: Uint8Array,
  snapshot: InformationSnapshot,
  origin: Origin,
  validFrom: EpochSeconds,
): Promise<void> {
  const content: RawContent = {
    content_sha256: informationHash(snapshot),
    version: snapshot.version,
    stations: snapshot.stations.length,
    quarantined: snapshot.quarantined,
  }
  if ((await readManifest(platform.store, id)) === undefined)
    await putManifest(platform.store, id, body, origin, content)
  await addVersions(
    platform,
    id.city,
    snapshot.stations.map((station) => ({ ...station, valid_from: validFrom })),
  )
  await settlePending(platform.store, id)
}

async function refuse(
  store: LakeParts['store'],
  { city, body, snapshot, origin }: InformationDocument,
  reason: 'too_few_stations' | 'conflict',
  detail: string,
): Promise<void> {
  await keepRefused(store, city, {
    feed: 'station_information',
    at: snapshot.last_updated,
    reason,
    detail,
    body,
    source: origin.source_url,
    fetched_at: origin.fetched_at,
    quarantined: snapshot.quarantined,
  })
}
