import type { Release, ReleaseEndpoint } from '../../core/contracts/release.ts'
import { BASELINE, CANDIDATE } from '../../core/contracts/release.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { findDeployment, deleteDeployment, writeDeployment } from '../../model/serving/deployments.ts'
import { controlled } from '../../model/serving/settled.ts'
import type { ReleasePlatform } from './apply-step.ts'
import { stepsOf } from './plan.ts'

/**
 * Does the next thing that brings an endpoint back to what it served before the release; true once it serves that and its
 * record says so. An A/B first sends all traffic to Baseline, which takes effect at once; then the endpoint goes back to the
 * previous endpoint config. An update under guardrails is taken back by raising one of its alarms. An endpoint that the
 * release made is deleted.
 */
export async function revertEndpoint(
  platform: ReleasePlatform,
  release: Release,
  endpoint: ReleaseEndpoint,
  now: EpochSeconds,
): Promise<boolean> {
  const { endpoints } = platform
  const { endpoint: name, from } = endpoint
  const described = await endpoints.describeEndpoint(name)
  if (!from) {
    if (described?.EndpointStatus === 'Creating' || described?.EndpointStatus === 'Updating') return false
    if (described) await deleteDeployment(platform, name, { by: release.by, now })
    return true
  }
  if (!described) return true
  if (described.EndpointStatus !== 'InService') {
    const step = stepsOf(release.strategy, release.alarms)[release.step]
    const guarded = step?.kind === 'whole' && step.guard !== undefined
    const [alarm] = release.alarms
    if (guarded && described.EndpointStatus === 'Updating' && alarm !== undefined)
      await platform.alarms.setAlarmState({
        AlarmName: alarm,
        StateValue: 'ALARM',
        StateReason: `The release ${release.id} is taken back: ${release.reason ?? ''}`,
        now,
      })
    return false
  }
  if (described.EndpointConfigName !== from.endpoint_config) {
    const split = described.ProductionVariants.find(({ VariantName }) => VariantName === CANDIDATE)
    if (split && split.CurrentWeight > 0) {
      await controlled(
        endpoints.updateEndpointWeightsAndCapacities({
          EndpointName: name,
          DesiredWeightsAndCapacities: [
            { VariantName: BASELINE, DesiredWeight: 1 },
            { VariantName: CANDIDATE, DesiredWeight: 0 },
          ],
        }),
        'Roll back again.',
      )
      return false
    }
    await announce(platform, endpoint)
    await controlled(
      endpoints.updateEndpoint({ EndpointName: name, EndpointConfigName: from.endpoint_config }),
      'Roll back again.',
    )
    return false
  }
  await recordBack(platform, release, endpoint, described.LastModifiedTime)
  return true
}

/** Says in the record what it is about to serve again, so that no batch falls between the two. */
async function announce({ store }: ReleasePlatform, endpoint: ReleaseEndpoint): Promise<void> {
  const stored = await findDeployment(store, endpoint.endpoint)
  if (stored && endpoint.from)
    await writeDeployment(store, { ...stored.deployment, next: endpoint.from }, stored)
}

async function recordBack(
  { store }: ReleasePlatform,
  release: Release,
  { endpoint, from }: ReleaseEndpoint,
  at: EpochSeconds,
): Promise<void> {
  const stored = await findDeployment(store, endpoint)
  if (!stored || !from) return
  const { next, shadow, ...kept } = stored.deployment
  if (kept.endpoint_config === from.endpoint_config && !next && !shadow) return
  const back = { ...kept, endpoint_config: from.endpoint_config, variants: from.variants, updated_at: at }
  const why = release.reason ?? release.id
  await writeDeployment(store, { ...back, by: release.by }, stored, { action: 'rollback', why })
}
