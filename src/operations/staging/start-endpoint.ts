import type { Deployment } from '../../core/contracts/deployment.ts'
import { OperatorError } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { findDeployment, writeDeployment } from '../../model/serving/deployments.ts'
import { prepareConfig } from '../../model/serving/prepare.ts'
import { controlled, settled, type Wait } from '../../model/serving/settled.ts'
import type { EndpointDescription, EndpointHost, Platform } from '../../platform/ports.ts'
import { deployToStage, type StageDeployment } from '../release/deploy-to-stage.ts'
import { readStopped, stoppedKey, writeStopped, type StoppedEndpoint } from './stopped-file.ts'

export interface StartOptions {
  readonly endpoint: string
  /** Who does it, for the record. */
  readonly by: string
  readonly now: EpochSeconds
  readonly wait?: Wait
}

const AGAIN = 'Start it again; what is there already is kept.'

/**
 * Brings a stopped endpoint back: the same config by name, the same models, weights and instances. One that serves is left as
 * it is, and a start that was broken off is finished. NOT_FOUND for an endpoint that was not stopped, UNAVAILABLE when it does
 * not come up.
 */
export async function startEndpoint(
  platform: Pick<Platform, 'store' | 'endpoints'>,
  { endpoint, by, now, wait }: StartOptions,
): Promise<Deployment> {
  const { store, endpoints } = platform
  const stopped = await readStopped(store, endpoint)
  const serving = await findDeployment(store, endpoint)
  if (serving) {
    // Somebody deployed to it since, or the start came so far.
    if (stopped) await store.delete(stoppedKey(endpoint))
    return serving.deployment
  }
  if (!stopped)
    throw new OperatorError('NOT_FOUND', `${endpoint} was not stopped`, 'See `bikeshare endpoints list`.')
  if (stopped.state !== 'starting') await writeStopped(store, { ...stopped, state: 'starting' })
  await bringUp(endpoints, stopped, wait)
  await restoreVariants(endpoints, stopped, wait)
  const deployment = { ...stopped.deployment, updated_at: now, by }
  await writeDeployment(store, deployment, undefined, { action: 'start', why: `stopped: ${stopped.why}` })
  await store.delete(stoppedKey(endpoint))
  return deployment
}

/** Puts a candidate on staging, whether the endpoint is stopped or serves; what it served when it was stopped is let go. */
export async function startStagingFor(
  platform: Pick<Platform, 'store' | 'endpoints'>,
  candidate: StageDeployment,
): Promise<Deployment> {
  const deployment = await deployToStage(platform, candidate)
  await platform.store.delete(stoppedKey(deployment.endpoint))
  return deployment
}

async function bringUp(endpoints: EndpointHost, stopped: StoppedEndpoint, wait?: Wait): Promise<void> {
  const { endpoint, endpoint_config: name, variants, shadow } = stopped.deployment
  const models = [...variants, ...(shadow ? [shadow] : [])]
  await prepareConfig(endpoints, stopped.config, models, AGAIN)
  let current = await settled(endpoints, endpoint, wait)
  if (current?.EndpointStatus === 'Failed') {
    await controlled(endpoints.deleteEndpoint(endpoint), AGAIN)
    current = await settled(endpoints, endpoint, wait)
  }
  if (!current) {
    await controlled(endpoints.createEndpoint({ EndpointName: endpoint, EndpointConfigName: name }), AGAIN)
    current = await settled(endpoints, endpoint, wait)
  }
  if (!isUp(current, name))
    throw new OperatorError(
      'UNAVAILABLE',
      `${endpoint} does not serve ${name}: it is ${current?.EndpointStatus ?? 'gone'}` +
        (current?.FailureReason ? `, ${current.FailureReason}` : ''),
      AGAIN,
    )
}

const isUp = (endpoint: EndpointDescription | undefined, config: string): boolean =>
  endpoint?.EndpointStatus === 'InService' && endpoint.EndpointConfigName === config

/** Weights and instances that were changed after the config was made. */
async function restoreVariants(
  endpoints: EndpointHost,
  { deployment, variants }: StoppedEndpoint,
  wait?: Wait,
): Promise<void> {
  const { endpoint } = deployment
  const described = await endpoints.describeEndpoint(endpoint)
  const changed = variants.filter(({ variant, weight, instances }) => {
    const now = described?.ProductionVariants.find(({ VariantName }) => VariantName === variant)
    return now?.CurrentWeight !== weight || now.CurrentInstanceCount !== instances
  })
  if (changed.length === 0) return
  await controlled(
    endpoints.updateEndpointWeightsAndCapacities({
      EndpointName: endpoint,
      DesiredWeightsAndCapacities: changed.map(({ variant, weight, instances }) => ({
        VariantName: variant,
        DesiredWeight: weight,
        DesiredInstanceCount: instances,
      })),
    }),
    AGAIN,
  )
  await settled(endpoints, endpoint, wait)
}
