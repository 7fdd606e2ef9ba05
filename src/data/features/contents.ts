import { sha256 } from '../../core/hash.ts'
import type { ObjectStore } from '../../platform/ports.ts'

/** An object and the hash of its content. */
export interface ObjectContent {
  readonly key: string
  readonly sha256: string
}

/** Hashes by the tag of the listing they belong to, so that a process hashes a content once. */
const known = new WeakMap<ObjectStore, Map<string, { readonly etag: string; readonly sha256: string }>>()

/** The Parquet files below a prefix that `keep` takes, in order of their keys, with the hashes of their contents. */
export async function parquetContents(
  store: ObjectStore,
  prefix: string,
  keep: (key: string) => boolean = () => true,
): Promise<ObjectContent[]> {
  const hashes = known.get(store) ?? new Map<string, { etag: string; sha256: string }>()
  known.set(store, hashes)
  const contents: ObjectContent[] = []
  for await (const { key, etag } of store.list(prefix)) {
    if (!key.endsWith('.parquet') || !keep(key)) continue
    let hash = hashes.get(key)
    if (hash?.etag !== etag) {
      const object = await store.get(key)
      // Gone since the listing: a compaction replaced it, and the next run sees what it left.
      if (object === undefined) continue
      hash = { etag, sha256: sha256(object.body) }
      hashes.set(key, hash)
    }
    contents.push({ key, sha256: hash.sha256 })
  }
  return contents
}
