import { OperatorError } from '../../../core/errors.ts'
import { unpackModel } from '../../../core/model-archive.ts'
import { answerRequest } from '../../engines/inference-server/answer.ts'
import { openServedModel } from '../../engines/inference-server/served-model.ts'
import type { XgboostScorer } from '../../engines/xgboost/scorer.ts'
import type { ObjectStore } from '../../ports.ts'
import type { AnsweringModel } from './answering-model.ts'
import { startContainerProcess } from './container-process.ts'

/** A model in use; give it back once. */
export interface ModelLease {
  readonly model: AnsweringModel
  release(): void
}

/**
 * Models by the key of their archive and the image that serves them: each is loaded once, however many variants use it, and
 * goes with its last user.
 */
export interface LoadedModels {
  /** NOT_FOUND without the archive, CORRUPT when it is damaged, MISMATCH when it does not follow the feature contract. */
  acquire(archiveKey: string, image?: string): Promise<ModelLease>
}

/** Programs that serve a model as SageMaker's containers do, by the name of their image: a command and its arguments. */
export type Images = Readonly<Record<string, readonly string[]>>

export function openLoadedModels(store: ObjectStore, scorer: XgboostScorer, images: Images): LoadedModels {
  interface Entry {
    users: number
    readonly model: Promise<AnsweringModel>
  }
  const entries = new Map<string, Entry>()

  const load = async (key: string, image: string | undefined): Promise<AnsweringModel> => {
    const archive = await store.get(key)
    if (!archive)
      throw new OperatorError(
        'NOT_FOUND',
        `there is no model archive at ${key}`,
        'Deploy a version that `bikeshare models list` shows.',
      )
    const file = await unpackModel(archive.body)
    // An image that is not known here is one of the cloud's: the model file is the same, and the engine serves it.
    const command = image === undefined ? undefined : images[image]
    if (command) return startContainerProcess(command, file)
    const model = await openServedModel(scorer, file)
    return { answer: (request) => answerRequest(model, request), close: () => model.close() }
  }
  const release = (key: string, entry: Entry): void => {
    entry.users--
    if (entry.users > 0) return
    if (entries.get(key) === entry) entries.delete(key)
    // A scorer that is closed or has died has nothing left to free.
    void entry.model.then((model) => model.close()).catch(() => {})
  }

  return {
    async acquire(archiveKey, image) {
      const key = `${image ?? ''} ${archiveKey}`
      let entry = entries.get(key)
      if (!entry) {
        entry = { users: 0, model: load(archiveKey, image) }
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
