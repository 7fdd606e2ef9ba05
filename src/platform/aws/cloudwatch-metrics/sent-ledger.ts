import { canonicalJson, sha256 } from '../../../core/hash.ts'
import { dsOf, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../ports.ts'

/** Remembers in the lake which requests of PutMetricData were made: CloudWatch counts the same one again. */
export interface SentLedger {
  has(request: SentRequest): Promise<boolean>
  add(request: SentRequest): Promise<void>
}

/** What a request said; the same data in the same order are the same request. */
export interface SentRequest {
  readonly namespace: string
  readonly data: readonly unknown[]
  /** Of its first datum. */
  readonly time: EpochSeconds
}

/** `metrics-sent/NAMESPACE/ds=D/HASH`, empty objects that a lifecycle rule may remove after two weeks, when no retry comes. */
export function openSentLedger(store: Pick<ObjectStore, 'get' | 'put'>): SentLedger {
  const key = ({ namespace, data, time }: SentRequest): string =>
    `metrics-sent/${encodeURIComponent(namespace)}/ds=${dsOf(time)}/${sha256(canonicalJson(data))}`
  return {
    has: async (request) => (await store.get(key(request))) !== undefined,
    async add(request) {
      await store.put(key(request), '')
    },
  }
}
