import { z } from 'zod'
import { DAY_SECONDS, dsRange, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../../platform/ports.ts'

const errorSchema = z.object({
  feed: z.string(),
  at: z.int(),
  reason: z.string(),
  fetched_at: z.int().nullable().optional(),
})

/** A status document that was refused. */
export interface RefusedDocument {
  /** When it was fetched; its own time where that is not known. */
  readonly at: EpochSeconds
  readonly reason: string
}

/** The status documents that were refused in `[from, to]`, by the time they were fetched. */
export async function refusedWithin(
  store: ObjectStore,
  city: string,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<RefusedDocument[]> {
  const refused: RefusedDocument[] = []
  // A document's folder is of its own time, which a feed that stands still leaves behind.
  for (const ds of dsRange(from - DAY_SECONDS, to))
    for await (const { key } of store.list(`ingest_errors/city=${city}/dt=${ds}-`)) {
      if (!key.endsWith('/_error.json')) continue
      const object = await store.get(key)
      const error = errorSchema.safeParse(jsonOf(object?.body))
      if (!error.success || error.data.feed !== 'station_status') continue
      const at = error.data.fetched_at ?? error.data.at
      if (at >= from && at <= to) refused.push({ at, reason: error.data.reason })
    }
  return refused.sort((a, b) => a.at - b.at)
}

function jsonOf(body: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}
