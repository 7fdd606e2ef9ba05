import type { Deployment } from '../../core/contracts/deployment.ts'
import { OperatorError } from '../../core/errors.ts'
import type { EndpointDescription, Platform } from '../../platform/ports.ts'
import { readDeployment } from '../serving/deployments.ts'

/** An endpoint that a batch is due for, with what it serves. */
export interface DueEndpoint {
  readonly name: string
  readonly deployment: Deployment
}

/** An endpoint that was asked for, but cannot predict. */
export interface SkippedEndpoint {
  readonly name: string
  readonly reason: string
}

/** An update goes on behind the endpoint, which answers meanwhile. */
const ANSWERS = new Set(['InService', 'Updating', 'RollingBack'])

/**
 * The endpoints that serve a city, by their deployment records; of these only `wanted`, if given. One that is wanted and
 * is not there is NOT_FOUND; one that cannot predict is in `skipped`.
 */
export async function dueEndpoints(
  { store, endpoints }: Pick<Platform, 'store' | 'endpoints'>,
  city: string,
  wanted: readonly string[] | undefined,
): Promise<{ due: DueEndpoint[]; skipped: SkippedEndpoint[] }> {
  const all = await endpoints.listEndpoints()
  const missing = wanted?.find((name) => !all.some(({ EndpointName }) => EndpointName === name))
  if (missing !== undefined)
    throw new OperatorError(
      'NOT_FOUND',
      `there is no endpoint "${missing}"`,
      `There are ${all.map(({ EndpointName }) => EndpointName).join(', ') || 'none: deploy one with `bikeshare endpoints deploy`'}.`,
    )
  const due: DueEndpoint[] = []
  const skipped: SkippedEndpoint[] = []
  for (const endpoint of all) {
    const name = endpoint.EndpointName
    if (wanted && !wanted.includes(name)) continue
    const deployment = await readDeployment(store, name)
    if (deployment && deployment.city !== city && !wanted) continue
    const reason = whyNot(endpoint, deployment, city)
    if (deployment && reason === undefined) due.push({ name, deployment })
    else if (reason !== undefined) skipped.push({ name, reason })
  }
  return { due, skipped }
}

function whyNot(
  endpoint: EndpointDescription,
  deployment: Deployment | undefined,
  city: string,
): string | undefined {
  if (!deployment) return 'it has no deployment record: deploy a model to it'
  if (deployment.city !== city) return `it serves ${deployment.city}`
  if (!ANSWERS.has(endpoint.EndpointStatus)) return `it is ${endpoint.EndpointStatus}`
  return undefined
}

/** Statuses of a variant that takes traffic before its update is over. */
const TAKES_TRAFFIC = new Set(['Baking', 'ActivatingTraffic'])

/**
 * The record of what an endpoint serves, once it agrees with what the endpoint says; undefined while it does not. A release
 * announces what comes next, so that the moment of the change is no gap. While an update under guardrails shares the traffic
 * between two fleets nobody can tell which one answered: the model version then names both.
 */
export async function agreedDeployment(
  { store, endpoints }: Pick<Platform, 'store' | 'endpoints'>,
  name: string,
): Promise<Deployment | undefined> {
  const deployment = await readDeployment(store, name)
  const described = await endpoints.describeEndpoint(name)
  if (!deployment || !described) return undefined
  const { next } = deployment
  if (described.EndpointConfigName === next?.endpoint_config)
    return { ...deployment, endpoint_config: next.endpoint_config, variants: next.variants }
  if (described.EndpointConfigName !== deployment.endpoint_config) return undefined
  return sharesTraffic(described, next) ? mixed(deployment, next) : deployment
}

function sharesTraffic(
  { PendingDeploymentSummary: pending }: EndpointDescription,
  next: Deployment['next'],
): next is NonNullable<Deployment['next']> {
  return (
    next !== undefined &&
    pending?.EndpointConfigName === next.endpoint_config &&
    pending.ProductionVariants.some(({ VariantStatus }) =>
      VariantStatus.some(({ Status }) => TAKES_TRAFFIC.has(Status)),
    )
  )
}

function mixed(deployment: Deployment, next: NonNullable<Deployment['next']>): Deployment {
  const variants = deployment.variants.map((variant, i) => ({
    ...variant,
    model_version: `${variant.model_version}+${next.variants[i]?.model_version ?? ''}`,
  }))
  return { ...deployment, variants }
}
