import type { Manifest } from '../../core/contracts/manifest.ts'
import { OperatorError } from '../../core/errors.ts'
import { modelPrefix } from '../../core/keys.ts'
import type { Reporter } from '../../core/report.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { openMlflowClient, type MlflowClient, type MlflowClientOptions } from './mlflow-client.ts'
import { readAliases, readManifest } from './registry.ts'

/** Where a version is logged. */
export interface MlflowOptions extends MlflowClientOptions {
  /** Experiment's name; it is made when it is not there. */
  readonly experiment: string
  readonly report: Reporter
}

/** What MLflow calls the logged version. */
export interface MlflowRun {
  readonly runId: string
  readonly modelVersion: string
  /** False when the version had been logged before: then nothing is written but its aliases. */
  readonly created: boolean
}

/** MLflow takes no more in one call. */
const MAX_PARAMS = 100
const MAX_METRICS = 1000

/**
 * Logs a registered version to an MLflow server: its run (parameters, figures, tags), its files as artifacts, a version of
 * the registered model, and the aliases that point at it (MLflow's stages are deprecated). A version is logged once: its
 * run is found by tag. A run that was interrupted is marked so and made anew. UNAVAILABLE when the server does not answer
 * or refuses; the registry itself is never changed.
 */
export async function logToMlflow(
  store: ObjectStore,
  group: string,
  version: string,
  options: MlflowOptions,
): Promise<MlflowRun> {
  const manifest = await readManifest(store, group, version)
  const client = openMlflowClient(options)
  const experimentId = await ensureExperiment(client, options.experiment)
  await client.tryCall('POST', 'registered-models/create', { name: group }, 'RESOURCE_ALREADY_EXISTS')
  const known = await findVersion(client, group, version)
  const run = known ?? (await logVersion(store, client, manifest, experimentId, options.report))
  for (const [alias, to] of Object.entries(await readAliases(store, group)))
    if (to === version)
      await client.call('POST', 'registered-models/alias', { name: group, alias, version: run.modelVersion })
  return run
}

async function ensureExperiment(client: MlflowClient, name: string): Promise<string> {
  const find = () =>
    client.tryCall('GET', 'experiments/get-by-name', { experiment_name: name }, 'RESOURCE_DOES_NOT_EXIST')
  const found = await find()
  if (found) return idIn(found, 'experiment', 'experiment_id')
  const made = await client.tryCall('POST', 'experiments/create', { name }, 'RESOURCE_ALREADY_EXISTS')
  if (made) return idIn(made, 'experiment_id')
  return idIn((await find()) ?? {}, 'experiment', 'experiment_id')
}

/** The model version that bears our version as its tag. */
async function findVersion(
  client: MlflowClient,
  group: string,
  version: string,
): Promise<MlflowRun | undefined> {
  const filter = `name = '${group}' and tag.\`bikeshare.version\` = '${version}'`
  const found = await client.call('GET', 'model-versions/search', { filter })
  const [first] = listIn(found, 'model_versions')
  return first && { runId: idIn(first, 'run_id'), modelVersion: idIn(first, 'version'), created: false }
}

async function logVersion(
  store: ObjectStore,
  client: MlflowClient,
  manifest: Manifest,
  experimentId: string,
  report: Reporter,
): Promise<MlflowRun> {
  const { group, version } = manifest
  const milliseconds = manifest.created_at * 1000
  const made = await client.call('POST', 'runs/create', {
    experiment_id: experimentId,
    run_name: version,
    start_time: milliseconds,
    tags: tagsOf(manifest),
  })
  const info = objectIn(objectIn(made, 'run'), 'info')
  const runId = idIn(info, 'run_id')
  try {
    const params = Object.entries(paramsOf(manifest)).map(([key, value]) => ({ key, value: String(value) }))
    for (let at = 0; at < params.length; at += MAX_PARAMS)
      await client.call('POST', 'runs/log-batch', {
        run_id: runId,
        params: params.slice(at, at + MAX_PARAMS),
      })
    const metrics = Object.entries(metricsOf(manifest)).map(([key, value]) => ({
      key,
      value,
      timestamp: milliseconds,
      step: 0,
    }))
    for (let at = 0; at < metrics.length; at += MAX_METRICS)
      await client.call('POST', 'runs/log-batch', {
        run_id: runId,
        metrics: metrics.slice(at, at + MAX_METRICS),
      })
    const root = idIn(info, 'artifact_uri')
    await uploadFiles(store, client, manifest, root, report)
    const registered = await client.call('POST', 'model-versions/create', {
      name: group,
      source: root,
      run_id: runId,
      tags: tagsOf(manifest),
    })
    await client.call('POST', 'runs/update', { run_id: runId, status: 'FINISHED', end_time: milliseconds })
    return { runId, modelVersion: idIn(objectIn(registered, 'model_version'), 'version'), created: true }
  } catch (error) {
    await client.call('POST', 'runs/update', { run_id: runId, status: 'FAILED' }).catch(() => {})
    throw error
  }
}

/** Uploads the version's files where the server keeps artifacts itself; elsewhere (S3, a share) it says that it did not. */
async function uploadFiles(
  store: ObjectStore,
  client: MlflowClient,
  manifest: Manifest,
  root: string,
  report: Reporter,
): Promise<void> {
  const served = /^mlflow-artifacts:(?:\/\/[^/]+)?\/(.+)$/.exec(root)
  if (!served?.[1]) {
    report.warn(`MLflow keeps the run's artifacts at ${root}, which it does not serve: no file was uploaded`)
    return
  }
  const prefix = modelPrefix(manifest.group, manifest.version)
  for (const file of ['manifest.json', ...Object.keys(manifest.files)]) {
    const stored = await store.get(prefix + file)
    if (!stored)
      throw new OperatorError(
        'CORRUPT',
        `${prefix}${file} is gone`,
        'Restore it from a backup, or train again.',
      )
    await client.upload(`${served[1]}/${file}`, stored.body)
  }
}

function tagsOf(manifest: Manifest): { key: string; value: string }[] {
  const tags = {
    'bikeshare.version': manifest.version,
    'bikeshare.city': manifest.city,
    'bikeshare.target': manifest.target,
    'bikeshare.feature_contract': manifest.feature_contract,
    'bikeshare.data_sha256': manifest.training.data_sha256,
    'bikeshare.library': `${manifest.library.name} ${manifest.library.version}`,
  }
  return Object.entries(tags).map(([key, value]) => ({ key, value }))
}

function paramsOf({ params, training, rounds }: Manifest): Record<string, string | number> {
  const window = Object.entries(training).map(([name, value]) => [`training.${name}`, value])
  return { ...params, rounds, ...Object.fromEntries(window) }
}

function metricsOf({ metrics, threshold }: Manifest): Record<string, number> {
  const found: Record<string, number> = { threshold }
  for (const [split, evaluation] of Object.entries(metrics))
    for (const [name, value] of Object.entries(evaluation ?? {}))
      if (typeof value === 'number') found[`${split}.${name}`] = value
  return found
}

function objectIn(body: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  const value = body[name]
  if (value !== null && typeof value === 'object') return value as Record<string, unknown>
  throw unexpected(name)
}

function listIn(body: Readonly<Record<string, unknown>>, name: string): Record<string, unknown>[] {
  const value = body[name] ?? []
  if (Array.isArray(value)) return value as Record<string, unknown>[]
  throw unexpected(name)
}

function idIn(
  body: Readonly<Record<string, unknown>>,
  ...path: readonly [string] | readonly [string, string]
): string {
  const [first, second] = path
  if (second !== undefined) return idIn(objectIn(body, first), second)
  const value = body[first]
  if (typeof value === 'string' && value !== '') return value
  throw unexpected(first)
}

function unexpected(name: string): OperatorError {
  return new OperatorError(
    'UNAVAILABLE',
    `MLflow's answer has no "${name}"`,
    'Is the address that of an MLflow server of version 2.9 or newer?',
  )
}
