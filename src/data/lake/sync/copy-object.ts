import { createHash } from 'node:crypto'
import { OperatorError } from '../../../core/errors.ts'
import { sha256 } from '../../../core/hash.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import type { SyncStep } from './plan-sync.ts'

/** What came of one key. */
export interface Copied {
  /** `gone`: the source has removed it since it was listed. */
  readonly outcome: 'copied' | 'same' | 'gone'
  readonly bytes: number
  readonly sha256: string
}

/**
 * Makes the destination's object that of the source, and verifies that it is: by a tag that is a hash of the content, else by
 * reading it back. CORRUPT when it is not what was written.
 */
export async function copyObject(from: ObjectStore, to: ObjectStore, step: SyncStep): Promise<Copied> {
  const source = await from.get(step.key)
  if (!source) return { outcome: 'gone', bytes: 0, sha256: '' }
  const hash = sha256(source.body)
  const done = (outcome: 'copied' | 'same'): Copied => ({
    outcome,
    bytes: source.body.length,
    sha256: hash,
  })
  if (step.destinationTag !== undefined) {
    if (tagProves(step.destinationTag, source.body, hash)) return done('same')
    const there = await to.get(step.key)
    if (there && sha256(there.body) === hash) return done('same')
  }
  const { etag } = await to.put(step.key, source.body)
  if (!tagProves(etag, source.body, hash)) {
    const back = await to.get(step.key)
    if (!back || sha256(back.body) !== hash)
      throw new OperatorError(
        'CORRUPT',
        `${step.key} is not in the destination what was written to it`,
        'Another process may write to the same lake: let it end, then run the sync again.',
      )
  }
  return done('copied')
}

/** Whether a tag is a hash of the content: S3's is its MD5 (of an object in one part), a folder's the start of its sha256. */
function tagProves(tag: string, body: Uint8Array, hash: string): boolean {
  if (!/^[0-9a-f]{32}$/.test(tag)) return false
  return hash.startsWith(tag) || createHash('md5').update(body).digest('hex') === tag
}
