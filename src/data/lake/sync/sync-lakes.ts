import { OperatorError } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import { copyObject } from './copy-object.ts'
import { isPointer, planSync, type SyncStep } from './plan-sync.ts'
import { openSyncState, type SyncState } from './sync-state.ts'

/** One side of a sync. */
export interface SyncSide {
  readonly store: ObjectStore
  /** As the operator named it; a source is remembered by it. */
  readonly address: string
}

/** How lakes are synced. */
export interface SyncOptions {
  readonly from: SyncSide
  readonly to: SyncSide
  /** Only keys that begin so. */
  readonly prefix?: string
  /** Remove from the destination what the source does not have. */
  readonly remove?: boolean
  /** Compare every content again, whatever is remembered. */
  readonly verify?: boolean
  readonly dryRun?: boolean
  /** Objects under way at once; default 16. */
  readonly jobs?: number
  readonly signal?: AbortSignal
  readonly report: Reporter
}

/** What a sync did, or would do. */
export interface SyncResult {
  readonly copied: number
  readonly copiedBytes: number
  /** There already, with the same content. */
  readonly same: number
  /** Removed by the source while it was read. */
  readonly gone: number
  /** In the destination alone. */
  readonly extra: number
  readonly removed: number
}

const JOBS = 16
/** First time that what is done is written down; then each time it has doubled, since that lists the destination. */
const SAVE_EVERY = 2000

/**
 * Copies a lake from one store to another: new and changed objects only, some at once, each verified by its hash. Stopped
 * anywhere and run again it goes on where it was; run once more it copies nothing. Nothing is removed unless asked for.
 * Errors: CORRUPT for content that arrived changed, CANCELLED by the signal, and those of the stores.
 */
export async function syncLakes(options: SyncOptions): Promise<SyncResult> {
  const { from, to, prefix = '', report } = options
  const state = await openSyncState(to.store, from.address)
  const trust = options.verify !== true
  const plan = await planSync(from.store, to.store, state, { prefix, trust })
  const totals = { copied: 0, copiedBytes: 0, same: plan.same.length, gone: 0 }
  const rest = { extra: plan.extra.length, removed: 0 }
  if (options.dryRun)
    return {
      ...totals,
      ...rest,
      copied: plan.steps.length,
      copiedBytes: plan.steps.reduce((sum, { size }) => sum + size, 0),
    }
  const bytes = plan.steps.reduce((sum, { size }) => sum + size, 0)
  const progress = report.start(`Copying ${plan.steps.length} objects`, Math.max(1, bytes))
  let doneBytes = 0
  let unsaved = 0
  const work = async (step: SyncStep): Promise<void> => {
    const copied = await copyObject(from.store, to.store, step)
    if (copied.outcome === 'copied') totals.copiedBytes += copied.bytes
    totals[copied.outcome] += 1
    doneBytes += step.size
    progress.update(doneBytes, step.key)
    unsaved += 1
    if (copied.outcome !== 'gone') pending.set(step.key, { sourceTag: step.sourceTag, hash: copied.sha256 })
    if (unsaved < Math.max(SAVE_EVERY, state.keys.size)) return
    unsaved = 0
    await remember(state, to.store, prefix, pending)
  }
  const pending = new Map<string, { sourceTag: string; hash: string }>()
  try {
    const jobs = options.jobs ?? JOBS
    await runAll(
      plan.steps.filter(({ key }) => !isPointer(key)),
      jobs,
      work,
      options.signal,
    )
    await runAll(
      plan.steps.filter(({ key }) => isPointer(key)),
      jobs,
      work,
      options.signal,
    )
    if (options.remove)
      await runAll(
        plan.extra,
        jobs,
        async ({ key }) => {
          await to.store.delete(key)
          state.keys.delete(key)
          rest.removed += 1
        },
        options.signal,
      )
  } finally {
    await remember(state, to.store, prefix, pending)
    progress.end()
  }
  return { ...totals, ...rest }
}

/** Writes down what is the same on both sides, by the tags that the destination's listing has now. */
async function remember(
  state: SyncState,
  to: ObjectStore,
  prefix: string,
  pending: Map<string, { sourceTag: string; hash: string }>,
): Promise<void> {
  if (pending.size === 0) return
  const done = new Map(pending)
  pending.clear()
  for await (const { key, etag } of to.list(prefix)) {
    const entry = done.get(key)
    if (entry) state.keys.set(key, [entry.sourceTag, etag, entry.hash])
  }
  await state.save()
}

/** Does all of `items`, `jobs` at once; after a failure nothing new is begun. */
async function runAll<T>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const queue = items.values()
  let failed = false
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (failed) return
      if (signal?.aborted)
        throw new OperatorError('CANCELLED', 'The sync was stopped', 'Run it again: it goes on where it was.')
      try {
        await work(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: jobs }, worker))
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failure) throw failure.reason
}
