import { z } from 'zod'
import type { QuarantinedStation } from '../../core/contracts/station.ts'
import { isOperatorError, OperatorError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { rawPrefix, type RawFeed } from '../../core/keys.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { gunzip, gzip } from './gzip.ts'

/** Names one raw document: a feed of a city at the feed's own time. */
export interface RawId {
  readonly feed: RawFeed
  readonly city: string
  readonly at: EpochSeconds
}

/** Where a document came from, and when it was fetched. */
export interface Origin {
  readonly source_url: string
  readonly fetched_at: EpochSeconds
}

/** What a document holds once it is parsed and judged. */
export interface RawContent {
  /** sha256 of the normalised content, which decides what is "the same" under one time. */
  readonly content_sha256: string
  readonly version: string
  /** Valid stations, or hours of weather. */
  readonly stations: number
  readonly quarantined: readonly QuarantinedStation[]
}

const manifestSchema = z.object({
  source_url: z.string(),
  fetched_at: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  content_sha256: z.string(),
  version: z.string(),
  stations: z.int(),
  quarantined: z.array(z.object({ station_id: z.string(), reason: z.string(), detail: z.string() })),
})

/** `_manifest.json` beside a raw document: its origin, size and hash as received, and what was found in it. */
export type RawManifest = z.infer<typeof manifestSchema>

/** Key of a raw document. */
export const rawDataKey = (id: RawId): string => `${rawPrefix(id.feed, id.city, id.at)}data.json.gz`

const manifestKey = (id: RawId): string => `${rawPrefix(id.feed, id.city, id.at)}_manifest.json`

/** The manifest of a raw document; undefined when absent, CORRUPT when damaged. */
export async function readManifest(store: ObjectStore, id: RawId): Promise<RawManifest | undefined> {
  const object = await store.get(manifestKey(id))
  if (object === undefined) return undefined
  try {
    return manifestSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${manifestKey(id)} is damaged`,
      'Delete it: it is made again from data.json.gz.',
      error,
    )
  }
}

/** The raw document as received; undefined when absent, CORRUPT when damaged. */
export async function readRaw(store: ObjectStore, id: RawId): Promise<Uint8Array | undefined> {
  const object = await store.get(rawDataKey(id))
  return object && gunzip(object.body, rawDataKey(id))
}

/** Keeps the document as received; the first under a time stays. Returns whether this one is the first. */
export async function putRaw(store: ObjectStore, id: RawId, body: Uint8Array): Promise<boolean> {
  try {
    await store.put(rawDataKey(id), gzip(body), { ifAbsent: true })
    return true
  } catch (error) {
    if (isOperatorError(error, 'WRITE_CONFLICT')) return false
    throw error
  }
}

/** Writes the manifest of a raw document that is there. */
export async function putManifest(
  store: ObjectStore,
  id: RawId,
  body: Uint8Array,
  origin: Origin,
  content: RawContent,
): Promise<void> {
  const manifest: RawManifest = {
    source_url: origin.source_url,
    fetched_at: origin.fetched_at,
    bytes: body.byteLength,
    sha256: sha256(body),
    content_sha256: content.content_sha256,
    version: content.version,
    stations: content.stations,
    quarantined: [...content.quarantined],
  }
  await store.put(manifestKey(id), `${JSON.stringify(manifest, null, 2)}\n`)
}
