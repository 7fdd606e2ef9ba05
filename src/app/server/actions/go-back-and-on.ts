import { endpointPrefix } from '../../../core/city-names.ts'
import { endpointName } from '../../../core/names.ts'
import { messageOf } from '../../../core/errors.ts'
import type { Release } from '../../../core/contracts/release.ts'
import { readDeployment } from '../../../model/serving/deployments.ts'
import { advanceRelease, whyNotAdvance } from '../../../operations/release/advance.ts'
import { stepsOf } from '../../../operations/release/plan.ts'
import { activeRelease } from '../../../operations/release/release-store.ts'
import { beginRollback, versionBefore } from '../../../operations/release/rollback.ts'
import type { Deed, Examined } from './examined.ts'
import { targetsOf } from './promote.ts'
import { underWay, versionsOf } from './words.ts'

/** Takes a release back that is under way, or makes what served before serve again. */
export const rollbackDeed: Deed<'rollback'> = {
  async examine(source, { target, why }) {
    const { store } = source.platform
    const command = ['rollback', '--city', source.name, '--target', target, '--why', why]
    const active = (await activeRelease(store))?.release
    if (active) return { command, ...takenBack(active) }
    const changes: string[] = []
    const looked: unknown[] = []
    const refused: string[] = []
    for (const one of targetsOf(target)) {
      const prod = endpointName('prod', one, endpointPrefix(source.config, source.name))
      const deployment = await readDeployment(store, prod)
      looked.push(deployment ?? null)
      if (!deployment) {
        refused.push(`${prod} serves nothing`)
        continue
      }
      const serves = versionsOf(deployment.variants.map((variant) => variant.model_version))
      try {
        changes.push(`${prod}: ${serves} → ${await versionBefore(store, deployment)}, at once`)
      } catch (error) {
        refused.push(messageOf(error))
      }
    }
    return { command, changes, looked, refused: refused.length === 0 ? null : refused.join('; ') }
  },

  async perform(source, { target, why }, by) {
    const { serve } = source.config
    const release = await beginRollback(source.platform, {
      city: source.name,
      endpoint: endpointName('prod', 'bikes', endpointPrefix(source.config, source.name)),
      targets: targetsOf(target),
      instanceType: serve.instance_type,
      capturePercent: serve.capture_percent,
      by,
      why,
      now: source.now(),
    })
    return release.kind === 'promote'
      ? `the promotion ${release.id} is on its way back`
      : `the rollback ${release.id} is under way`
  },
}

function takenBack(active: Release): Omit<Examined, 'command'> {
  return {
    changes: active.endpoints.map(
      ({ endpoint, from, candidate }) =>
        `${endpoint}: ${candidate.model_version} is taken back, ${versionsOf(from?.variants.map((v) => v.model_version) ?? [])} serves alone`,
    ),
    looked: [active.id, active.phase, active.step],
    refused: active.phase === 'reverting' ? `${underWay(active)}: it is on its way back already` : null,
  }
}

/** Takes an A/B or a shadow to its next step before its time. */
export const rampDeed: Deed<'ramp'> = {
  async examine(source, { why }) {
    const active = (await activeRelease(source.platform.store))?.release
    const refused = whyNotAdvance(active)
    const next = active && stepsOf(active.strategy, active.alarms)[active.step + 1]
    const share = next?.kind === 'split' ? `${next.percent} % of the traffic` : 'all traffic'
    return {
      command: ['promote', '--city', source.name, '--resume', '--next-step', '--why', why],
      changes:
        active && refused === null
          ? active.endpoints.map(
              ({ endpoint, candidate }) =>
                `${endpoint}: ${candidate.model_version} gets ${share} now, before its watch says so`,
            )
          : [],
      looked: active ? [active.id, active.phase, active.step] : null,
      refused,
    }
  },

  async perform(source, { why }, by) {
    const release = await advanceRelease(source.platform, { by, why, now: source.now() })
    return `the promotion ${release.id} goes on to step ${release.step + 1}`
  },
}
