import type { ObjectStore, ObjectSummary, Platform } from '../../../platform/ports.ts'
import type { CitySource } from '../city-source.ts'
import { listed } from './listing.ts'
import { cacheOf, type StoredRecord } from './read-cache.ts'

const scoped = new WeakSet<CitySource>()

/**
 * The city for the time of one answer: its clock stands still, and what was listed once is not listed again, so that all of
 * an answer is of one moment. Nothing can be written: what a stage would keep for later is dropped.
 */
export function forRequest(source: CitySource): CitySource {
  if (scoped.has(source)) return source
  // What outlives the answer is made from the city itself.
  cacheOf(source)
  const now = source.now()
  // Some parts of a platform are opened when they are first looked at: they stay where they are.
  const platform = Object.create(source.platform, {
    store: { value: readOnly(source) },
  }) as Platform
  const one: CitySource = { ...source, platform, now: () => now }
  scoped.add(one)
  return one
}

function readOnly(source: CitySource): ObjectStore {
  const { store } = source.platform
  const { records } = cacheOf(source)
  const listings = new Map<string, Promise<ObjectSummary[]>>()
  const folders = new Map<string, Promise<string[]>>()
  const tags = new Map<string, string>()
  const list = async (prefix: string): Promise<ObjectSummary[]> => {
    const found = await listed(store, prefix)
    for (const { key, etag } of found) tags.set(key, etag)
    return found
  }
  return {
    ...store,
    async *list(prefix) {
      yield* await once(listings, prefix, () => list(prefix))
    },
    // What was listed, and is as it was when it was read last, is not read again.
    async get(key) {
      const tag = tags.get(key)
      return tag === undefined ? store.get(key) : (await records.get(key, tag, () => read(store, key))).object
    },
    put: () => Promise.resolve({ etag: '' }),
    delete: () => Promise.resolve(),
    folders: (prefix) => once(folders, prefix, () => store.folders(prefix)),
  }
}

async function read(store: ObjectStore, key: string): Promise<StoredRecord> {
  const object = await store.get(key)
  return { object, bytes: (object?.body.length ?? 0) + key.length + 200 }
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const made = known.get(key) ?? make()
  known.set(key, made)
  return made
}
