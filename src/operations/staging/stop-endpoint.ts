import { isProd } from '../../core/names.ts'
import { OperatorError } from '../../core/errors.ts'
import { deploymentKey } from '../../core/keys.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import { appendHistory } from '../../model/serving/history.ts'
import { controlled, settled, type Wait } from '../../model/serving/settled.ts'
import type { Platform } from '../../platform/ports.ts'
import { activeRelease } from '../release/release-store.ts'
import { monthlyCost } from './savings.ts'
import { readStopped, writeStopped, type StoppedEndpoint } from './stopped-file.ts'

export interface StopOptions {
  readonly endpoint: string
  /** Who does it, and why, for the record. */
  readonly by: string
  readonly why: string
  readonly now: EpochSeconds
  readonly wait?: Wait
}

/** An endpoint that was stopped, and what that saves a month in US dollars; null when it is not known. */
export interface Stopped {
  readonly stopped: StoppedEndpoint
  readonly saves_usd: number | null
}

/**
 * Stops an endpoint: what it serves is kept, then it is deleted at the host, and the history says so; `startEndpoint` brings
 * it back as it was. Its models and its config stay at the host and in the registry, where they cost nothing. Stopped again
 * it stays so, and a stop that was broken off is finished. CHECK_FAILED for an endpoint of production or of a release that is
 * under way, NOT_FOUND for one that serves nothing.
 */
export async function stopEndpoint(
  platform: Pick<Platform, 'store' | 'endpoints'>,
  o: StopOptions,
): Promise<Stopped> {
  const { store, endpoints } = platform
  if (isProd(o.endpoint))
    throw new OperatorError(
      'CHECK_FAILED',
      `${o.endpoint} is in production and is not stopped`,
      'Delete it if that is meant: `bikeshare endpoints delete`.',
    )
  const active = await activeRelease(store)
  if (active?.release.endpoints.some(({ endpoint }) => endpoint === o.endpoint))
    throw new OperatorError(
      'CHECK_FAILED',
      `${o.endpoint} is part of the ${active.release.kind} ${active.release.id}`,
      'Wait until it has ended.',
    )
  const stopped = await keepWhatServes(platform, o)
  // The record first: nobody predicts by an endpoint without one.
  await store.delete(deploymentKey(o.endpoint))
  if (await settled(endpoints, o.endpoint, o.wait)) {
    await controlled(endpoints.deleteEndpoint(o.endpoint), 'Stop it again.')
    await settled(endpoints, o.endpoint, o.wait)
  }
  const { city, target, endpoint_config, variants } = stopped.deployment
  await appendHistory(store, {
    endpoint: o.endpoint,
    city,
    target,
    action: 'stop',
    at: stopped.at,
    by: stopped.by,
    why: stopped.why,
    from: { endpoint_config, variants },
    to: null,
  })
  if (stopped.state !== 'stopped') await writeStopped(store, { ...stopped, state: 'stopped' })
  return { stopped, saves_usd: monthlyCost(stopped) }
}

/** Writes down what the endpoint serves; once its record is gone, what was written before. */
async function keepWhatServes(
  { store, endpoints }: Pick<Platform, 'store' | 'endpoints'>,
  { endpoint, by, why, now, wait }: StopOptions,
): Promise<StoppedEndpoint> {
  const deployment = await readDeployment(store, endpoint)
  if (!deployment) {
    const kept = await readStopped(store, endpoint)
    if (kept && kept.state !== 'starting') return kept
    if (kept) {
      const turned: StoppedEndpoint = { ...kept, state: 'stopping' }
      await writeStopped(store, turned)
      return turned
    }
    throw new OperatorError('NOT_FOUND', `${endpoint} serves nothing`, 'See `bikeshare endpoints list`.')
  }
  const described = await settled(endpoints, endpoint, wait)
  const config = await endpoints.describeEndpointConfig(
    described?.EndpointConfigName ?? deployment.endpoint_config,
  )
  if (described?.EndpointStatus !== 'InService' || !config)
    throw new OperatorError(
      'CHECK_FAILED',
      `${endpoint} is ${described?.EndpointStatus ?? 'gone'}: there is nothing to bring back later`,
      'Deploy to it again, or delete it.',
    )
  if (described.EndpointConfigName !== deployment.endpoint_config)
    throw new OperatorError(
      'CHECK_FAILED',
      `${endpoint} serves ${described.EndpointConfigName}, and its record says ${deployment.endpoint_config}`,
      'Deploy to it again; then stop it.',
    )
  const stopped: StoppedEndpoint = {
    stopped_version: 1,
    state: 'stopping',
    at: now,
    by,
    why,
    deployment,
    config: {
      EndpointConfigName: config.EndpointConfigName,
      ProductionVariants: config.ProductionVariants.map((variant) => ({ ...variant })),
      ...(config.ShadowProductionVariants && {
        ShadowProductionVariants: config.ShadowProductionVariants.map((variant) => ({ ...variant })),
      }),
      ...(config.DataCaptureConfig && { DataCaptureConfig: { ...config.DataCaptureConfig } }),
    },
    variants: described.ProductionVariants.map((variant) => ({
      variant: variant.VariantName,
      weight: variant.CurrentWeight,
      instances: variant.CurrentInstanceCount,
    })),
  }
  await writeStopped(store, stopped)
  return stopped
}
