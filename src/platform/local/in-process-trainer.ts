import { trainingParamsSchema, type TrainingParams } from '../../core/contracts/manifest.ts'
import { OperatorError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import type { TrainingState } from '../engines/xgboost/boosting.ts'
import { xgboostVersion } from '../engines/xgboost/c-functions.ts'
import { startTrainingProcess } from '../engines/xgboost/training-process.ts'
import { ROW_SETS } from '../engines/xgboost/training-protocol.ts'
import type { ObjectStore, Trainer, TrainingJob, Warehouse } from '../ports.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { keyPath } from './key-path.ts'
import { trainingRows } from './training-rows.ts'

export interface TrainerOptions {
  readonly store: ObjectStore
  readonly warehouse: Pick<Warehouse, 'describeFile' | 'scanFile'>
  /** The store's folder: the training files are read where they lie. */
  readonly root: string
  readonly libraryPath: string
  /** Environment of the training process; OMP_WAIT_POLICY is passive unless set here. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Trains with native XGBoost on this machine, in a process of its own for every job. The same data, parameters and
 * thread count give the same model, bit for bit, whether or not the training was interrupted and resumed.
 */
export function openTrainer(options: TrainerOptions): Trainer {
  const { store, warehouse, root, libraryPath, env } = options
  return {
    async fit(job, { onRound, signal } = {}) {
      const params = knownParams(job)
      const library = xgboostVersion(libraryPath)
      const columns = job.featureNames.length
      const process = startTrainingProcess({ libraryPath, columns, env, ...(signal ? { signal } : {}) })
      const keeping = keepCheckpoints(store, job.prefix)
      try {
        const hashes: string[] = []
        for (const set of ROW_SETS) {
          const key = set === 'train' ? job.trainKey : job.validationKey
          const rows = trainingRows(warehouse, keyPath(root, key), job.featureNames)
          let count = 0
          for await (const batch of rows.batches()) {
            count += batch.labels.length
            await process.send(set, batch)
          }
          if (count === 0) throw new OperatorError('BAD_INPUT', `the training file ${key} has no rows`)
          hashes.push(rows.sha256())
        }
        const jobHash = sha256(canonicalJson({ hashes, params, names: job.featureNames, library }))
        const resume = await readCheckpoint(store, job.prefix, jobHash)
        const trained = process.train(
          { params, featureNames: job.featureNames, resume },
          { round: (score) => onRound?.(score), checkpoint: (state) => keeping.keep(jobHash, state) },
        )
        const model = await Promise.race([trained, keeping.failed])
        await keeping.written()
        return model
      } finally {
        process.kill()
        // Nothing of this job is written once it has ended.
        await keeping.written().catch(() => {})
      }
    },
  }
}

/** The library takes a misspelt name silently, so that names and ranges are checked here. */
function knownParams(job: TrainingJob): TrainingParams {
  const parsed = trainingParamsSchema.safeParse(job.params)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new OperatorError(
    'BAD_INPUT',
    `training parameter ${issue?.path.join('.') ?? ''}: ${issue?.message ?? parsed.error.message}`,
    'Parameters have the names that XGBoost gives them, such as max_depth and eta.',
  )
}

/** Writes checkpoints one after another while the training goes on. */
function keepCheckpoints(store: ObjectStore, prefix: string) {
  let writing: Promise<void> = Promise.resolve()
  let fail: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject
  })
  return {
    keep(jobHash: string, state: TrainingState): void {
      writing = writing.then(() => writeCheckpoint(store, prefix, jobHash, state))
      writing.catch(fail)
    },
    /** Rejects when a checkpoint could not be written. */
    failed,
    written: () => writing,
  }
}
