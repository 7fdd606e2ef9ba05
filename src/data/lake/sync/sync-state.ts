import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { sha256 } from '../../../core/hash.ts'
import type { ObjectStore } from '../../../platform/ports.ts'

/** Folder, in the destination, of what syncs remember; never copied itself. */
const SYNC_PREFIX = 'sync/'

/** What is known of a key that was copied, or found to be the same: the tags that both listings had then. */
const entrySchema = z.tuple([z.string(), z.string(), z.string()])
const stateSchema = z.object({
  version: z.literal(1),
  from: z.string(),
  keys: z.record(z.string(), entrySchema),
})

/** Source's tag, destination's tag, sha256 of the content. */
export type SyncEntry = z.infer<typeof entrySchema>

/** What a destination remembers of the syncs from one source. Losing it costs time, never content. */
export interface SyncState {
  readonly keys: Map<string, SyncEntry>
  save(): Promise<void>
}

/** Reads what is remembered of a source; nothing where there is none, or where it cannot be read. */
export async function openSyncState(store: ObjectStore, from: string): Promise<SyncState> {
  const key = `${SYNC_PREFIX}${sha256(from).slice(0, 16)}.json.gz`
  const keys = new Map(Object.entries(await readKeys(store, key, from)))
  return {
    keys,
    async save() {
      const text = JSON.stringify({ version: 1, from, keys: Object.fromEntries(keys) })
      await store.put(key, gzipSync(text, { level: 1 }))
    },
  }
}

async function readKeys(store: ObjectStore, key: string, from: string): Promise<Record<string, SyncEntry>> {
  const object = await store.get(key)
  if (!object) return {}
  try {
    const state = stateSchema.parse(JSON.parse(gunzipSync(object.body).toString()))
    return state.from === from ? state.keys : {}
  } catch {
    return {}
  }
}
