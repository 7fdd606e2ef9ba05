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

/** The record of what an endpoint serves, once it agrees with what the endpoint says; undefined while it does not. */
export async function agreedDeployment(
  { store, endpoints }: Pick<Platform, 'store' | 'endpoints'>,
  name: string,
): Promise<Deployment | undefined> {
  const deployment = await readDeployment(store, name)
  const described = await endpoints.describeEndpoint(name)
  return described?.EndpointConfigName === deployment?.endpoint_config ? deployment : undefined
}
