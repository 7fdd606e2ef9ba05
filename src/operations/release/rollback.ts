import { TARGETS, type Target } from '../../core/contracts/features.ts'
import type { Deployment } from '../../core/contracts/deployment.ts'
import type { Release, ReleaseEndpoint } from '../../core/contracts/release.ts'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { servedModelName } from '../../core/names.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { listModels, loadModel, resolveModel } from '../../model/registry/registry.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import { readHistory } from '../../model/serving/history.ts'
import type { ObjectStore, Platform } from '../../platform/ports.ts'
import { endpointOf, newRelease } from './promote.ts'
import { activeRelease, beginRelease, writeRelease } from './release-store.ts'
import { goingBack } from './step-release.ts'

export interface RollbackOptions {
  readonly city: string
  /** Of bikes; docks are NAME-docks. */
  readonly endpoint: string
  readonly targets: readonly Target[]
  /** A version (or alias); otherwise what served before. */
  readonly to?: string
  readonly instanceType: string
  readonly capturePercent: number
  readonly by: string
  readonly why: string
  readonly now: EpochSeconds
}

/**
 * Begins to go back, all targets together: a release that is under way is taken back; otherwise what served before, or `to`,
 * is made to serve again, at once. `stepRelease` goes on with it. NOT_FOUND when there is nothing to go back to, and what is
 * damaged, gone or of another contract is refused with the versions that remain.
 */
export async function beginRollback(platform: Pick<Platform, 'store'>, o: RollbackOptions): Promise<Release> {
  const { store } = platform
  for (;;) {
    const active = await activeRelease(store)
    if (!active) break
    if (o.to !== undefined)
      throw new OperatorError(
        'CHECK_FAILED',
        `the ${active.release.kind} ${active.release.id} is under way`,
        'Take it back first: `bikeshare rollback` without --to.',
      )
    if (active.release.phase === 'reverting') return active.release
    const reason = o.why === '' ? `taken back by ${o.by}` : `taken back by ${o.by}: ${o.why}`
    const written = await writeRelease(store, active, goingBack(active.release, reason, o.now))
    if (written) return written.release
  }
  const endpoints: ReleaseEndpoint[] = []
  for (const target of TARGETS.filter((t) => o.targets.includes(t)))
    endpoints.push(await endpointToRollBack(store, target, o))
  const strategy = { type: 'all-at-once', wait_seconds: 0 } as const
  const release = newRelease('rollback', { ...o, strategy, endpoints, alarms: [] })
  return (await beginRelease(store, release)).release
}

async function endpointToRollBack(
  store: ObjectStore,
  target: Target,
  o: RollbackOptions,
): Promise<ReleaseEndpoint> {
  const endpoint = endpointOf(o.endpoint, target)
  const deployment = await readDeployment(store, endpoint)
  if (!deployment || deployment.city !== o.city || deployment.target !== target)
    throw new OperatorError(
      'NOT_FOUND',
      `${endpoint} serves no ${target} of ${o.city}`,
      'See `bikeshare endpoints list`.',
    )
  const group = deployment.variants[0]?.group ?? ''
  const version =
    o.to === undefined ? await versionBefore(store, deployment) : await resolveModel(store, group, o.to)
  if (deployment.variants.every((variant) => variant.model_version === version))
    throw new OperatorError(
      'USAGE',
      `${endpoint} serves ${version} already`,
      'Name another version with --to.',
    )
  let threshold
  try {
    threshold = (await loadModel(store, group, version, { city: o.city })).manifest.threshold
  } catch (error) {
    const serves = deployment.variants.map((variant) => variant.model_version)
    const others = (await remaining(store, group, o.city)).filter((v) => v !== version && !serves.includes(v))
    throw new OperatorError(
      'CHECK_FAILED',
      `${endpoint} cannot go back to ${version}: ${messageOf(error)}`,
      others.length > 0
        ? `What remains, for --to: ${others.join(', ')}.`
        : 'No other version remains: train one.',
      error,
    )
  }
  const before = deployment.previous
  const sole = before?.variants.length === 1 && before.variants[0]?.model_version === version
  return {
    endpoint,
    target,
    existing_config: before && sole ? before.endpoint_config : null,
    from: { endpoint_config: deployment.endpoint_config, variants: deployment.variants },
    candidate: {
      group,
      model_version: version,
      model_name: servedModelName(group, version),
      threshold,
    },
    instance_type: o.instanceType,
    capture_percent: o.capturePercent,
    changed_before: null,
    called: false,
  }
}

/** The version that served before the one that serves: by the record, else by the history. */
export async function versionBefore(store: ObjectStore, deployment: Deployment): Promise<string> {
  const current = deployment.variants[0]?.model_version
  const recorded = deployment.previous?.variants[0]?.model_version
  if (recorded !== undefined && recorded !== current) return recorded
  const own = (await readHistory(store)).filter((entry) => entry.endpoint === deployment.endpoint)
  const before = own.findLast(({ to }) => to !== null && to.variants[0]?.model_version !== current)
  const version = before?.to?.variants[0]?.model_version
  if (version !== undefined) return version
  throw new OperatorError(
    'NOT_FOUND',
    `${deployment.endpoint} served nothing before ${current ?? 'this'}`,
    'Name a version with --to; `bikeshare models list` shows them.',
  )
}

/** Versions of a group that can serve, the newest first. */
async function remaining(store: ObjectStore, group: string, city: string): Promise<string[]> {
  const versions: string[] = []
  for (const { version } of (await listModels(store, group)).toReversed()) {
    const usable = await loadModel(store, group, version, { city }).then(
      () => true,
      () => false,
    )
    if (usable) versions.push(version)
  }
  return versions
}
