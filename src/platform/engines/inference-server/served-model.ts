import { FEATURE_NAMES } from '../../../core/contracts/features.ts'
import { isOperatorError, messageOf, OperatorError } from '../../../core/errors.ts'
import type { XgboostModel, XgboostScorer } from '../xgboost/scorer.ts'
import { InferenceError } from './inference-error.ts'
import type { Rows } from './rows.ts'

/** A model that answers requests. */
export interface ServedModel {
  /** Features in the order in which rows have them. */
  readonly featureNames: readonly string[]
  /** One finite score a row. Rejects with InferenceError 500 when the model or its thread fails. */
  score(rows: Rows): Promise<Float32Array>
  close(): Promise<void>
}

/**
 * Loads a model file for serving. Its features must be the contract's, by name and order: else MISMATCH; a damaged file is
 * CORRUPT. Requests that arrive while the library is busy are scored together (the scorer sees to it); when its thread
 * dies, they are sent once more to the one that replaces it.
 */
export async function openServedModel(
  scorer: XgboostScorer,
  file: Uint8Array,
  contract: readonly string[] = FEATURE_NAMES,
): Promise<ServedModel> {
  const model = await scorer.load(file)
  const difference = featureDifference(model, contract)
  if (difference !== undefined) {
    await model.close()
    throw new OperatorError(
      'MISMATCH',
      `the model does not follow the feature contract: ${difference}`,
      'Train the model again with this version of the software.',
    )
  }
  return {
    featureNames: contract,
    async score({ count, features }) {
      const scores = await predictTwice(model, features, count)
      for (let row = 0; row < count; row++)
        if (!Number.isFinite(scores[row]))
          throw new InferenceError(500, `the model gave no number for row ${row + 1}`)
      return scores
    },
    close: () => model.close(),
  }
}

async function predictTwice(
  model: XgboostModel,
  features: Float32Array,
  rows: number,
): Promise<Float32Array> {
  try {
    return await model.predict(features, rows).catch((error: unknown) => {
      if (isOperatorError(error, 'UNAVAILABLE')) return model.predict(features, rows)
      throw error
    })
  } catch (error) {
    throw new InferenceError(500, `the model failed: ${messageOf(error)}`, error)
  }
}

/** The first difference in words; undefined when there is none. A file without names is judged by its number of columns. */
function featureDifference(model: XgboostModel, contract: readonly string[]): string | undefined {
  if (model.columns !== contract.length)
    return `it takes ${model.columns} features, the contract has ${contract.length}`
  const at = model.featureNames.findIndex((name, i) => name !== contract[i])
  return at === -1
    ? undefined
    : `its feature ${at + 1} is "${model.featureNames[at]}", the contract has "${contract[at]}" there`
}
