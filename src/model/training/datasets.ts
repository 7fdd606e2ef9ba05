import { FEATURE_CONTRACT, FEATURE_NAMES } from '../../core/contracts/features.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import type { Platform } from '../../platform/ports.ts'
import { trainingRowsStatement } from '../../data/features/model-rows.ts'
import type { TrainingPlan } from './plan.ts'

/** The files that a trainer reads. */
export interface TrainingFiles {
  readonly trainKey: string
  readonly validationKey: string
  /** Over both files' content and the contract: equal data have equal hashes. */
  readonly dataSha256: string
}

/** Writes the training and validation rows below `prefix`, label first; the same rows give the same bytes. */
export async function writeDatasets(
  { warehouse }: Pick<Platform, 'warehouse'>,
  plan: TrainingPlan,
  prefix: string,
): Promise<TrainingFiles> {
  const train = await warehouse.write(trainingRowsStatement(plan.train), `${prefix}train.parquet`)
  const validation = await warehouse.write(
    trainingRowsStatement(plan.validation),
    `${prefix}validation.parquet`,
  )
  const content = {
    contract: FEATURE_CONTRACT,
    features: FEATURE_NAMES,
    train: train.sha256,
    validation: validation.sha256,
  }
  return {
    trainKey: train.key,
    validationKey: validation.key,
    dataSha256: sha256(canonicalJson(content)),
  }
}

/** Removes the datasets and checkpoints of a training that has come to its end. */
export async function removeJob({ store }: Pick<Platform, 'store'>, prefix: string): Promise<void> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  for (const key of keys) await store.delete(key)
}
