import { execFileSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { trainingParamsSchema } from '../../src/core/contracts/manifest.ts'
import type { RowBatch } from '../../src/platform/engines/xgboost/capi.ts'
import { findXgboostLibrary } from '../../src/platform/engines/xgboost/library.ts'
import { openScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import { openTrainer } from '../../src/platform/local/in-process-trainer.ts'
import type { TrainedModel } from '../../src/platform/ports.ts'
import { syntheticRows } from '../support/boosted-model.ts'
import { openLocalPlatform } from '../support/local-platform.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const COLUMNS = FEATURE_NAMES.length
const params = trainingParamsSchema.parse({ num_round: 80, early_stopping_rounds: 10, eta: 0.2 })
const sets = { train: syntheticRows(20_000, COLUMNS, 1), validation: syntheticRows(5000, COLUMNS, 2) }
const { path: libraryPath } = findXgboostLibrary({ env: process.env, home: homedir() })
const scorer = openScorer({ libraryPath, threads: 2 })

interface PythonResult {
  readonly version: string
  readonly rounds: number
  readonly history: readonly number[]
  readonly ourFeatureNames: readonly string[]
  readonly ourRounds: number
}

let folder = ''
let ours: TrainedModel
let python: PythonResult

/** Trains the same rows with the same parameters here and there. */
beforeAll(async () => {
  folder = await makeTempDir()
  ours = await trainHere()
  for (const [name, { labels, features }] of Object.entries(sets)) {
    await writeFile(join(folder, `${name}.features.f32`), features)
    await writeFile(join(folder, `${name}.labels.f32`), labels)
  }
  await writeFile(join(folder, 'xgboost-model'), ours.model)
  await writeFile(join(folder, 'job.json'), JSON.stringify({ params, featureNames: FEATURE_NAMES }))
  const script = join(import.meta.dirname, '../../scripts/python-env.mjs')
  const interpreter = execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim()
  execFileSync(interpreter, [join(import.meta.dirname, 'xgboost_parity.py'), folder], { stdio: 'pipe' })
  python = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as PythonResult
})
afterAll(async () => {
  await scorer.close()
  await rm(folder, { recursive: true, force: true })
})

async function trainHere(): Promise<TrainedModel> {
  const platform = await openLocalPlatform()
  const { store, warehouse, root } = platform
  const write = (key: string, { labels, features }: RowBatch) =>
    warehouse.writeRows(key, [
      { name: 'y', type: 'FLOAT', values: labels },
      ...FEATURE_NAMES.map((name, c) => ({
        name,
        type: 'FLOAT' as const,
        values: labels.map((_, r) => features[r * COLUMNS + c] ?? Number.NaN),
      })),
    ])
  await write('training/t.parquet', sets.train)
  await write('training/v.parquet', sets.validation)
  const job = { prefix: 'training/j/', trainKey: 'training/t.parquet', validationKey: 'training/v.parquet' }
  const trainer = openTrainer({ store, warehouse, root, libraryPath, env: process.env })
  try {
    return await trainer.fit({ ...job, featureNames: FEATURE_NAMES, params })
  } finally {
    await platform.close()
  }
}

const floats = async (file: string): Promise<Float32Array> =>
  new Float32Array(Uint8Array.from(await readFile(join(folder, file))).buffer)

const scoreHere = async (model: Uint8Array): Promise<Float32Array> => {
  const loaded = await scorer.load(model)
  return loaded.predict(sets.validation.features, sets.validation.labels.length)
}

describe("beside Python's xgboost 1.7", () => {
  it('a training on the same rows gives the same scores, bit for bit, in as many rounds', async () => {
    expect(python.version).toMatch(/^1\.7\./)
    expect(ours.rounds).toBe(python.rounds)
    expect(ours.rounds).toBeLessThan(params.num_round)
    expect(ours.history.map(({ validation }) => validation)).toEqual(python.history)
    expect(await scoreHere(ours.model)).toEqual(await floats('python.scores.f32'))
  })

  it('Python loads our model file, under the name that SageMaker gives it, with its feature names and our scores', async () => {
    expect(python.ourFeatureNames).toEqual(FEATURE_NAMES)
    expect(python.ourRounds).toBe(ours.rounds)
    expect(await floats('ours.scores.f32')).toEqual(await scoreHere(ours.model))
  })

  it("the contributions of our model are those of Python's pred_contribs", async () => {
    const theirs = await floats('ours.contributions.f32')
    const rows = theirs.length / (COLUMNS + 1)
    const loaded = await scorer.load(ours.model)
    const made = await loaded.contributions(sets.validation.features.slice(0, rows * COLUMNS), rows)
    expect(made).toHaveLength(300 * (COLUMNS + 1))
    expect(made).toEqual(theirs)
  })

  it.each(['json', 'ubj', 'deprecated'])(
    "we load Python's model file in the format %s with its scores",
    async (format) => {
      expect(await scoreHere(await readFile(join(folder, `python.${format}`)))).toEqual(
        await floats('python.scores.f32'),
      )
    },
  )
})
