import type { HistoryEntry } from '../../core/contracts/history.ts'
import type { Release, Strategy } from '../../core/contracts/release.ts'
import { isProd } from '../../core/names.ts'
import type { EpochSeconds } from '../../core/time.ts'

/** A command or a call of the endpoint host that was made, as the records have it. */
export interface Command {
  readonly at: EpochSeconds
  readonly by: string
  readonly line: string
}

/** What was run, in order: the commands that releases and changes came from, and the calls that changed what serves. */
export function commandsOf(releases: readonly Release[], history: readonly HistoryEntry[]): Command[] {
  const asked = releases.flatMap((release): Command[] => [
    { at: release.timeline[0]?.at ?? release.since, by: release.by, line: releaseCommand(release) },
  ])
  const done = history.flatMap((entry): Command[] =>
    linesOf(entry).map((line) => ({ at: entry.at, by: entry.by, line })),
  )
  return [...asked, ...done].sort((a, b) => a.at - b.at)
}

function releaseCommand({ kind, endpoints, strategy, by, why }: Release): string {
  const bikes = endpoints.find(({ target }) => target === 'bikes')
  const name = bikes?.endpoint ?? (endpoints[0]?.endpoint ?? '').replace(/-docks$/, '')
  const target = endpoints.length > 1 ? 'both' : (endpoints[0]?.target ?? 'both')
  const [version, other] = [...new Set(endpoints.map(({ candidate }) => candidate.model_version))]
  const only = version !== undefined && other === undefined
  const words =
    kind === 'promote'
      ? [
          'promote',
          '--prod-endpoint',
          name,
          ...(only ? ['--model-name', version] : []),
          ...strategyFlags(strategy),
        ]
      : ['rollback', '--endpoint', name, ...(only ? ['--to', version] : [])]
  const whose = ['--target', target, '--by', by, ...(why === '' ? [] : ['--why', why])]
  return ['bikeshare', ...words, ...whose].map(quoted).join(' ')
}

function strategyFlags(strategy: Strategy): string[] {
  const flags = ['--strategy', strategy.type]
  switch (strategy.type) {
    case 'canary':
      return [
        ...flags,
        '--canary-percent',
        String(strategy.canary_percent),
        '--interval',
        `${strategy.wait_seconds}s`,
      ]
    case 'linear':
      return [
        ...flags,
        '--step-percent',
        String(strategy.step_percent),
        '--interval',
        `${strategy.wait_seconds}s`,
      ]
    case 'ab':
      return [
        ...flags,
        '--ramp',
        strategy.ramp.join(','),
        '--bake',
        `${strategy.bake_seconds}s`,
        '--max-wait',
        `${strategy.max_wait_seconds}s`,
      ]
    case 'shadow':
      return [...flags, '--bake', `${strategy.bake_seconds}s`, '--max-wait', `${strategy.max_wait_seconds}s`]
    default:
      return flags
  }
}

function linesOf({ action, endpoint, from, to, by }: HistoryEntry): string[] {
  const whose = ['--by', by]
  const command = (...words: string[]): string[] => [
    ['bikeshare', 'endpoints', ...words, ...whose].map(quoted).join(' '),
  ]
  switch (action) {
    case 'delete':
    case 'stop':
    case 'start':
      return command(action, endpoint)
    case 'deploy':
      return command(
        'deploy',
        '--stage',
        isProd(endpoint) ? 'prod' : 'staging',
        '--model',
        to?.variants[0]?.model_version ?? '',
      )
    case 'scale':
    default: {
      if (!to) return [`DeleteEndpoint ${endpoint}`]
      if (!from) return [`CreateEndpoint ${endpoint} with ${to.endpoint_config}`]
      if (from.endpoint_config !== to.endpoint_config)
        return [`UpdateEndpoint ${endpoint} to ${to.endpoint_config}`]
      const weights = to.variants.map(({ variant, weight }) => `${variant}=${weight}`).join(', ')
      return [`UpdateEndpointWeightsAndCapacities ${endpoint}: ${weights}`]
    }
  }
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
