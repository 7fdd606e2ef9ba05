import { execFile } from 'node:child_process'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { trainingParamsSchema, type TrainingParams } from '../../src/core/contracts/manifest.ts'
import { BATCH_SECONDS, DAY_SECONDS, dayFloor } from '../../src/core/time.ts'
import { trainingRowsStatement } from '../../src/data/features/model-rows.ts'
import { splitInTime } from '../../src/model/training/split.ts'
import { trainingRows } from '../../src/platform/local/training-rows.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { openPlatform } from '../harness/platform.ts'
import type { Recording } from '../harness/recordings.ts'

const run = promisify(execFile)
const PYTHON_ENV = join(import.meta.dirname, '../../scripts/python-env.mjs')
const PYTHON_TRAINING = join(import.meta.dirname, 'training.py')
const SETS = ['train', 'validation'] as const
type RowSet = (typeof SETS)[number]

/** What Python's side says of its training. */
interface PythonTraining {
  readonly version: string
  readonly seconds: number
  readonly rounds: number
  readonly peak_rss_mb: number
}

/**
 * A training with default parameters on the first four fifths of the recording's days, from Parquet files to the model;
 * against Python's xgboost on the same rows, from arrays in files to the model. Both score validation after every round.
 */
export async function benchTraining({ folder, inputs }: BenchContext): Promise<Measurement> {
  const root = join(folder, 'lake')
  await inputs.copy('sf-features', root)
  const lake = await openPlatform(root)
  const keyOf = (set: RowSet): string => `bench/${set}.parquet`
  const windows = split(await inputs.recording('sf'))
  const rows: number[] = []
  for (const set of SETS)
    rows.push((await lake.warehouse.write(trainingRowsStatement(windows[set]), keyOf(set))).rows)
  const params = trainingParamsSchema.parse({})
  const { result: trained, seconds } = await timed(() =>
    lake.trainer.fit({
      prefix: 'bench/training/',
      trainKey: keyOf('train'),
      validationKey: keyOf('validation'),
      featureNames: FEATURE_NAMES,
      params,
    }),
  )

  const exchange = join(folder, 'python')
  await mkdir(exchange)
  for (const set of SETS) await writeArrays(lake, join(root, keyOf(set)), join(exchange, set))
  const python = await trainInPython(exchange, params)
  const features = await floats(join(exchange, 'validation.features.f32'))
  const model = await lake.scorer.load(trained.model)
  const scores = await model.predict(features, features.length / FEATURE_NAMES.length)
  const theirs = await floats(join(exchange, 'scores.f32'))
  await lake.close()
  return {
    rows: rows[0] ?? 0,
    row_unit: 'training rows',
    seconds,
    peak_rss_mb: trained.peakRssMb ?? peakRssMb(),
    baseline: `Python's xgboost ${python.version} on the same rows and parameters`,
    baseline_seconds: python.seconds,
    figures: {
      validation_rows: rows[1] ?? 0,
      rounds: trained.rounds,
      baseline_rounds: python.rounds,
      baseline_peak_rss_mb: python.peak_rss_mb,
      max_score_difference: greatestDifference(scores, theirs),
    },
  }
}

/** Training and validation windows as a training on the first four fifths of the days would have them. */
function split({ city, from, to }: Recording) {
  const end = dayFloor(to) + DAY_SECONDS
  const testDays = Math.floor((end - dayFloor(from)) / DAY_SECONDS / 5)
  const windows = splitInTime(dayFloor(from), end - testDays * DAY_SECONDS - BATCH_SECONDS)
  if (!windows) throw new Error('the recording is too short to be split')
  const target = 'bikes' as const
  return {
    train: { city, target, ...windows.train },
    validation: { city, target, ...windows.validation },
  }
}

/** Rows of a training file as raw float32: `PATH.features.f32`, row-major, and `PATH.labels.f32`. */
async function writeArrays(lake: Platform, file: string, path: string): Promise<void> {
  const features = await open(`${path}.features.f32`, 'w')
  const labels = await open(`${path}.labels.f32`, 'w')
  for await (const batch of trainingRows(lake.warehouse, file, FEATURE_NAMES).batches()) {
    await features.writeFile(bytesOf(batch.features))
    await labels.writeFile(bytesOf(batch.labels))
  }
  await features.close()
  await labels.close()
}

const bytesOf = (values: Float32Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength)

async function trainInPython(folder: string, params: TrainingParams): Promise<PythonTraining> {
  await writeFile(join(folder, 'job.json'), JSON.stringify({ params, columns: FEATURE_NAMES.length }))
  const { stdout } = await run(process.execPath, [PYTHON_ENV])
  // As the trainer's own process has it, which is the faster one beside other work.
  const env = { ...process.env, OMP_WAIT_POLICY: 'passive' }
  const answer = await run(stdout.trim(), [PYTHON_TRAINING, folder], { env })
  return JSON.parse(answer.stdout) as PythonTraining
}

async function floats(path: string): Promise<Float32Array> {
  return new Float32Array(Uint8Array.from(await readFile(path)).buffer)
}

function greatestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`${a.length} scores here, ${b.length} in Python`)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0)
}
