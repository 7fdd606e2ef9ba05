import { z } from 'zod'
import { deploymentSchema, type Deployment } from '../../core/contracts/deployment.ts'
import type { Change, Served } from '../../core/contracts/history.ts'
import { isOperatorError, messageOf, OperatorError } from '../../core/errors.ts'
import { deploymentKey } from '../../core/keys.ts'
import type { EpochSeconds } from '../../core/time.ts'
import {
  ControlError,
  type EndpointDescription,
  type ObjectStore,
  type Platform,
} from '../../platform/ports.ts'
import { appendHistory, readHistory } from './history.ts'
import { controlled, settled, type Wait } from './settled.ts'

/** A deployment and the tag to replace it by. */
export interface StoredDeployment {
  readonly deployment: Deployment
  readonly etag: string
}

/** What an endpoint serves, by its record; undefined when nothing was deployed to it. CORRUPT when the record is damaged. */
export async function readDeployment(store: ObjectStore, endpoint: string): Promise<Deployment | undefined> {
  return (await findDeployment(store, endpoint))?.deployment
}

/** As `readDeployment`, with the record's tag. */
export async function findDeployment(
  store: ObjectStore,
  endpoint: string,
): Promise<StoredDeployment | undefined> {
  const key = deploymentKey(endpoint)
  const stored = await store.get(key)
  if (!stored) return undefined
  const hint = 'Delete the file and deploy again.'
  let parsed
  try {
    parsed = deploymentSchema.safeParse(JSON.parse(new TextDecoder().decode(stored.body)))
  } catch (error) {
    throw new OperatorError('CORRUPT', `${key} is not JSON: ${messageOf(error)}`, hint, error)
  }
  if (!parsed.success) throw new OperatorError('CORRUPT', `${key}: ${z.prettifyError(parsed.error)}`, hint)
  return { deployment: parsed.data, etag: stored.etag }
}

/** What was done to an endpoint, and why, for the history. */
export interface Deed {
  readonly action: Change['action']
  readonly why: string
}

/**
 * Writes the record over the one that was read, or as the first; with a deed, before it the change into the history: what
 * serves has changed already. WRITE_CONFLICT when somebody else wrote the record meanwhile.
 */
export async function writeDeployment(
  store: ObjectStore,
  deployment: Deployment,
  replaces: StoredDeployment | undefined,
  deed?: Deed,
): Promise<void> {
  const { endpoint, city, target, by, updated_at } = deployment
  const from = replaces ? servedOf(replaces.deployment) : null
  const change = { endpoint, city, target, at: updated_at, by, from, to: servedOf(deployment) }
  if (deed) await appendHistory(store, { ...change, ...deed })
  const condition = replaces ? { ifMatch: replaces.etag } : { ifAbsent: true }
  try {
    await store.put(deploymentKey(deployment.endpoint), `${JSON.stringify(deployment, null, 2)}\n`, condition)
  } catch (error) {
    if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    throw new OperatorError(
      'WRITE_CONFLICT',
      `somebody else changed what ${deployment.endpoint} serves at the same time`,
      `See \`bikeshare endpoints describe ${deployment.endpoint}\`, then deploy again if need be.`,
      error,
    )
  }
}

/** What a record says serves, as the history has it. */
const servedOf = ({ endpoint_config, variants }: Deployment): Served => ({ endpoint_config, variants })

interface DeletionOptions {
  /** Who does it, for the record. */
  readonly by: string
  readonly now: EpochSeconds
  readonly wait?: Wait
}

/**
 * Deletes an endpoint with its record and configurations; models stay in the registry. An endpoint that is not there is no
 * error, so that a deletion that was broken off can be finished.
 */
export async function deleteDeployment(
  platform: Pick<Platform, 'store' | 'endpoints'>,
  endpoint: string,
  options: DeletionOptions,
): Promise<void> {
  const { store, endpoints } = platform
  const record = await readDeployment(store, endpoint)
  // The record first: nobody predicts by an endpoint without one, and its deletion can be asked for again.
  await store.delete(deploymentKey(endpoint))
  const described = await settled(endpoints, endpoint, options.wait)
  if (described) {
    await controlled(endpoints.deleteEndpoint(endpoint), 'Try again.')
    await settled(endpoints, endpoint, options.wait)
  }
  // A deletion that was broken off may have lost the record, but not the history.
  const known = record ?? (await readHistory(store)).findLast((entry) => entry.endpoint === endpoint)
  if (known) {
    const { city, target } = known
    const change = {
      endpoint,
      city,
      target,
      action: 'delete',
      at: options.now,
      by: options.by,
      why: '',
    } as const
    await appendHistory(store, { ...change, from: record ? servedOf(record) : null, to: null })
  }
  const configs = [described?.EndpointConfigName, record?.endpoint_config, record?.previous?.endpoint_config]
  for (const config of new Set(configs))
    if (config) await deleteIfThere(endpoints.deleteEndpointConfig(config))
}

async function deleteIfThere(call: Promise<void>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
  }
}

export interface ScaleOptions {
  readonly endpoint: string
  readonly variant: string
  /** Share of the traffic, against the sum of all weights. */
  readonly weight?: number
  readonly instances?: number
  /** Who does it, for the record. */
  readonly by: string
  readonly now: EpochSeconds
  readonly wait?: Wait
}

/** Gives a variant another weight or number of instances, waits until that holds, and records the weight. */
export async function scaleDeployment(
  platform: Pick<Platform, 'store' | 'endpoints'>,
  options: ScaleOptions,
): Promise<EndpointDescription> {
  const { store, endpoints } = platform
  const { endpoint: name, variant, weight, instances, by, now, wait } = options
  const before = await settled(endpoints, name, wait)
  if (!before?.ProductionVariants.some(({ VariantName }) => VariantName === variant))
    throw new OperatorError(
      'NOT_FOUND',
      `endpoint ${name} has no variant "${variant}"`,
      before
        ? `It has ${before.ProductionVariants.map((v) => v.VariantName).join(', ') || 'none: it is ' + before.EndpointStatus}.`
        : 'See `bikeshare endpoints list`.',
    )
  await controlled(
    endpoints.updateEndpointWeightsAndCapacities({
      EndpointName: name,
      DesiredWeightsAndCapacities: [
        {
          VariantName: variant,
          ...(weight !== undefined && { DesiredWeight: weight }),
          ...(instances !== undefined && { DesiredInstanceCount: instances }),
        },
      ],
    }),
    'Take other values.',
  )
  const after = await settled(endpoints, name, wait)
  const changed = after?.ProductionVariants.find(({ VariantName }) => VariantName === variant)
  if (!after || !changed || (weight !== undefined && changed.CurrentWeight !== weight))
    throw new OperatorError(
      'UNAVAILABLE',
      `endpoint ${name} did not take the change${after?.FailureReason ? `: ${after.FailureReason}` : ''}`,
      'Try again.',
    )
  const stored = await findDeployment(store, name)
  if (stored && weight !== undefined) {
    const variants = stored.deployment.variants.map((v) => (v.variant === variant ? { ...v, weight } : v))
    const deployment = { ...stored.deployment, variants, by, updated_at: now }
    await writeDeployment(store, deployment, stored, {
      action: 'scale',
      why: `${variant} gets weight ${weight}`,
    })
  }
  return after
}
