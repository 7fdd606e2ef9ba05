import { describe, expect, it } from 'vitest'
import { brokenCommand } from '../../../test/support/broken-command.ts'
import { exampleRelease } from '../../../test/support/example-release.ts'
import type { HistoryEntry, Served } from '../../core/contracts/history.ts'
import type { Strategy } from '../../core/contracts/release.ts'
import { commandsOf } from './commands.ts'

const watched = { bake_seconds: 3600, max_wait_seconds: 7200 }
const STRATEGIES: Strategy[] = [
  { type: 'all-at-once', wait_seconds: 0 },
  { type: 'canary', canary_percent: 10, wait_seconds: 600 },
  { type: 'linear', step_percent: 25, wait_seconds: 600 },
  { type: 'ab', ramp: [10, 100], ...watched },
  { type: 'shadow', ...watched },
]
const served = (endpoint_config: string, weight = 1): Served => ({
  endpoint_config,
  variants: [
    { variant: 'AllTraffic', group: 'g', model_version: 'v1', model_name: 'g-v1', weight, threshold: 0.2 },
  ],
})
const entry = (action: HistoryEntry['action'], from: Served | null, to: Served | null): HistoryEntry => ({
  seq: 1,
  endpoint: 'bikeshare-staging',
  city: 'demo',
  target: 'bikes',
  action,
  at: 10,
  by: 'ann',
  why: '',
  from,
  to,
  previous: '',
  hash: '',
})

describe('what was run', () => {
  it('is told in commands that there are, for every kind of release and change', async () => {
    const releases = STRATEGIES.flatMap((strategy) =>
      (['promote', 'rollback'] as const).map((kind) => exampleRelease({ kind, strategy })),
    )
    const history = (['deploy', 'delete', 'stop', 'start'] as const).map((action) =>
      entry(action, null, action === 'deploy' ? served('c1') : null),
    )
    const commands = commandsOf(releases, history).map(({ line }) => line)
    expect(commands).toHaveLength(14)
    for (const line of commands) {
      expect(line).toMatch(/^bikeshare /)
      expect(await brokenCommand(line)).toBeUndefined()
    }
  })

  it('is the call where the endpoint host was asked', () => {
    const calls = [
      entry('promote', null, served('c1')),
      entry('promote', served('c1'), served('c2')),
      entry('ramp', served('c2'), served('c2', 0.5)),
      entry('rollback', served('c2'), null),
    ]
    expect(commandsOf([], calls).map(({ line }) => line)).toEqual([
      'CreateEndpoint bikeshare-staging with c1',
      'UpdateEndpoint bikeshare-staging to c2',
      'UpdateEndpointWeightsAndCapacities bikeshare-staging: AllTraffic=0.5',
      'DeleteEndpoint bikeshare-staging',
    ])
  })

  it('quotes what a shell would take for something else', () => {
    const [command] = commandsOf([exampleRelease({ why: "it's $(rm -rf /); `x`" })], [])
    expect(command?.line).toMatch(/ --why 'it'\\''s \$\(rm -rf \/\); `x`'$/)
  })
})
