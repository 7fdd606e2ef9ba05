import { BATCH_SECONDS, dtOf, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { sha256 } from '../../../core/hash.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import { readCall, type CapturedCall } from './captured-call.ts'

/** The capture files of an hour. */
export interface CaptureFiles {
  readonly keys: readonly string[]
  /** Of keys and contents: another when a file came later. */
  readonly digest: string
}

/** The files with what an endpoint's variants received in the hour that ends at `end`. */
export async function captureFiles(
  store: ObjectStore,
  endpoint: string,
  variants: readonly string[],
  end: EpochSeconds,
): Promise<CaptureFiles> {
  const hour = dtOf(end - HOUR_SECONDS)
    .split('-')
    .slice(0, 4)
    .join('/')
  const keys: string[] = []
  const tags: string[] = []
  for (const variant of variants)
    for await (const { key, size } of store.list(`datacapture/${endpoint}/${variant}/${hour}/`)) {
      if (!key.endsWith('.jsonl')) continue
      keys.push(key)
      tags.push(`${key} ${size}`)
    }
  return { keys, digest: sha256(tags.join('\n')) }
}

/** Names of the variants that an endpoint's captures are kept by. */
export function capturedVariants(store: ObjectStore, endpoint: string): Promise<string[]> {
  return store.folders(`datacapture/${endpoint}/`)
}

/** What was read of a file, beside the calls. */
export interface Unread {
  /** Lines that are torn or no captured request. */
  lines: number
}

/**
 * The live calls in some capture files, each once: a call that was repeated after a kill has the same inference id. Left
 * out are calls for a slot that was over by more than its ten minutes: predictions after the fact.
 */
export async function* liveCalls(
  store: ObjectStore,
  keys: readonly string[],
  unread: Unread,
): AsyncIterable<CapturedCall> {
  const seen = new Set<string>()
  for (const key of keys) {
    const object = await store.get(key)
    if (object === undefined) continue
    for (const line of new TextDecoder().decode(object.body).split('\n')) {
      if (line === '') continue
      const call = readCall(line)
      if (call === undefined) {
        unread.lines++
        continue
      }
      if (call.slot !== undefined && call.at > call.slot + BATCH_SECONDS) continue
      if (call.inferenceId !== undefined) {
        if (seen.has(call.inferenceId)) continue
        seen.add(call.inferenceId)
      }
      yield call
    }
  }
}
