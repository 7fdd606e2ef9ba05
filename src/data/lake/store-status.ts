import type { StatusSnapshot } from '../../core/contracts/station.ts'
import { sha256 } from '../../core/hash.ts'
import { liveStatusKey } from '../../core/keys.ts'
import { dsOf, isoOf } from '../../core/time.ts'
import { parseStatus } from '../gbfs/normalise.ts'
import { judgeBatch } from '../gbfs/rules.ts'
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
import { contentText, sameStations, statusColumns } from './status-columns.ts'
import { isCompacted, mergeStatusDay, streamStatus } from './status-day.ts'

/** A status document as fetched, parsed. */
export interface StatusDocument {
  readonly city: string
  readonly body: Uint8Array
  readonly snapshot: StatusSnapshot
  readonly origin: Origin
}

/** What became of a document: new in the lake, there already, another content under its time, or refused by a batch rule. */
export interface StoreOutcome {
  readonly outcome: 'stored' | 'unchanged' | 'conflict' | 'refused'
  readonly detail?: string
}

/**
 * Takes a snapshot into the lake: note, raw document, manifest, curated rows, note away. Killed anywhere, `heal` finishes
 * it; run again it changes nothing. A refused batch and a conflict are kept under ingest_errors/.
 */
export async function storeStatus(platform: LakeParts, document: StatusDocument): Promise<StoreOutcome> {
  const { store } = platform
  const { city, body, snapshot, origin } = document
  const id: RawId = { feed: 'station_status', city, at: snapshot.last_updated }
  const verdict = judgeBatch(snapshot)
  if (verdict !== undefined) {
    await refuse(store, document, verdict)
    return { outcome: 'refused', detail: `${verdict.reason}: ${verdict.detail}` }
  }
  const content = contentOf(snapshot)
  const first = await firstContent(platform, id, snapshot)
  if (first !== undefined) return settleAgainst(platform, document, first === content.content_sha256)

  await notePending(store, id, origin, id.at)
  if (await putRaw(store, id, body)) {
    await finish(platform, id, body, snapshot, origin)
    return { outcome: 'stored' }
  }
  // Somebody else's document came first, just now: see it through, then compare.
  await finishStatus(platform, id, origin)
  const winner = (await readManifest(store, id))?.content_sha256
  return settleAgainst(platform, document, winner === content.content_sha256)
}

/** Finishes a snapshot whose raw document is there; false when it is not. Nothing to do is no error. */
export async function finishStatus(platform: LakeParts, id: RawId, origin: Origin): Promise<boolean> {
  const body = await readRaw(platform.store, id)
  if (body === undefined) return false
  await finish(platform, id, body, parseStatus(body), origin)
  return true
}

async function finish(
  platform: LakeParts,
  id: RawId,
  body: Uint8Array,
  snapshot: StatusSnapshot,
  origin: Origin,
): Promise<void> {
  if ((await readManifest(platform.store, id)) === undefined)
    await putManifest(platform.store, id, body, origin, contentOf(snapshot))
  await curate(platform, id.city, snapshot)
  await settlePending(platform.store, id)
}

/** Puts a snapshot where readers find it: a live file, or the day's single file once there is one. */
async function curate(platform: LakeParts, city: string, snapshot: StatusSnapshot): Promise<void> {
  const ds = dsOf(snapshot.last_updated)
  const { store, warehouse } = platform
  if (!(await isCompacted(store, city, ds))) {
    const key = liveStatusKey(city, snapshot.last_updated)
    await warehouse.writeRows(key, statusColumns([snapshot]))
    // Compacted between the look and the write: the live file counts no more, so it is merged now.
    if (!(await isCompacted(store, city, ds))) return
    await mergeStatusDay(platform, city, ds, [snapshot])
    await store.delete(key)
    return
  }
  await mergeStatusDay(platform, city, ds, [snapshot])
}

/** Content hash of what the lake has under this time already, from the raw manifest or, for imported days, the rows. */
async function firstContent(
  platform: LakeParts,
  id: RawId,
  snapshot: StatusSnapshot,
): Promise<string | undefined> {
  const manifest = await readManifest(platform.store, id)
  if (manifest !== undefined) return manifest.content_sha256
  const ds = dsOf(id.at)
  if (!(await isCompacted(platform.store, id.city, ds))) return undefined
  for await (const present of streamStatus(platform, id.city, ds)) {
    if (present.last_updated !== id.at) continue
    return sameStations(present.stations, snapshot.stations)
      ? contentOf(snapshot).content_sha256
      : sha256(contentText(present.stations))
  }
  return undefined
}

async function settleAgainst(
  platform: LakeParts,
  document: StatusDocument,
  same: boolean,
): Promise<StoreOutcome> {
  if (same) return { outcome: 'unchanged' }
  const at = isoOf(document.snapshot.last_updated)
  const detail = `another content under the same last_updated ${at}; the first stays`
  await refuse(platform.store, document, { reason: 'conflict', detail })
  return { outcome: 'conflict', detail }
}

async function refuse(
  store: LakeParts['store'],
  { city, body, snapshot, origin }: StatusDocument,
  verdict: Pick<Parameters<typeof keepRefused>[2], 'reason' | 'detail'>,
): Promise<void> {
  await keepRefused(store, city, {
    feed: 'station_status',
    at: snapshot.last_updated,
    body,
    source: origin.source_url,
    fetched_at: origin.fetched_at,
    quarantined: snapshot.quarantined,
    ...verdict,
  })
}

function contentOf(snapshot: StatusSnapshot): RawContent {
  return {
    content_sha256: sha256(contentText(snapshot.stations)),
    version: snapshot.version,
    stations: snapshot.stations.length,
    quarantined: snapshot.quarantined,
  }
}
