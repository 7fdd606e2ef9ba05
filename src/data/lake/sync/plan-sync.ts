import type { ObjectStore, ObjectSummary } from '../../../platform/ports.ts'
import type { SyncState } from './sync-state.ts'

/** What is to be done with one key. */
export interface SyncStep {
  readonly key: string
  /** Bytes of the source. */
  readonly size: number
  readonly sourceTag: string
  /** Undefined: it is not there. */
  readonly destinationTag: string | undefined
}

/** All that a sync has to do. */
export interface SyncPlan {
  /** New, or not known to be the same. */
  readonly steps: readonly SyncStep[]
  /** Known to be the same. */
  readonly same: readonly ObjectSummary[]
  /** In the destination alone. */
  readonly extra: readonly ObjectSummary[]
}

/** Of one process, on one machine; a copy would keep others from starting. */
const NOT_COPIED = /^sync\/|^scheduler\/(.*\/)?lease\.json$/
/** What names other keys: copied once these are there, so that a reader in between finds what it is sent to. */
const POINTERS = /^(lake\.json|deployments\/|models\/[^/]+\/aliases\.json|releases\/)/

/** Compares two listings below `prefix` with what is remembered. With `trust` false, nothing is taken as known. */
export async function planSync(
  from: ObjectStore,
  to: ObjectStore,
  state: Pick<SyncState, 'keys'>,
  { prefix, trust }: { readonly prefix: string; readonly trust: boolean },
): Promise<SyncPlan> {
  const [source, destination] = await Promise.all([listed(from, prefix), listed(to, prefix)])
  const steps: SyncStep[] = []
  const same: ObjectSummary[] = []
  for (const object of source.values()) {
    const there = destination.get(object.key)
    const [sourceTag, destinationTag] = state.keys.get(object.key) ?? []
    if (trust && there && sourceTag === object.etag && destinationTag === there.etag) same.push(object)
    else
      steps.push({
        key: object.key,
        size: object.size,
        sourceTag: object.etag,
        destinationTag: there?.etag,
      })
  }
  return {
    steps,
    same,
    extra: [...destination.values()].filter(({ key }) => !source.has(key)),
  }
}

async function listed(store: ObjectStore, prefix: string): Promise<Map<string, ObjectSummary>> {
  const objects = new Map<string, ObjectSummary>()
  for await (const object of store.list(prefix))
    if (!NOT_COPIED.test(object.key)) objects.set(object.key, object)
  return objects
}

/** True for a key that may be copied only after all others. */
export const isPointer = (key: string): boolean => POINTERS.test(key)
