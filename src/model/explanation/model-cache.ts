import { OperatorError } from '../../core/errors.ts'
import type { OnlineFeatures } from '../../data/features/online.ts'
import type { LoadedModel, Platform } from '../../platform/ports.ts'
import { loadModel } from '../registry/registry.ts'
import { boundedMemo } from './bounded-memo.ts'
import type { ScoreCell } from './score-cells.ts'

/**
 * What explanations keep between two calls, for one lake: the last models in memory, features of the last slots, counts of
 * outcomes by score. Bounded; what was lost is made again.
 */
export interface ModelCache {
  /**
   * Runs `use` on a model of the registry, which stays loaded meanwhile. NOT_FOUND without the version, CORRUPT when it is
   * damaged, MISMATCH when it follows another feature contract, UNAVAILABLE once the cache is closed.
   */
  withModel<T>(group: string, version: string, use: (model: LoadedModel) => Promise<T>): Promise<T>
  features(key: string, make: () => Promise<OnlineFeatures>): Promise<OnlineFeatures>
  cells(key: string, make: () => Promise<readonly ScoreCell[]>): Promise<readonly ScoreCell[]>
  /** Frees every model, once nobody uses it. */
  close(): Promise<void>
}

/** Most models that are loaded at once: what serves two stages and two targets, and what these served before. */
const MODELS = 8
/** A slot of 2,200 stations takes 250 kB. */
const SLOTS = 24
/** Up to 1000 cells a version each. */
const CELL_PIECES = 128

interface Held {
  readonly model: LoadedModel
  users: number
  /** Closed by its last user. */
  dropped: boolean
}

/** Opens the cache of a lake. */
export function openModelCache(
  platform: Pick<Platform, 'store' | 'scorer'>,
  options: { readonly models?: number } = {},
): ModelCache {
  const drop = async (made: Promise<Held>): Promise<void> => {
    const held = await made.catch(() => undefined)
    if (!held || held.dropped) return
    held.dropped = true
    if (held.users === 0) await held.model.close()
  }
  const models = boundedMemo<Held>(options.models ?? MODELS, (made) => void drop(made).catch(() => {}))
  const features = boundedMemo<OnlineFeatures>(SLOTS)
  const cells = boundedMemo<readonly ScoreCell[]>(CELL_PIECES)
  let closed = false

  const open = async (group: string, version: string): Promise<Held> => {
    const { model } = await loadModel(platform.store, group, version)
    return { model: await platform.scorer.load(model), users: 0, dropped: false }
  }

  return {
    async withModel(group, version, use) {
      if (closed) throw new OperatorError('UNAVAILABLE', 'the model cache is closed')
      // Whoever was given it before it was dropped is counted before `drop` looks at the users.
      const held = await models.get(`${group}/${version}`, () => open(group, version))
      held.users++
      try {
        return await use(held.model)
      } finally {
        held.users--
        if (held.dropped && held.users === 0) await held.model.close()
      }
    },
    features: (key, make) => features.get(key, make),
    cells: (key, make) => cells.get(key, make),
    async close() {
      closed = true
      void features.clear()
      void cells.clear()
      for (const made of models.clear()) await drop(made)
    },
  }
}
