import type { Deployment, DeployedVariant } from '../../core/contracts/deployment.ts'
import type { Target } from '../../core/contracts/features.ts'
import type { Manifest } from '../../core/contracts/manifest.ts'
import { ONLY_VARIANT } from '../../core/contracts/release.ts'
import { OperatorError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import { endpointConfigName, servedModelName } from '../../core/names.ts'
import { isoOf, type EpochSeconds } from '../../core/time.ts'
import type {
  DataCaptureConfig,
  EndpointConfig,
  EndpointDescription,
  EndpointHost,
  Platform,
} from '../../platform/ports.ts'
import { loadModel } from '../registry/registry.ts'
import { findDeployment, writeDeployment, type StoredDeployment } from './deployments.ts'
import { prepareConfig } from './prepare.ts'
import { controlled, settled, type Wait } from './settled.ts'

export interface DeployOptions {
  readonly endpoint: string
  readonly city: string
  readonly target: Target
  readonly group: string
  /** A version, not an alias. */
  readonly version: string
  readonly instanceType?: string
  readonly capture?: DataCaptureConfig
  /** Who does it, for the record. */
  readonly by: string
  readonly now: EpochSeconds
  readonly wait?: Wait
}

const INSTANCE_TYPE = 'ml.m5.large'

/**
 * Puts a model version on an endpoint, waits until it serves, and records what serves. Deploying what already serves changes
 * nothing; a deployment that was broken off anywhere is finished by the next. MISMATCH for a model of another city, target
 * or feature contract and for an endpoint of another lake, CORRUPT for a damaged one, UNAVAILABLE when the endpoint does not come to serve it.
 */
export async function deployModel(
  platform: Pick<Platform, 'store' | 'endpoints'>,
  options: DeployOptions,
): Promise<Deployment> {
  const { store, endpoints } = platform
  const { endpoint: name, wait } = options
  const { manifest } = await loadModel(store, options.group, options.version, { city: options.city })
  const record = await findDeployment(store, name)
  checkFit(manifest, record?.deployment, options)

  const config = configOf(options)
  // What a killed deployment began goes on by itself, and may be just what is wanted.
  let serving = await settled(endpoints, name, wait)
  if (serving && !record) await requireOwnLake(endpoints, serving)
  if (!serving || !(await serves(endpoints, serving, config)))
    serving = await rollOut(platform, serving, config, options)
  return recordDeployment(platform, record, serving, manifest, options)
}

function checkFit(manifest: Manifest, current: Deployment | undefined, options: DeployOptions): void {
  const { endpoint, target, city } = options
  if (manifest.target !== target)
    throw new OperatorError(
      'MISMATCH',
      `${manifest.group} ${manifest.version} predicts ${manifest.target}; ${endpoint} is to predict ${target}`,
      `Take a version of the ${target} model.`,
    )
  if (current && (current.city !== city || current.target !== target))
    throw new OperatorError(
      'MISMATCH',
      `${endpoint} serves ${current.target} of ${current.city}, not ${target} of ${city}`,
      'Take another endpoint, or delete this one first.',
    )
}

/** An endpoint that this lake has no record of may be of another lake in the same account, whose models it then serves. */
async function requireOwnLake(
  endpoints: EndpointHost,
  { EndpointName, EndpointConfigName }: EndpointDescription,
): Promise<void> {
  const config = await endpoints.describeEndpointConfig(EndpointConfigName)
  for (const { ModelName } of config?.ProductionVariants ?? []) {
    const archive = (await endpoints.describeModel(ModelName))?.PrimaryContainer.ModelDataUrl
    // Of this lake it is a key.
    if (archive?.includes('://'))
      throw new OperatorError(
        'MISMATCH',
        `${EndpointName} is another lake's: it serves ${archive}`,
        'A further city of an account has names of its own: name the first one as first_city under [aws].',
      )
  }
}

function configOf(options: DeployOptions): EndpointConfig {
  const content = {
    ProductionVariants: [
      {
        VariantName: ONLY_VARIANT,
        ModelName: servedModelName(options.group, options.version),
        InitialVariantWeight: 1,
        InitialInstanceCount: 1,
        InstanceType: options.instanceType ?? INSTANCE_TYPE,
      },
    ],
    ...(options.capture && { DataCaptureConfig: options.capture }),
  }
  const stamp = isoOf(options.now).replaceAll(/[-:]/g, '')
  const digest = sha256(canonicalJson(content)).slice(0, 8)
  return { EndpointConfigName: endpointConfigName(options.endpoint, `${stamp}-${digest}`), ...content }
}

/** True when the endpoint is in service with just what `wanted` has, under whatever name. */
async function serves(
  endpoints: EndpointHost,
  endpoint: EndpointDescription,
  wanted: EndpointConfig,
): Promise<boolean> {
  if (endpoint.EndpointStatus !== 'InService') return false
  const config = await endpoints.describeEndpointConfig(endpoint.EndpointConfigName)
  if (!config) return false
  const essence = ({ ProductionVariants, DataCaptureConfig }: EndpointConfig): string =>
    canonicalJson({
      variants: ProductionVariants.map((variant) => ({
        name: variant.VariantName,
        model: variant.ModelName,
        type: variant.InstanceType,
      })),
      sampling: DataCaptureConfig?.EnableCapture ? DataCaptureConfig.InitialSamplingPercentage : 0,
    })
  return essence(config) === essence(wanted)
}

/** Creates what is missing of model, configuration and endpoint, and waits until the endpoint serves the configuration. */
async function rollOut(
  { endpoints }: Pick<Platform, 'endpoints'>,
  found: EndpointDescription | undefined,
  config: EndpointConfig,
  { endpoint: name, group, version, wait }: DeployOptions,
): Promise<EndpointDescription> {
  const again = 'Deploy again; what is there already is kept.'
  const model = { group, model_version: version, model_name: servedModelName(group, version) }
  await prepareConfig(endpoints, config, [model], again)

  const change = { EndpointName: name, EndpointConfigName: config.EndpointConfigName }
  let current = found
  if (current?.EndpointStatus === 'Failed') {
    // SageMaker updates no endpoint that never served.
    await controlled(endpoints.deleteEndpoint(name), again)
    current = await settled(endpoints, name, wait)
  }
  await controlled(current ? endpoints.updateEndpoint(change) : endpoints.createEndpoint(change), again)
  const after = await settled(endpoints, name, wait)
  // After a rollback the endpoint is InService too, with what it had before.
  if (after?.EndpointStatus === 'InService' && after.EndpointConfigName === config.EndpointConfigName)
    return after
  throw new OperatorError(
    'UNAVAILABLE',
    `${name} does not serve ${group} ${version}: it is ${after?.EndpointStatus ?? 'gone'}` +
      (after?.FailureReason ? `, ${after.FailureReason}` : ''),
    after?.EndpointStatus === 'InService' ? 'It goes on serving what it served before.' : again,
  )
}

async function recordDeployment(
  { store }: Pick<Platform, 'store'>,
  record: StoredDeployment | undefined,
  serving: EndpointDescription,
  manifest: Manifest,
  { endpoint, city, target, group, version, by, now }: DeployOptions,
): Promise<Deployment> {
  const variants: DeployedVariant[] = serving.ProductionVariants.map((variant) => ({
    variant: variant.VariantName,
    group,
    model_version: version,
    model_name: servedModelName(group, version),
    weight: variant.CurrentWeight,
    threshold: manifest.threshold,
  }))
  const current = record?.deployment
  const endpoint_config = serving.EndpointConfigName
  if (
    current?.endpoint_config === endpoint_config &&
    canonicalJson(current.variants) === canonicalJson(variants)
  )
    return current
  const previous =
    current && current.endpoint_config !== endpoint_config
      ? { endpoint_config: current.endpoint_config, variants: current.variants }
      : current?.previous
  const deployment: Deployment = {
    endpoint,
    city,
    target,
    endpoint_config,
    variants,
    ...(previous && { previous }),
    updated_at: now,
    by,
  }
  await writeDeployment(store, deployment, record, { action: 'deploy', why: `${group} ${version}` })
  return deployment
}
