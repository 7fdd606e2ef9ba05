import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, gzipSync } from 'node:zlib'
import { extract, pack } from 'tar-stream'
import { messageOf, OperatorError } from './errors.ts'

/** The only file of a model.tar.gz: SageMaker's built-in XGBoost image takes every file in it as a model of an ensemble. */
export const MODEL_FILE = 'xgboost-model'

/** No model of ours comes near this; beyond it an archive is refused, however small it is packed. */
const MAX_MODEL_BYTES = 512 * 1024 * 1024

/** Packs a model file into SageMaker's model.tar.gz. The same model gives the same bytes: no times, no owner. */
export async function packModel(model: Uint8Array): Promise<Uint8Array> {
  const tar = pack()
  tar.entry({ name: MODEL_FILE, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }, Buffer.from(model))
  tar.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of tar) chunks.push(chunk as Uint8Array)
  const packed = gzipSync(Buffer.concat(chunks), { level: 6 })
  // Byte 9 names the operating system that packed it; 255 is "unknown".
  packed[9] = 255
  return packed
}

/**
 * The model of a model.tar.gz. CORRUPT when the archive is damaged, holds anything but the one file `xgboost-model`
 * (another file, a path, a link), or is larger than `maxBytes` unpacked.
 */
export async function unpackModel(archive: Uint8Array, maxBytes = MAX_MODEL_BYTES): Promise<Uint8Array> {
  const tar = extract()
  let model: Uint8Array | undefined
  const read = async (): Promise<void> => {
    for await (const entry of tar) {
      const { name, type, size } = entry.header
      // `tar -C folder .` writes the folder as an entry, and `./` before the file's name.
      if (type === 'directory' && (name === './' || name === '.')) entry.resume()
      else if ((type !== 'file' && type !== 'contiguous-file') || !/^(\.\/)?xgboost-model$/.test(name))
        throw refused(`it holds ${JSON.stringify(name)} (${type}) beside or instead of ${MODEL_FILE}`)
      else if (model !== undefined) throw refused(`it holds ${MODEL_FILE} twice`)
      else {
        if (size > maxBytes) throw refused(`its model is of ${size} bytes, above ${maxBytes}`)
        const chunks: Uint8Array[] = []
        for await (const chunk of entry) chunks.push(chunk as Uint8Array)
        model = Buffer.concat(chunks)
      }
    }
  }
  try {
    await Promise.all([
      pipeline(Readable.from([archive]), createGunzip(), limitTo(maxBytes + 1024 * 1024), tar),
      read().catch((error: unknown) => {
        tar.destroy()
        throw error
      }),
    ])
  } catch (error) {
    throw error instanceof OperatorError
      ? error
      : refused(`it cannot be unpacked: ${messageOf(error)}`, error)
  }
  if (model === undefined) throw refused(`it holds no ${MODEL_FILE}`)
  return model
}

/** Passes bytes on until there are more than `maxBytes`: an archive may hold anything after its model, too. */
function limitTo(maxBytes: number) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let size = 0
    for await (const chunk of source) {
      size += chunk.length
      if (size > maxBytes) throw refused(`it unpacks to more than ${maxBytes} bytes`)
      yield chunk
    }
  }
}

function refused(why: string, cause?: unknown): OperatorError {
  return new OperatorError(
    'CORRUPT',
    `the model archive is refused: ${why}`,
    'Register the model again, or take another version.',
    cause,
  )
}
