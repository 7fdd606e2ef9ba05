import { z } from 'zod'
import type { ObjectStore } from '../../platform/ports.ts'

const KEY = 'ingest/feeds.json'

const memorySchema = z.object({
  feed_url: z.string(),
  discovered_at: z.int(),
  feeds: z.object({
    station_status: z.string(),
    station_information: z.string().optional(),
    system_information: z.string().optional(),
  }),
  status: z
    .object({
      etag: z.string().optional(),
      lastModified: z.string().optional(),
      last_updated: z.int(),
      ttl: z.number(),
      stations: z.int(),
      quarantined: z.int(),
    })
    .optional(),
  information: z
    .object({
      etag: z.string().optional(),
      lastModified: z.string().optional(),
      content_sha256: z.string(),
      checked_at: z.int(),
      ttl: z.number(),
    })
    .optional(),
})

/**
 * What ingest knows of a feed from the last time: where its documents are, and their tags, so that an unchanged one is not
 * fetched again, also after a restart. Losing it costs a download and nothing else.
 */
export type FeedMemory = z.infer<typeof memorySchema>

/** The memory of that feed; undefined when there is none, or it is of another feed. */
export async function readMemory(store: ObjectStore, feedUrl: string): Promise<FeedMemory | undefined> {
  const object = await store.get(KEY)
  if (object === undefined) return undefined
  try {
    const memory = memorySchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
    return memory.feed_url === feedUrl ? memory : undefined
  } catch {
    // Damaged or of another version: as good as none.
    return undefined
  }
}

/** Keeps the memory, if it changed. */
export async function writeMemory(
  store: ObjectStore,
  memory: FeedMemory,
  before: FeedMemory | undefined,
): Promise<void> {
  const text = JSON.stringify(memory)
  if (before === undefined || JSON.stringify(before) !== text) await store.put(KEY, text)
}

/** The tags of a fetched document, to be remembered. */
export function tagsOf(document: { etag?: string; lastModified?: string }): {
  etag?: string
  lastModified?: string
} {
  const { etag, lastModified } = document
  return { ...(etag === undefined ? {} : { etag }), ...(lastModified === undefined ? {} : { lastModified }) }
}
