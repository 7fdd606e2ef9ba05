import { trainingParamsSchema, type TrainingParams } from '../../src/core/contracts/manifest.ts'
import { openBoosting, type TrainingData } from '../../src/platform/engines/xgboost/boosting.ts'
import { openXgboost, type RowBatch, type XgboostApi } from '../../src/platform/engines/xgboost/capi.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { libraryPath } from './stump-model.ts'

/**
 * Rows with something to learn: the label follows from the first features, one value in twenty is missing, every third
 * feature is a whole number.
 */
export function syntheticRows(rows: number, columns: number, seed: number): RowBatch {
  const random = seededRandom(seed)
  const labels = new Float32Array(rows)
  const features = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    let score = -1
    for (let column = 0; column < columns; column++) {
      const drawn = random() * 10
      const value = random() < 0.05 ? Number.NaN : Math.fround(column % 3 === 0 ? Math.round(drawn) : drawn)
      features[row * columns + column] = value
      if (column < 6 && !Number.isNaN(value)) score += ((value - 5) * (column % 2 === 0 ? -1 : 1)) / 4
    }
    labels[row] = random() < 1 / (1 + Math.exp(-score)) ? 1 : 0
  }
  return { labels, features }
}

/** A training set and a validation set of half its size. */
export const syntheticData = (columns: number, rows = 2000): TrainingData => ({
  columns,
  train: [syntheticRows(rows, columns, 1)],
  validation: [syntheticRows(rows / 2, columns, 2)],
})

/** Parameters of a small training in one thread. */
export const smallParams = (changes: Partial<TrainingParams> = {}): TrainingParams =>
  trainingParamsSchema.parse({ num_round: 12, max_depth: 4, nthread: 1, ...changes })

/** Names for `columns` features. */
export const someNames = (columns: number): string[] =>
  Array.from({ length: columns }, (_, i) => `feature_${i}`)

/** The library of this machine, opened in this thread. */
export const openApi = (): XgboostApi => openXgboost(libraryPath())

/** A small model in UBJ. */
export function trainSmallModel(api: XgboostApi, columns = 5): Uint8Array {
  const boosting = openBoosting(api, syntheticData(columns), smallParams())
  while (!boosting.finished) boosting.step()
  const { model } = boosting.state()
  boosting.free()
  return model
}

/** The model in another of XGBoost's formats. */
export function convertModel(
  api: XgboostApi,
  model: Uint8Array,
  format: 'ubj' | 'json' | 'deprecated',
): Uint8Array {
  const booster = api.createBooster([])
  api.load(booster, model)
  const converted = api.save(booster, format)
  api.freeBooster(booster)
  return converted
}
