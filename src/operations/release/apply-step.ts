import type { Deployment } from '../../core/contracts/deployment.ts'
import type { Change } from '../../core/contracts/history.ts'
import type { Release, ReleaseEndpoint } from '../../core/contracts/release.ts'
import { canonicalJson } from '../../core/hash.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { findDeployment, writeDeployment } from '../../model/serving/deployments.ts'
import { prepareConfig } from '../../model/serving/prepare.ts'
import { controlled } from '../../model/serving/settled.ts'
import type { EndpointDescription, Platform } from '../../platform/ports.ts'
import { goalOf, type Goal, type Step } from './plan.ts'

/** What a release needs of the platform. */
export type ReleasePlatform = Pick<Platform, 'store' | 'endpoints' | 'alarms' | 'packages'>

/** Where an endpoint is on its way to the goal of a step. */
export type Reached =
  | { readonly state: 'there' | 'under_way' }
  /** The update is to be called; `changedBefore` is what tells later whether it was. */
  | { readonly state: 'to_call'; readonly changedBefore: EpochSeconds }
  /** The endpoint went back by itself, or cannot be brought there. */
  | { readonly state: 'refused'; readonly why: string }

/** How a release says that the endpoint went back of its own accord, and that it tells of no failure. */
export const BY_ITSELF = 'by itself'
export const SAYS_NOTHING = 'and says InService'

const MOVING = new Set(['Creating', 'Updating', 'RollingBack', 'Deleting'])

/**
 * Looks how far an endpoint is, and prepares what its update needs: model, config and the announcement in the deployment
 * record. Changes nothing that serves; done twice it is done once.
 */
export async function lookAt(
  { store, endpoints }: ReleasePlatform,
  release: Release,
  endpoint: ReleaseEndpoint,
  step: Step,
): Promise<Reached> {
  const goal = goalOf(release, endpoint, step)
  const name = goal.config.EndpointConfigName
  const described = await endpoints.describeEndpoint(endpoint.endpoint)
  if (described && MOVING.has(described.EndpointStatus)) return { state: 'under_way' }
  if (described?.EndpointConfigName === name && described.EndpointStatus === 'InService')
    return weighsAs(described, goal)
      ? { state: 'there' }
      : { state: 'to_call', changedBefore: described.LastModifiedTime }
  if (described?.EndpointStatus === 'Failed')
    return { state: 'refused', why: described.FailureReason ?? 'it is Failed' }
  if (described && wentBack(described, endpoint, name))
    return {
      state: 'refused',
      why: `it went back to ${described.EndpointConfigName} ${BY_ITSELF}${described.FailureReason ? `: ${described.FailureReason}` : `, ${SAYS_NOTHING}`}`,
    }
  const models = [...goal.variants, ...(goal.shadow ? [goal.shadow] : [])]
  await prepareConfig(endpoints, goal.config, models, 'What is there is kept: resume the release.')
  const stored = await findDeployment(store, endpoint.endpoint)
  const next = { endpoint_config: name, variants: [...goal.variants] }
  if (stored && canonicalJson(stored.deployment.next) !== canonicalJson(next))
    await writeDeployment(store, { ...stored.deployment, next }, stored)
  return { state: 'to_call', changedBefore: described?.LastModifiedTime ?? 0 }
}

/** In service with another config than was asked for, after the call: a silent rollback. */
function wentBack(described: EndpointDescription, endpoint: ReleaseEndpoint, name: string): boolean {
  if (described.FailureReason?.includes(name)) return true
  const changed = endpoint.changed_before !== null && described.LastModifiedTime !== endpoint.changed_before
  return endpoint.called || changed
}

function weighsAs(described: EndpointDescription, goal: Goal): boolean {
  return goal.variants.every(
    ({ variant, weight }) =>
      described.ProductionVariants.find(({ VariantName }) => VariantName === variant)?.CurrentWeight ===
      weight,
  )
}

/** Calls the update that brings an endpoint to the goal of a step. */
export async function callUpdate(
  { endpoints }: ReleasePlatform,
  release: Release,
  endpoint: ReleaseEndpoint,
  step: Step,
): Promise<void> {
  const { config, variants, guard } = goalOf(release, endpoint, step)
  const described = await endpoints.describeEndpoint(endpoint.endpoint)
  const change = { EndpointName: endpoint.endpoint, EndpointConfigName: config.EndpointConfigName }
  const again = 'Resume the release.'
  if (!described) return controlled(endpoints.createEndpoint(change), again)
  if (described.EndpointConfigName === config.EndpointConfigName)
    return controlled(
      endpoints.updateEndpointWeightsAndCapacities({
        EndpointName: endpoint.endpoint,
        DesiredWeightsAndCapacities: variants.map(({ variant, weight }) => ({
          VariantName: variant,
          DesiredWeight: weight,
        })),
      }),
      again,
    )
  return controlled(endpoints.updateEndpoint({ ...change, ...(guard && { DeploymentConfig: guard }) }), again)
}

/** Records what an endpoint serves since a step was reached, in the history and in its deployment record. */
export async function recordServed(
  { store, endpoints }: ReleasePlatform,
  release: Release,
  endpoint: ReleaseEndpoint,
  goal: Pick<Goal, 'config' | 'variants' | 'shadow'>,
  action: Change['action'],
  now: EpochSeconds,
): Promise<void> {
  const stored = await findDeployment(store, endpoint.endpoint)
  const described = await endpoints.describeEndpoint(endpoint.endpoint)
  const {
    next: _,
    shadow: __,
    previous: ___,
    ...kept
  } = stored?.deployment ?? {
    endpoint: endpoint.endpoint,
    city: release.city,
    target: endpoint.target,
  }
  const deployment: Deployment = {
    ...kept,
    endpoint_config: goal.config.EndpointConfigName,
    variants: [...goal.variants],
    ...(endpoint.from && endpoint.from.endpoint_config !== goal.config.EndpointConfigName
      ? { previous: endpoint.from }
      : stored?.deployment.previous && { previous: stored.deployment.previous }),
    ...(goal.shadow && { shadow: goal.shadow }),
    updated_at: described?.LastModifiedTime ?? now,
    by: release.by,
  }
  if (
    stored &&
    canonicalJson({ ...stored.deployment, updated_at: 0 }) === canonicalJson({ ...deployment, updated_at: 0 })
  )
    return
  await writeDeployment(store, deployment, stored, { action, why: release.why || release.id })
}
