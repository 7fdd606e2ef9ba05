import type { ObjectStore, ObjectSummary } from '../../ports.ts'
import { Block } from './block.ts'
import { decodePut, type PutObject } from './put-object.ts'

/** Blocks that stay in memory, in bytes. */
const MAX_BLOCK_BYTES = 48 * 1024 * 1024
/** Data of puts that stay in memory. */
const MAX_PUT_DATA = 50_000

/** Reads what the store holds of metrics, keeping what was read lately in memory. */
export interface Archive {
  list(prefix: string): Promise<readonly ObjectSummary[]>
  /** Undefined once it is gone; CORRUPT when it is damaged. */
  put(key: string): Promise<PutObject | undefined>
  /** What was read of an object that is no more. */
  forget(key: string): void
  /** The block as it is now. */
  block(key: string): Promise<Block | undefined>
}

export function openArchive(store: ObjectStore): Archive {
  const puts = new Map<string, PutObject>()
  const blocks = new Map<string, { etag: string; block: Block }>()
  let putData = 0
  const waiting = new Map<string, Promise<readonly ObjectSummary[]>>()

  /** Forgets blocks that were not used for longest; the newest stays. */
  const trim = (): void => {
    let bytes = 0
    for (const { block } of blocks.values()) bytes += block.bytes
    for (const [key, { block }] of blocks) {
      if (bytes <= MAX_BLOCK_BYTES || blocks.size === 1) return
      blocks.delete(key)
      bytes -= block.bytes
    }
  }
  const forget = (key: string): void => {
    putData -= puts.get(key)?.data.length ?? 0
    puts.delete(key)
  }
  const listNow = async (prefix: string): Promise<ObjectSummary[]> => {
    const found: ObjectSummary[] = []
    for await (const summary of store.list(prefix)) found.push(summary)
    return found
  }
  /** Calls of the same moment share a listing, which begins after all of them. */
  const list = (prefix: string): Promise<readonly ObjectSummary[]> => {
    const same = waiting.get(prefix)
    if (same) return same
    const listing = Promise.resolve().then(() => {
      waiting.delete(prefix)
      return listNow(prefix)
    })
    waiting.set(prefix, listing)
    return listing
  }

  return {
    list,
    async put(key) {
      const known = puts.get(key)
      if (known) return known
      const object = await store.get(key)
      if (!object) return undefined
      const put = decodePut(key, object.body)
      forget(key)
      puts.set(key, put)
      putData += put.data.length
      for (const oldest of puts.keys()) {
        if (putData <= MAX_PUT_DATA || oldest === key) break
        forget(oldest)
      }
      return put
    },
    forget,
    async block(key) {
      const summary = (await list(key)).find((each) => each.key === key)
      if (!summary) {
        blocks.delete(key)
        return undefined
      }
      let entry = blocks.get(key)
      if (entry?.etag !== summary.etag) {
        // What is read may be newer than the tag; then the next look reads it again.
        const object = await store.get(key)
        if (!object) return undefined
        entry = { etag: summary.etag, block: Block.decode(key, object.body) }
      }
      // The newest use comes last: the oldest goes first.
      blocks.delete(key)
      blocks.set(key, entry)
      trim()
      return entry.block
    },
  }
}
