import type { Deployment } from '../../core/contracts/deployment.ts'
import { TARGETS } from '../../core/contracts/features.ts'
import { isProd } from '../../core/names.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import type { Platform } from '../../platform/ports.ts'

/** An endpoint in prod, with what it serves. */
export interface ProdEndpoint {
  readonly deployment: Deployment
  readonly created: EpochSeconds
}

/** The prod endpoints that serve a city by their deployment records, bikes first. */
export async function prodEndpoints(
  { store, endpoints }: Pick<Platform, 'store' | 'endpoints'>,
  city: string,
): Promise<ProdEndpoint[]> {
  const found: ProdEndpoint[] = []
  for (const { EndpointName, CreationTime } of await endpoints.listEndpoints()) {
    if (!isProd(EndpointName)) continue
    const deployment = await readDeployment(store, EndpointName)
    if (deployment?.city === city) found.push({ deployment, created: CreationTime })
  }
  const order = (at: ProdEndpoint): number => TARGETS.indexOf(at.deployment.target)
  return found.sort((a, b) => order(a) - order(b))
}
