import { FEATURE_CONTRACT, FEATURE_NAMES } from '../../core/contracts/features.ts'
import type { Manifest } from '../../core/contracts/manifest.ts'
import { OperatorError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { modelPrefix } from '../../core/keys.ts'
import { unpackModel } from '../../core/model-archive.ts'
import type { ObjectStore } from '../../platform/ports.ts'

/** What a model must be for its use. */
export interface ModelExpectations {
  /** The city it is to predict for. */
  readonly city?: string
  /** Major and minor version of the library that made it, such as `1.7`, where another must not serve. */
  readonly requireLibrary?: string
}

/**
 * Reads a version's files and checks them against its manifest and against this program: MISMATCH names the first thing
 * that does not agree, CORRUPT the file that is damaged. Gives the model.
 */
export async function checkModel(
  store: ObjectStore,
  manifest: Manifest,
  expect: ModelExpectations,
): Promise<Uint8Array> {
  checkAgreement(manifest, expect)
  const name = `${manifest.group} ${manifest.version}`
  const prefix = modelPrefix(manifest.group, manifest.version)
  let archive: Uint8Array | undefined
  for (const [file, hash] of Object.entries(manifest.files)) {
    const stored = await store.get(prefix + file)
    if (!stored) throw corrupt(`${prefix}${file} of ${name} is gone`)
    if (sha256(stored.body) !== hash) throw corrupt(`${prefix}${file} is not the one that was registered`)
    if (file === 'model.tar.gz') archive = stored.body
  }
  if (!archive) throw corrupt(`the manifest of ${name} names no model.tar.gz`)
  const model = await unpackModel(archive)
  if (sha256(model) !== manifest.model_sha256)
    throw corrupt(`the model inside ${prefix}model.tar.gz is not the one that was registered`)
  return model
}

/** MISMATCH for the first thing in which a manifest differs from this program's contract or from what is expected. */
export function checkAgreement(manifest: Manifest, expect: ModelExpectations): void {
  const name = `${manifest.group} ${manifest.version}`
  if (expect.city !== undefined && manifest.city !== expect.city)
    throw new OperatorError(
      'MISMATCH',
      `${name} was trained on ${manifest.city}, not on ${expect.city}`,
      `Train a model on ${expect.city}.`,
    )
  const retrain = 'Train a model with this version of the program, or use the version that made this model.'
  if (manifest.feature_contract !== FEATURE_CONTRACT)
    throw new OperatorError(
      'MISMATCH',
      `${name} follows feature contract ${manifest.feature_contract}; this program has ${FEATURE_CONTRACT}`,
      retrain,
    )
  const length = Math.max(manifest.feature_names.length, FEATURE_NAMES.length)
  for (let i = 0; i < length; i++) {
    const [found, wanted] = [manifest.feature_names[i] ?? 'nothing', FEATURE_NAMES[i] ?? 'nothing']
    if (found !== wanted)
      throw new OperatorError(
        'MISMATCH',
        `feature ${i + 1} of ${name} is ${found}, where contract ${FEATURE_CONTRACT} has ${wanted}`,
        retrain,
      )
  }
  const library = manifest.library.version
  const required = expect.requireLibrary
  if (required !== undefined && library !== required && !library.startsWith(`${required}.`))
    throw new OperatorError(
      'MISMATCH',
      `${name} was made by xgboost ${library}; only ${required} may serve here`,
      `Train it with xgboost ${required}: run \`bikeshare doctor\` to see which library is in use.`,
    )
}

function corrupt(message: string): OperatorError {
  return new OperatorError(
    'CORRUPT',
    message,
    'Restore it from a backup, or remove the version’s folder and train again.',
  )
}
