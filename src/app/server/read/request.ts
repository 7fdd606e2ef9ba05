import type { ObjectStore, ObjectSummary, Platform } from '../../../platform/ports.ts'
import type { CitySource } from '../city-source.ts'
import { listed } from './listing.ts'
import { cacheOf } from './read-cache.ts'

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
    store: { value: readOnly(source.platform.store) },
  }) as Platform
  const one: CitySource = { ...source, platform, now: () => now }
  scoped.add(one)
  return one
}

function readOnly(store: ObjectStore): ObjectStore {
  const listings = new Map<string, Promise<ObjectSummary[]>>()
  const folders = new Map<string, Promise<string[]>>()
  return {
    ...store,
    async *list(prefix) {
      yield* await once(listings, prefix, () => listed(store, prefix))
    },
    put: () => Promise.resolve({ etag: '' }),
    delete: () => Promise.resolve(),
    folders: (prefix) => once(folders, prefix, () => store.folders(prefix)),
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const made = known.get(key) ?? make()
  known.set(key, made)
  return made
}
