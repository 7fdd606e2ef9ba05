import { TARGETS, type Target } from '../../core/contracts/features.ts'
import type { GateResult } from '../../core/contracts/gate.ts'
import {
  strategySchema,
  type Release,
  type ReleaseEndpoint,
  type Strategy,
} from '../../core/contracts/release.ts'
import { OperatorError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import { servedModelName } from '../../core/names.ts'
import type { Reporter } from '../../core/report.ts'
import { isoOf, type EpochSeconds } from '../../core/time.ts'
import { loadModel, modelGroup } from '../../model/registry/registry.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import type { Platform } from '../../platform/ports.ts'
import { alarmName } from '../alarms/alarms-for.ts'
import { syncAlarms } from '../alarms/sync-alarms.ts'
import { runGate } from './gate/gate.ts'
import { beginRelease } from './release-store.ts'

/** Alarms that take a release back; the others open an incident at most. */
const ROLLBACK_ALARMS = ['endpoint-5xx-crit', 'endpoint-latency-p95-crit'] as const

export interface PromoteOptions {
  readonly city: string
  readonly region: string
  readonly namespace: string
  /** Of bikes; docks are NAME-docks. */
  readonly stagingEndpoint: string
  readonly prodEndpoint: string
  readonly targets: readonly Target[]
  /** The version that is asked for, by target; it must be what staging serves. Otherwise that is taken. */
  readonly versions?: Readonly<Partial<Record<Target, string>>>
  readonly instanceType: string
  readonly capturePercent: number
  readonly strategy: Strategy
  readonly by: string
  readonly why: string
  readonly now: EpochSeconds
  readonly report: Reporter
}

/** What asking for a promotion came to: the gates, and the release when all of them are open and something is to change. */
export interface Asked {
  readonly gates: readonly GateResult[]
  readonly release: Release | undefined
}

/** The endpoint of a target in a pair: NAME for bikes, NAME-docks for docks. */
export function endpointOf(bikes: string, target: Target): string {
  return target === 'docks' ? `${bikes}-docks` : bikes
}

/**
 * Runs the gate on what staging serves, and begins its promotion: the release is recorded, and nothing changed yet; then
 * `stepRelease` goes on with it. All targets together or none. A gate that stays shut begins nothing. CHECK_FAILED while
 * another release is under way, MISMATCH when staging serves another version than asked for.
 */
export async function beginPromotion(platform: Platform, o: PromoteOptions): Promise<Asked> {
  const strategy = strategySchema.parse(o.strategy)
  const gates: GateResult[] = []
  const endpoints: ReleaseEndpoint[] = []
  for (const target of TARGETS.filter((t) => o.targets.includes(t))) {
    const gate = await runGate(platform, { ...o, endpoint: endpointOf(o.stagingEndpoint, target) })
    gates.push(gate)
    if (gate.verdict === 'pass' && gate.model_version !== null)
      endpoints.push(await endpointToPromote(platform, target, gate.model_version, o))
  }
  if (gates.some(({ verdict }) => verdict === 'fail')) return { gates, release: undefined }
  const changing = endpoints.filter(({ from, candidate }) => !servesAlone(from, candidate.model_version))
  if (changing.length === 0) return { gates, release: undefined }
  if (strategy.type === 'ab' || strategy.type === 'shadow') requireBaseline(changing, strategy)
  if (strategy.type === 'shadow' && o.capturePercent < 100)
    throw new OperatorError(
      'USAGE',
      'a shadow is judged by its data capture',
      'Set serve.capture_percent to 100.',
    )
  await syncAlarms(platform, { city: o.city, namespace: o.namespace, now: o.now, report: o.report })
  const known = new Set((await platform.alarms.describeAlarms()).map(({ alarm }) => alarm.AlarmName))
  const alarms = changing
    .flatMap(({ endpoint }) => ROLLBACK_ALARMS.map((suffix) => alarmName(endpoint, suffix)))
    .filter((name) => known.has(name))
  const release = newRelease('promote', { ...o, strategy, endpoints: changing, alarms })
  return { gates, release: (await beginRelease(platform.store, release)).release }
}

/** A release that is about to begin. */
export function newRelease(
  kind: Release['kind'],
  o: Pick<Release, 'city' | 'by' | 'why' | 'strategy' | 'endpoints' | 'alarms'> & {
    readonly now: EpochSeconds
  },
): Release {
  const { city, by, why, strategy, endpoints, alarms, now } = o
  const digest = sha256(canonicalJson({ kind, by, strategy, endpoints })).slice(0, 8)
  return {
    release_version: 1,
    id: `${isoOf(now).replaceAll(/[-:]/g, '')}-${digest}`,
    kind,
    city,
    by,
    why,
    strategy,
    endpoints,
    alarms,
    phase: 'acting',
    step: 0,
    since: now,
    reason: null,
    timeline: [{ at: now, what: `${kind} asked for by ${by}` }],
  }
}

async function endpointToPromote(
  { store }: Pick<Platform, 'store'>,
  target: Target,
  version: string,
  o: PromoteOptions,
): Promise<ReleaseEndpoint> {
  const wanted = o.versions?.[target]
  if (wanted !== undefined && wanted !== version)
    throw new OperatorError(
      'MISMATCH',
      `${endpointOf(o.stagingEndpoint, target)} serves ${version}, not ${wanted}: the gate says nothing about that`,
      `Deploy it to staging first, and let it serve for 24 h.`,
    )
  const group = modelGroup(o.city, target)
  const { manifest } = await loadModel(store, group, version, { city: o.city })
  const endpoint = endpointOf(o.prodEndpoint, target)
  const deployment = await readDeployment(store, endpoint)
  if (deployment && (deployment.city !== o.city || deployment.target !== target))
    throw new OperatorError(
      'MISMATCH',
      `${endpoint} serves ${deployment.target} of ${deployment.city}`,
      'Name the endpoint of this city and target.',
    )
  return {
    endpoint,
    target,
    from: deployment ? { endpoint_config: deployment.endpoint_config, variants: deployment.variants } : null,
    candidate: {
      group,
      model_version: version,
      model_name: servedModelName(group, version),
      threshold: manifest.threshold,
    },
    existing_config: null,
    instance_type: o.instanceType,
    capture_percent: o.capturePercent,
    changed_before: null,
    called: false,
  }
}

function servesAlone(from: ReleaseEndpoint['from'], version: string): boolean {
  return from !== null && from.variants.length === 1 && from.variants[0]?.model_version === version
}

/** What a candidate is compared with. */
function requireBaseline(endpoints: readonly ReleaseEndpoint[], strategy: Strategy): void {
  const without = endpoints.find(({ from }) => from === null || from.variants.length !== 1)
  if (without)
    throw new OperatorError(
      'USAGE',
      `${without.endpoint} has no single model to compare a candidate with`,
      `Promote with --strategy all-at-once first; ${strategy.type} comes after that.`,
    )
}
