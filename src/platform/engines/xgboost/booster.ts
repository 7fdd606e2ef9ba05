import type { Handle, XgboostApi } from './capi.ts'
import { checkModel } from './model-shape.ts'

/** A model in this thread's memory, ready to score. Synchronous. */
export interface Booster {
  readonly columns: number
  /** Trees of the model. */
  readonly rounds: number
  /** Empty when the file has none. */
  readonly featureNames: readonly string[]
  /**
   * Scores of the first `rows` rows of `input`, row-major, NaN for missing, into the beginning of `output`. Infinity
   * must not be in it.
   */
  predict(input: Float32Array, rows: number, output: Float32Array): void
  /** SHAP contributions of such rows, `columns + 1` each with the bias last, into the beginning of `output`. */
  contributions(input: Float32Array, rows: number, output: Float32Array): void
  /** Total gain by feature. */
  gain(): Record<string, number>
  free(): void
}

/**
 * Loads a model file. CORRUPT when it is damaged. `threads` are used above 4096 rows, for scoring in bulk: a request's rows
 * gain a few milliseconds from a second thread, and lose many when it has to be waited for (2,200 rows beside other work
 * on two cores: 134 ms with two threads, about 25 ms with one).
 */
export function loadBooster(api: XgboostApi, model: Uint8Array, threads: number): Booster {
  const shape = checkModel(model)
  const open = (nthread: number): Handle => {
    const handle = api.createBooster([])
    try {
      api.load(handle, model)
      api.setParam(handle, 'nthread', String(nthread))
      return handle
    } catch (error) {
      api.freeBooster(handle)
      throw error
    }
  }
  const single = open(1)
  let parallel: Handle | undefined
  return {
    columns: shape.features,
    rounds: shape.trees.length,
    featureNames: api.featureNames(single),
    predict(input, rows, output) {
      if (rows === 0) return
      if (threads > 1 && rows > FEW_ROWS) parallel ??= open(threads)
      const booster = rows > FEW_ROWS && parallel !== undefined ? parallel : single
      api.predictDense(booster, api.addressOf(input), rows, shape.features, output)
    },
    contributions(input, rows, output) {
      if (rows > 0) api.contributions(single, api.addressOf(input), rows, shape.features, output)
    },
    gain: () => api.totalGain(single),
    free() {
      api.freeBooster(single)
      if (parallel !== undefined) api.freeBooster(parallel)
    },
  }
}

const FEW_ROWS = 4096
