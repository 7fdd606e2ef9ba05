import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { trainingParamsSchema } from '../../src/core/contracts/manifest.ts'
import { DAY_SECONDS } from '../../src/core/time.ts'
import { trainingRowsStatement } from '../../src/data/features/model-rows.ts'
import type { Platform } from '../../src/platform/ports.ts'
import type { PreparedInputs } from './inputs.ts'
import { buildAll, importInto } from './lakes.ts'
import type { Recording } from './recordings.ts'

/** Days that the model for serving is trained on: its size counts, not its skill. */
const DAYS = 2
const MODEL_FILE = 'model.ubj'
const ROWS_FILE = 'rows.f32'
const MAX_ROWS = 5000

/**
 * Trains a model of as many rounds as training allows on the last days of a recording, and keeps it and some of its rows in
 * `folder`, for benches of serving. `lake` is empty and gets what is needed.
 */
export async function prepareModel(folder: string, lake: Platform, recording: Recording): Promise<void> {
  const { city, to } = recording
  const from = Math.max(recording.from, to - DAYS * DAY_SECONDS)
  await importInto(lake, { ...recording, from })
  await buildAll(lake, recording)
  const statement = trainingRowsStatement({ city, target: 'bikes', from, until: to })
  const rowsKey = 'bench/serving-rows.parquet'
  await lake.warehouse.write(statement, rowsKey)
  const trained = await lake.trainer.fit({
    prefix: 'bench/serving/',
    trainKey: rowsKey,
    // The rows trained on go on being fitted, so that no round is stopped early: the largest model there can be.
    validationKey: rowsKey,
    featureNames: FEATURE_NAMES,
    params: trainingParamsSchema.parse({}),
  })
  await writeFile(join(folder, MODEL_FILE), trained.model)

  const features = new Float32Array(MAX_ROWS * FEATURE_NAMES.length)
  let rows = 0
  for await (const batch of lake.warehouse.stream(statement)) {
    const count = Math.min(batch.rows, MAX_ROWS - rows)
    FEATURE_NAMES.forEach((name, column) => {
      const values = batch.columns[name] ?? []
      for (let row = 0; row < count; row++)
        features[(rows + row) * FEATURE_NAMES.length + column] = Number(values[row] ?? Number.NaN)
    })
    rows += count
    if (rows === MAX_ROWS) break
  }
  await writeFile(join(folder, ROWS_FILE), features.subarray(0, rows * FEATURE_NAMES.length))
}

/** The model for serving in UBJ, and rows of features as it takes them, row-major. */
export async function readModel(
  inputs: PreparedInputs,
): Promise<{ readonly model: Buffer; readonly features: Float32Array; readonly rows: number }> {
  const bytes = Uint8Array.from(await inputs.read('model', ROWS_FILE))
  const features = new Float32Array(bytes.buffer)
  return {
    model: await inputs.read('model', MODEL_FILE),
    features,
    rows: features.length / FEATURE_NAMES.length,
  }
}
