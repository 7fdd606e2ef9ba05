import type { QuarantinedStation } from '../../core/contracts/station.ts'
import { sha256 } from '../../core/hash.ts'
import { ingestErrorPrefix } from '../../core/keys.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { gzip } from './gzip.ts'

const ID_DIGITS = 12

/** Why a document was not taken. */
export type RefusalReason =
  | 'invalid'
  | 'too_few_stations'
  | 'too_many_quarantined'
  | 'too_many_stale'
  | 'conflict'

/** A document that was not taken, kept whole with its reason. */
export interface Refusal {
  readonly feed: string
  /** The document's own time, else when it was fetched. */
  readonly at: EpochSeconds
  readonly reason: RefusalReason
  readonly detail: string
  readonly body: Uint8Array | string
  readonly source: string
  readonly fetched_at?: EpochSeconds
  readonly quarantined?: readonly QuarantinedStation[]
}

/** Keeps a refused document under ingest_errors/; the same document refused again changes nothing. Returns its prefix. */
export async function keepRefused(store: ObjectStore, city: string, refusal: Refusal): Promise<string> {
  const digest = sha256(refusal.body)
  const prefix = ingestErrorPrefix(city, refusal.at, digest.slice(0, ID_DIGITS))
  const errorKey = `${prefix}_error.json`
  if ((await store.get(errorKey)) !== undefined) return prefix
  await store.put(`${prefix}body.json.gz`, gzip(refusal.body))
  const { feed, at, reason, detail, source, fetched_at = null, quarantined = [] } = refusal
  const error = { feed, at, reason, detail, source, fetched_at, sha256: digest, quarantined }
  await store.put(errorKey, `${JSON.stringify(error, null, 2)}\n`)
  return prefix
}
