import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { MODEL_FILE, unpackModel } from '../../../core/model-archive.ts'

const ARCHIVE_FILE = 'model.tar.gz'

/**
 * The model of a folder as SageMaker mounts it (/opt/ml/model): `xgboost-model`, or else a model.tar.gz with it. NOT_FOUND
 * when it holds neither, CORRUPT when the archive is damaged.
 */
export async function readModelFolder(folder: string): Promise<Uint8Array> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    throw new OperatorError(
      'NOT_FOUND',
      `the model folder ${folder} cannot be read: ${messageOf(error)}`,
      `Make it, and put ${MODEL_FILE} into it.`,
      error,
    )
  }
  if (names.includes(MODEL_FILE)) return readFile(join(folder, MODEL_FILE))
  if (names.includes(ARCHIVE_FILE)) return unpackModel(await readFile(join(folder, ARCHIVE_FILE)))
  throw new OperatorError(
    'NOT_FOUND',
    `the model folder ${folder} holds ${names.join(', ') || 'nothing'}`,
    `Put ${MODEL_FILE} into it.`,
  )
}
