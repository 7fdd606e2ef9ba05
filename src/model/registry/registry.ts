import { z } from 'zod'
import type { Target } from '../../core/contracts/features.ts'
import { manifestSchema, type Manifest } from '../../core/contracts/manifest.ts'
import { isOperatorError, messageOf, OperatorError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import { modelPrefix } from '../../core/keys.ts'
import { packModel } from '../../core/model-archive.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { readAliasFile, writeAlias } from './aliases.ts'
import { checkModel, type ModelExpectations } from './model-checks.ts'

/** The package inside a version's folder. */
export const ARCHIVE_FILE = 'model.tar.gz'
const MANIFEST_FILE = 'manifest.json'
/** End of the training window, and the beginning of a hash over all that the model is made of. */
const VERSION_PATTERN = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/

/** The registry's name for the models of a city and target. */
export function modelGroup(city: string, target: Target): string {
  return `bikeshare-${city}-${target}`
}

/** What a version is made of; the registry adds the hashes. */
export interface NewModel {
  readonly manifest: Omit<Manifest, 'files' | 'model_sha256'>
  /** The model file, as SageMaker's built-in image and Python's xgboost load it. */
  readonly model: Uint8Array
  /** The report's files by name, below `report/`. */
  readonly report: Readonly<Record<string, string>>
}

/**
 * Puts a version into the registry: its package, its report, and at the end its manifest, whose presence makes the
 * version exist. The same version again is a no-op (`created` false); other content under its name is WRITE_CONFLICT.
 */
export async function registerModel(
  store: ObjectStore,
  { manifest, model, report }: NewModel,
): Promise<{ manifest: Manifest; created: boolean }> {
  const { group, version } = manifest
  const contents: Record<string, Uint8Array | string> = { [ARCHIVE_FILE]: await packModel(model) }
  for (const [name, text] of Object.entries(report)) contents[`report/${name}`] = text
  const whole = manifestSchema.parse({
    ...manifest,
    files: Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, sha256(content)])),
    model_sha256: sha256(model),
  })
  const existing = await findManifest(store, group, version)
  if (existing) return sameOrConflict(existing, whole)
  for (const [name, content] of Object.entries(contents))
    await store.put(`${modelPrefix(group, version)}${name}`, content)
  try {
    await store.put(manifestKey(group, version), `${JSON.stringify(whole, null, 2)}\n`, { ifAbsent: true })
  } catch (error) {
    if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    return sameOrConflict(await readManifest(store, group, version), whole)
  }
  return { manifest: whole, created: true }
}

function sameOrConflict(existing: Manifest, wanted: Manifest): { manifest: Manifest; created: boolean } {
  // When it was made is no part of what it is.
  if (canonicalJson({ ...existing, created_at: 0 }) === canonicalJson({ ...wanted, created_at: 0 }))
    return { manifest: existing, created: false }
  const differs = (Object.keys(wanted) as (keyof Manifest)[]).filter(
    (key) => key !== 'created_at' && canonicalJson(existing[key]) !== canonicalJson(wanted[key]),
  )
  throw new OperatorError(
    'WRITE_CONFLICT',
    `${wanted.group} ${wanted.version} is registered with other content: ${differs.join(', ')} differ`,
    'A version never changes. If the registered one is broken, remove its folder and train again.',
  )
}

/** The manifest of a version; NOT_FOUND (with what is there) without it, CORRUPT when it cannot be read. */
export async function readManifest(store: ObjectStore, group: string, version: string): Promise<Manifest> {
  const manifest = await findManifest(store, group, version)
  if (!manifest) throw await notFound(store, group, version)
  return manifest
}

/** The manifest of a version; undefined when there is no such version. CORRUPT when it is damaged or of another place. */
export async function findManifest(
  store: ObjectStore,
  group: string,
  version: string,
): Promise<Manifest | undefined> {
  const key = manifestKey(group, version)
  const stored = await store.get(key)
  if (!stored) return undefined
  const hint = 'Restore it from a backup, or remove the version’s folder and train again.'
  let parsed
  try {
    parsed = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(stored.body)))
  } catch (error) {
    throw new OperatorError('CORRUPT', `${key} is not JSON: ${messageOf(error)}`, hint, error)
  }
  if (!parsed.success) throw new OperatorError('CORRUPT', `${key}: ${z.prettifyError(parsed.error)}`, hint)
  const { data } = parsed
  if (data.group !== group || data.version !== version)
    throw new OperatorError('CORRUPT', `${key} is the manifest of ${data.group} ${data.version}`, hint)
  return data
}

/** All versions of a group, the oldest first: by the end of their training window, then by when they were made. */
export async function listModels(store: ObjectStore, group: string): Promise<Manifest[]> {
  const manifests: Manifest[] = []
  for (const version of await store.folders(`models/${group}/`)) {
    // A folder without a manifest is what a killed registration left: no version.
    const manifest = await findManifest(store, group, version)
    if (manifest) manifests.push(manifest)
  }
  return manifests.sort(
    (a, b) =>
      a.training.until - b.training.until ||
      a.created_at - b.created_at ||
      (a.version < b.version ? -1 : a.version > b.version ? 1 : 0),
  )
}

/**
 * The version that `name` means: a version, an alias, `latest`, or the beginning of one version. NOT_FOUND says what there
 * is; USAGE when several versions begin so.
 */
export async function resolveModel(store: ObjectStore, group: string, name: string): Promise<string> {
  if (VERSION_PATTERN.test(name) && (await findManifest(store, group, name))) return name
  const alias = (await readAliases(store, group))[name]
  if (alias !== undefined) return (await readManifest(store, group, alias)).version
  const versions = (await listModels(store, group)).map((manifest) => manifest.version)
  const latest = versions.at(-1)
  if (name === 'latest' && latest !== undefined) return latest
  const begun = name === '' ? [] : versions.filter((version) => version.startsWith(name))
  if (begun.length > 1)
    throw new OperatorError(
      'USAGE',
      `"${name}" begins ${begun.length} versions of ${group}: ${begun.join(', ')}`,
    )
  if (begun[0] === undefined) throw await notFound(store, group, name)
  return begun[0]
}

/** A version's manifest and model, checked: every hash, the package's content, the contract and what `expect` asks. */
export async function loadModel(
  store: ObjectStore,
  group: string,
  version: string,
  expect: ModelExpectations = {},
): Promise<{ manifest: Manifest; model: Uint8Array }> {
  const manifest = await readManifest(store, group, version)
  return { manifest, model: await checkModel(store, manifest, expect) }
}

/** Versions by alias; empty when the group has none. */
export async function readAliases(
  store: ObjectStore,
  group: string,
): Promise<Readonly<Record<string, string>>> {
  return (await readAliasFile(store, group)).file.aliases
}

/** Points an alias (staging, production, candidate …) at a version, and records who did it and when. */
export async function setAlias(
  store: ObjectStore,
  group: string,
  alias: string,
  version: string,
  { by, now }: { readonly by: string; readonly now: EpochSeconds },
): Promise<void> {
  await readManifest(store, group, version)
  await writeAlias(store, group, { alias, version, at: now, by })
}

const manifestKey = (group: string, version: string): string =>
  `${modelPrefix(group, version)}${MANIFEST_FILE}`

async function notFound(store: ObjectStore, group: string, name: string): Promise<OperatorError> {
  const versions = (await listModels(store, group)).map((manifest) => manifest.version)
  const aliases = Object.entries(await readAliases(store, group)).map(([alias, to]) => `${alias} (${to})`)
  if (versions.length === 0)
    return new OperatorError('NOT_FOUND', `${group} has no model`, 'Train one with `bikeshare train`.')
  return new OperatorError(
    'NOT_FOUND',
    `${group} has no version or alias "${name}"`,
    `Versions: ${versions.join(', ')}. Aliases: ${aliases.join(', ') || 'none'}.`,
  )
}
