import type { Config } from '../../core/config/schema.ts'
import type { Deployment } from '../../core/contracts/deployment.ts'
import type { Target } from '../../core/contracts/features.ts'
import { endpointName, type Stage } from '../../core/names.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { setAlias } from '../../model/registry/registry.ts'
import { deployModel } from '../../model/serving/deploy.ts'
import type { Platform } from '../../platform/ports.ts'

/** A version for the endpoint of a stage, by the settings of `[serve]`. */
export interface StageDeployment {
  readonly stage: Stage
  readonly city: string
  readonly target: Target
  readonly group: string
  readonly version: string
  /** How the city's endpoints begin; `bikeshare` without it. */
  readonly prefix?: string
  readonly serve: Config['serve']
  /** Instead of the one of the settings. */
  readonly instanceType?: string | undefined
  readonly by: string
  readonly now: EpochSeconds
}

/** Puts a version on the endpoint of a stage, and the stage's alias on the version. Errors as of deployModel. */
export async function deployToStage(
  platform: Pick<Platform, 'store' | 'endpoints'>,
  { stage, city, target, group, version, prefix, serve, instanceType, by, now }: StageDeployment,
): Promise<Deployment> {
  const deployment = await deployModel(platform, {
    endpoint: endpointName(stage, target, prefix),
    city,
    target,
    group,
    version,
    instanceType: instanceType ?? serve.instance_type,
    capture: { EnableCapture: serve.capture_percent > 0, InitialSamplingPercentage: serve.capture_percent },
    by,
    now,
  })
  await setAlias(platform.store, group, stage === 'prod' ? 'production' : stage, version, { by, now })
  return deployment
}
