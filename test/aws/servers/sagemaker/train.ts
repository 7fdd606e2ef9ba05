import { z } from 'zod'
import { trainingParamsSchema } from '../../../../src/core/contracts/manifest.ts'
import { packModel } from '../../../../src/core/model-archive.ts'
import { openXgboost } from '../../../../src/platform/engines/xgboost/capi.ts'
import { openDirectoryStore } from '../../../../src/platform/local/directory-store.ts'
import { openTrainer } from '../../../../src/platform/local/in-process-trainer.ts'
import { openLakeWarehouse } from '../../../../src/platform/local/lake-warehouse.ts'
import type { ObjectStore, RoundScore } from '../../../../src/platform/ports.ts'
import { keyOf, type S3Location } from '../../../../src/platform/aws/s3-location.ts'
import { openOwnFolder } from '../own-folder.ts'
import type { AskedTraining } from './training-input.ts'

/** What a training runs with. */
export interface EngineParts {
  /** What lies in S3 at `lake`. */
  readonly store: ObjectStore
  readonly lake: S3Location
  readonly libraryPath: string
  readonly signal: AbortSignal
  readonly onRound: (score: RoundScore) => void
}

/** The archive of the model that the job's data and parameters give. */
export async function train(asked: AskedTraining, parts: EngineParts): Promise<Uint8Array> {
  const { store, lake, libraryPath } = parts
  const folder = await openOwnFolder()
  const root = folder.path
  const files = openDirectoryStore(root)
  const warehouse = await openLakeWarehouse({ root, memoryLimit: '500MB', threads: 1 })
  try {
    for (const { ChannelName, ContentType, DataSource } of asked.InputDataConfig) {
      if (ContentType !== 'application/x-parquet')
        throw new Error(`${ContentType} is not an accepted ContentType here`)
      await files.put(
        `${ChannelName}.parquet`,
        await onlyFile(store, keyOf(lake, DataSource.S3DataSource.S3Uri)),
      )
    }
    const columns = await warehouse.describeFile(`${root}/train.parquet`)
    const trainer = openTrainer({ store: files, warehouse, root, libraryPath, env: process.env })
    const trained = await trainer.fit(
      {
        prefix: 'job/',
        trainKey: 'train.parquet',
        validationKey: 'validation.parquet',
        featureNames: columns.slice(1).map(({ name }) => name),
        params: paramsOf(asked.HyperParameters),
      },
      {
        signal: parts.signal,
        onRound: parts.onRound,
      },
    )
    return await packModel(inOldFormat(libraryPath, trained.model))
  } finally {
    await warehouse.close()
    await folder.remove()
  }
}

/** Strings, as the algorithm gets them; a name that it does not know is an error there as well. */
function paramsOf(given: Readonly<Record<string, string>>) {
  const values = Object.entries(given).map(([name, value]) => [
    name,
    Number.isNaN(Number(value)) ? value : Number(value),
  ])
  const parsed = trainingParamsSchema.safeParse(Object.fromEntries(values))
  if (!parsed.success) throw new Error(`Hyperparameter ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function inOldFormat(libraryPath: string, model: Uint8Array): Uint8Array {
  const api = openXgboost(libraryPath)
  const booster = api.createBooster([])
  api.load(booster, model)
  const old = api.save(booster, 'deprecated')
  api.freeBooster(booster)
  return old
}

async function onlyFile(store: ObjectStore, prefix: string): Promise<Uint8Array> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  const [key, ...others] = keys
  const object = key === undefined ? undefined : await store.get(key)
  if (!object || others.length > 0) throw new Error(`${keys.length} files at ${prefix}, one is wanted`)
  return object.body
}
