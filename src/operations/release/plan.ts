import {
  BASELINE,
  CANDIDATE,
  ONLY_VARIANT,
  SHADOW,
  type Release,
  type ReleaseEndpoint,
  type Strategy,
} from '../../core/contracts/release.ts'
import type { DeployedVariant } from '../../core/contracts/deployment.ts'
import { endpointConfigName } from '../../core/names.ts'
import type { DeploymentConfig, EndpointConfig, ProductionVariant } from '../../platform/ports.ts'

/** One step of a release. After `split` and `shadow` what the candidate says is judged before the next one. */
export type Step =
  | { readonly kind: 'split'; readonly percent: number }
  | { readonly kind: 'shadow' }
  /** The candidate alone, by a guarded update where there is something to guard. */
  | { readonly kind: 'whole'; readonly guard: DeploymentConfig | undefined }

/** The steps of a strategy, in order; the last is always `whole`. */
export function stepsOf(strategy: Strategy, alarms: readonly string[]): Step[] {
  if (strategy.type === 'shadow') return [{ kind: 'shadow' }, { kind: 'whole', guard: undefined }]
  if (strategy.type !== 'ab') return [{ kind: 'whole', guard: guardOf(strategy, alarms) }]
  const shares = strategy.ramp.slice(0, -1)
  return [
    ...shares.map((percent) => ({ kind: 'split', percent }) as const),
    { kind: 'whole', guard: undefined },
  ]
}

type Guarded = Exclude<Strategy, { type: 'ab' | 'shadow' }>
type Routing = DeploymentConfig['BlueGreenUpdatePolicy']['TrafficRoutingConfiguration']

function guardOf(strategy: Guarded, alarms: readonly string[]): DeploymentConfig {
  return {
    BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: routingOf(strategy) },
    ...(alarms.length > 0 && {
      AutoRollbackConfiguration: { Alarms: alarms.map((AlarmName) => ({ AlarmName })) },
    }),
  }
}

function routingOf(strategy: Guarded): Routing {
  const share = (Value: number) => ({ Type: 'CAPACITY_PERCENT', Value }) as const
  const WaitIntervalInSeconds = strategy.wait_seconds
  if (strategy.type === 'canary')
    return { Type: 'CANARY', WaitIntervalInSeconds, CanarySize: share(strategy.canary_percent) }
  if (strategy.type === 'linear')
    return { Type: 'LINEAR', WaitIntervalInSeconds, LinearStepSize: share(strategy.step_percent) }
  return { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds }
}

/** What an endpoint is to serve in a step: its endpoint config, and the variants as the deployment record has them. */
export interface Goal {
  readonly config: EndpointConfig
  readonly variants: readonly DeployedVariant[]
  readonly shadow: DeployedVariant | undefined
  readonly guard: DeploymentConfig | undefined
}

/** The goal of a step for one endpoint. The same release and step always have the same name of the config. */
export function goalOf(release: Release, endpoint: ReleaseEndpoint, step: Step): Goal {
  const whole = { ...endpoint.candidate, variant: ONLY_VARIANT, weight: 1 }
  const serving = endpoint.from?.variants[0]
  const name = (kind: string): string =>
    (kind === 'whole' ? endpoint.existing_config : null) ??
    endpointConfigName(endpoint.endpoint, `${release.id}-${kind}`)
  const config = (
    kind: string,
    variants: readonly DeployedVariant[],
    shadow?: DeployedVariant,
  ): EndpointConfig => ({
    EndpointConfigName: name(kind),
    ProductionVariants: variants.map((variant) => productionVariant(endpoint, variant)),
    ...(shadow && { ShadowProductionVariants: [productionVariant(endpoint, shadow)] }),
    DataCaptureConfig: {
      EnableCapture: endpoint.capture_percent > 0,
      InitialSamplingPercentage: endpoint.capture_percent,
    },
  })
  if (step.kind === 'whole' || !serving) {
    const guard = step.kind === 'whole' ? step.guard : undefined
    // A new endpoint has nothing to go back to: there is nothing to guard.
    return {
      config: config('whole', [whole]),
      variants: [whole],
      shadow: undefined,
      guard: serving ? guard : undefined,
    }
  }
  if (step.kind === 'shadow') {
    const shadow = { ...endpoint.candidate, variant: SHADOW, weight: 1 }
    const variants = [{ ...serving, variant: ONLY_VARIANT, weight: 1 }]
    return { config: config('shadow', variants, shadow), variants, shadow, guard: undefined }
  }
  const variants = [
    { ...serving, variant: BASELINE, weight: 100 - step.percent },
    { ...endpoint.candidate, variant: CANDIDATE, weight: step.percent },
  ]
  return { config: config('ab', variants), variants, shadow: undefined, guard: undefined }
}

function productionVariant(endpoint: ReleaseEndpoint, variant: DeployedVariant): ProductionVariant {
  return {
    VariantName: variant.variant,
    ModelName: variant.model_name,
    InitialVariantWeight: variant.weight,
    InitialInstanceCount: 1,
    InstanceType: endpoint.instance_type,
  }
}
