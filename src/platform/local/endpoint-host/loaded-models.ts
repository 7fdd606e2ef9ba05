import { OperatorError } from '../../../core/errors.ts'
import { unpackModel } from '../../../core/model-archive.ts'
import { openServedModel, type ServedModel } from '../../engines/inference-server/served-model.ts'
import type { XgboostScorer } from '../../engines/xgboost/scorer.ts'
import type { ObjectStore } from '../../ports.ts'

/** A model in use; give it back once. */
export interface ModelLease {
  readonly model: ServedModel
  release(): void
}

/** Models by the key of their archive: each is loaded once, however many variants use it, and goes with its last user. */
export interface LoadedModels {
  /** NOT_FOUND without the archive, CORRUPT when it is damaged, MISMATCH when it does not follow the feature contract. */
  acquire(archiveKey: string): Promise<ModelLease>
}

export function openLoadedModels(store: ObjectStore, scorer: XgboostScorer): LoadedModels {
  interface Entry {
    users: number
    readonly model: Promise<ServedModel>
  }
  const entries = new Map<string, Entry>()

  const load = async (key: string): Promise<ServedModel> => {
    const archive = await store.get(key)
    if (!archive)
      throw new OperatorError(
        'NOT_FOUND',
        `there is no model archive at ${key}`,
        'Deploy a version that `bikeshare models list` shows.',
      )
    return openServedModel(scorer, await unpackModel(archive.body))
  }
  const release = (key: string, entry: Entry): void => {
    entry.users--
    if (entry.users > 0) return
    if (entries.get(key) === entry) entries.delete(key)
    // A scorer that is closed or has died has nothing left to free.
    void entry.model.then((model) => model.close()).catch(() => {})
  }

  return {
    async acquire(key) {
      let entry = entries.get(key)
      if (!entry) {
        entry = { users: 0, model: load(key) }
        entries.set(key, entry)
      }
      entry.users++
      try {
        const model = await entry.model
        const held = entry
        return { model, release: () => release(key, held) }
      } catch (error) {
        release(key, entry)
        throw error
      }
    },
  }
}
