import { TARGETS, type Target } from '../../../core/contracts/features.ts'
import type { Strategy } from '../../../core/contracts/release.ts'
import { OperatorError } from '../../../core/errors.ts'
import { endpointPrefix } from '../../../core/city-names.ts'
import { endpointName } from '../../../core/names.ts'
import { readDeployment } from '../../../model/serving/deployments.ts'
import { runGate } from '../../../operations/release/gate/gate.ts'
import { beginPromotion } from '../../../operations/release/promote.ts'
import { activeRelease } from '../../../operations/release/release-store.ts'
import type { CitySource } from '../city-source.ts'
import type { Deed } from './examined.ts'
import { underWay, versionsOf } from './words.ts'

/** Takes what staging serves into production. */
export function promoteDeed(report: Parameters<typeof beginPromotion>[1]['report']): Deed<'promote'> {
  return {
    async examine(source, { target, strategy, why }) {
      const { store } = source.platform
      const active = (await activeRelease(store))?.release
      const targets = await Promise.all(targetsOf(target).map((one) => examineTarget(source, one, strategy)))
      const refused = [...(active ? [underWay(active)] : []), ...targets.flatMap((one) => one.shut)]
      if (targets.every((one) => one.serves)) refused.push('production serves it already')
      const changes = targets.map((one) => one.change)
      const looked = [active?.id ?? null, ...targets.map((one) => one.looked)]
      return {
        command: [
          'promote',
          '--city',
          source.name,
          '--target',
          target,
          ...strategyFlags(strategy),
          '--why',
          why,
        ],
        changes,
        refused: refused.length === 0 ? null : refused.join('; '),
        looked,
      }
    },

    async perform(source, { target, strategy, why }, by) {
      const { config } = source
      const { gates, release } = await beginPromotion(source.platform, {
        ...gateOptions(source),
        stagingEndpoint: endpointName('staging', 'bikes', prefixOf(source)),
        prodEndpoint: endpointName('prod', 'bikes', prefixOf(source)),
        targets: targetsOf(target),
        instanceType: config.serve.instance_type,
        capturePercent: config.serve.capture_percent,
        strategy,
        by,
        why,
        report,
      })
      const shut = gates.filter(({ verdict }) => verdict === 'fail').map(({ endpoint }) => endpoint)
      if (shut.length > 0)
        throw new OperatorError(
          'CHECK_FAILED',
          `the gate of ${shut.join(' and ')} is shut`,
          '`bikeshare gate` says which condition fails.',
        )
      return release ? `the promotion ${release.id} is under way` : 'production serves it already'
    },
  }
}

/** What promoting one target would come to. */
async function examineTarget(source: CitySource, target: Target, strategy: Strategy) {
  const staging = endpointName('staging', target, prefixOf(source))
  const prod = endpointName('prod', target, prefixOf(source))
  const gate = await runGate(source.platform, { ...gateOptions(source), endpoint: staging })
  const deployment = await readDeployment(source.platform.store, prod)
  const versions = deployment?.variants.map((variant) => variant.model_version) ?? []
  const failing = gate.conditions.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name)
  const serves = versions.length === 1 && versions[0] === gate.model_version
  return {
    serves,
    shut: failing.length > 0 ? [`the gate of ${staging} is shut: ${failing.join(', ')}`] : [],
    change: serves
      ? `${prod} serves ${gate.model_version} already and stays as it is`
      : `${prod}: ${versionsOf(versions)} → ${gate.model_version ?? 'nothing'}, ${strategyWords(strategy)}`,
    // Its figures move with every batch: what they come to is what was looked at.
    looked: [gate.model_version, gate.conditions.map(({ verdict }) => verdict), deployment ?? null],
  }
}

/** The targets that an action names. */
export const targetsOf = (target: Target | 'both'): readonly Target[] =>
  target === 'both' ? TARGETS : [target]

const prefixOf = ({ config, name }: CitySource): string => endpointPrefix(config, name)

function gateOptions({ name, config, now }: CitySource) {
  return { city: name, region: config.region, namespace: config.cw_custom_ns, now: now() }
}

function strategyFlags(strategy: Strategy): string[] {
  const name = ['--strategy', strategy.type]
  const watched = (one: { bake_seconds: number; max_wait_seconds: number }): string[] => [
    '--bake',
    `${one.bake_seconds}s`,
    '--max-wait',
    `${one.max_wait_seconds}s`,
  ]
  if (strategy.type === 'canary')
    return [
      ...name,
      '--canary-percent',
      `${strategy.canary_percent}`,
      '--interval',
      `${strategy.wait_seconds}s`,
    ]
  if (strategy.type === 'linear')
    return [...name, '--step-percent', `${strategy.step_percent}`, '--interval', `${strategy.wait_seconds}s`]
  if (strategy.type === 'ab') return [...name, '--ramp', strategy.ramp.join(','), ...watched(strategy)]
  return strategy.type === 'shadow' ? [...name, ...watched(strategy)] : name
}

function strategyWords(strategy: Strategy): string {
  switch (strategy.type) {
    case 'all-at-once':
      return 'at once'
    case 'canary':
      return `${strategy.canary_percent} % first, all after ${strategy.wait_seconds} s; a critical alarm takes it back`
    case 'linear':
      return `${strategy.step_percent} % more every ${strategy.wait_seconds} s; a critical alarm takes it back`
    case 'ab':
      return `as an A/B of ${strategy.ramp.join(', ')} %, each step watched for ${strategy.bake_seconds} s or longer`
    default:
      return `as a shadow for ${strategy.bake_seconds} s or longer, then whole`
  }
}
