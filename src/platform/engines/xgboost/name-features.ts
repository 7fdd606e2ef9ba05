import { OperatorError } from '../../../core/errors.ts'
import { openXgboost } from './capi.ts'
import { checkModel } from './model-shape.ts'

/**
 * A model of any of XGBoost's formats as UBJ with the names of its features, which the old binary format (the one that
 * SageMaker's built-in image writes) cannot hold, and how many rounds it has. CORRUPT for a damaged model, MISMATCH for
 * another number of features.
 */
export function nameFeatures(
  libraryPath: string,
  model: Uint8Array,
  featureNames: readonly string[],
): { readonly model: Uint8Array; readonly rounds: number } {
  const { features } = checkModel(model)
  if (features !== featureNames.length)
    throw new OperatorError(
      'MISMATCH',
      `the model takes ${features} features, not the ${featureNames.length} that it was to be trained on`,
      'Train it anew.',
    )
  const api = openXgboost(libraryPath)
  const booster = api.createBooster([])
  try {
    api.load(booster, model)
    api.setFeatureNames(booster, featureNames)
    return { model: api.save(booster, 'ubj'), rounds: api.rounds(booster) }
  } finally {
    api.freeBooster(booster)
  }
}
