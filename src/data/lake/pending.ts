import { z } from 'zod'
import type { RawFeed } from '../../core/keys.ts'
import { dtOf, parseDt, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import type { Origin, RawId } from './raw.ts'

const PREFIX = 'ingest/pending/'
const FEEDS: readonly RawFeed[] = ['station_information', 'station_status', 'weather_hourly']
const noteSchema = z.object({ source_url: z.string(), fetched_at: z.int(), valid_from: z.int() })

const keyOf = (id: RawId): string => `${PREFIX}city=${id.city}/${id.feed}/${dtOf(id.at)}.json`

/** A note that a document is on its way into the lake, so that a killed ingest is found and finished without a search. */
export interface Pending extends RawId {
  readonly origin: Origin
  readonly valid_from: EpochSeconds
}

/** Leaves the note, before the first byte of the document is stored. `validFrom` is of use for information alone. */
export async function notePending(
  store: ObjectStore,
  id: RawId,
  origin: Origin,
  validFrom: EpochSeconds,
): Promise<void> {
  const { source_url, fetched_at } = origin
  await store.put(keyOf(id), JSON.stringify({ source_url, fetched_at, valid_from: validFrom }))
}

/** Takes the note away, once the document is in the lake whole. */
export async function settlePending(store: ObjectStore, id: RawId): Promise<void> {
  await store.delete(keyOf(id))
}

/** Every note that is there, by feed and time. */
export async function listPending(store: ObjectStore, city: string): Promise<Pending[]> {
  const pending: Pending[] = []
  for (const feed of FEEDS) {
    const prefix = `${PREFIX}city=${city}/${feed}/`
    for await (const { key } of store.list(prefix)) {
      const at = parseDt(key.slice(prefix.length).replace(/\.json$/, ''))
      const object = at === undefined ? undefined : await store.get(key)
      if (at === undefined || object === undefined) continue
      const note = noteSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
      const origin = { source_url: note.source_url, fetched_at: note.fetched_at }
      pending.push({ feed, city, at, origin, valid_from: note.valid_from })
    }
  }
  return pending
}
