import { describe, expect, it } from 'vitest'
import type { DeploymentConfig } from '../../ports.ts'
import { checkDeploymentConfig, rolloutAt, type Rollout } from './rollout.ts'

type Routing = DeploymentConfig['BlueGreenUpdatePolicy']['TrafficRoutingConfiguration']
type Policy = Omit<DeploymentConfig['BlueGreenUpdatePolicy'], 'TrafficRoutingConfiguration'>

const percent = (Value: number) => ({ Type: 'CAPACITY_PERCENT', Value }) as const
const config = (routing: Routing, policy: Policy = {}): DeploymentConfig => ({
  BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: routing, ...policy },
})
const canary = (value: number, wait = 600): Routing => ({
  Type: 'CANARY',
  WaitIntervalInSeconds: wait,
  CanarySize: percent(value),
})
const shares = (rollout: Rollout, times: readonly number[]): (number | 'done')[] =>
  times.map((t) => {
    const state = rolloutAt(rollout, 1000 + t)
    return state.done ? 'done' : state.percent
  })

describe('an update under guardrails', () => {
  it('CANARY: the canary, a bake, all of it, a second bake', () => {
    const rollout = { Config: config(canary(10)), StartTime: 1000 }
    expect(shares(rollout, [-5, 0, 599, 600, 1199, 1200])).toEqual([10, 10, 10, 100, 100, 'done'])
  })

  it('LINEAR: equal steps, the last one what is left', () => {
    const routing: Routing = { Type: 'LINEAR', WaitIntervalInSeconds: 100, LinearStepSize: percent(30) }
    const rollout = { Config: config(routing), StartTime: 1000 }
    expect(shares(rollout, [0, 100, 200, 300, 399, 400])).toEqual([30, 60, 90, 100, 100, 'done'])
  })

  it('ALL_AT_ONCE: one step and its bake', () => {
    const rollout = { Config: config({ Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 60 }), StartTime: 1000 }
    expect(shares(rollout, [0, 59, 60])).toEqual([100, 100, 'done'])
  })

  it('keeps the old fleet for the termination wait, and without any wait is done at once', () => {
    const rollout = { Config: config(canary(10, 60), { TerminationWaitInSeconds: 30 }), StartTime: 1000 }
    expect(shares(rollout, [120, 149, 150])).toEqual([100, 100, 'done'])
    const routing: Routing = { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 }
    expect(shares({ Config: config(routing), StartTime: 1000 }, [0])).toEqual(['done'])
  })

  it('expires when it takes longer than it may', () => {
    const Config = config(canary(10, 3600), { MaximumExecutionTimeoutInSeconds: 600 })
    expect(rolloutAt({ Config, StartTime: 0 }, 599).expired).toBe(false)
    expect(rolloutAt({ Config, StartTime: 0 }, 600).expired).toBe(true)
  })

  it.each<[string, Routing, Policy]>([
    ['a canary above 50 %', canary(51), {}],
    ['a canary of nothing', canary(0), {}],
    ['a canary without size', { Type: 'CANARY', WaitIntervalInSeconds: 0 }, {}],
    ['a linear step below 10 %', { ...canary(10), Type: 'LINEAR', LinearStepSize: percent(5) }, {}],
    ['a size of another type', { ...canary(10), LinearStepSize: percent(10) }, {}],
    ['a wait above an hour', canary(10, 3601), {}],
    ['a negative wait', canary(10, -1), {}],
    ['a termination wait above an hour', canary(10), { TerminationWaitInSeconds: 3601 }],
    ['a timeout below 600 s', canary(10), { MaximumExecutionTimeoutInSeconds: 599 }],
  ])('refuses %s', (_, routing, policy) => {
    expect(() => checkDeploymentConfig(config(routing, policy))).toThrow(/DeploymentConfig/)
  })

  it('takes ten alarms and refuses eleven', () => {
    const withAlarms = (n: number): DeploymentConfig => ({
      ...config(canary(10)),
      AutoRollbackConfiguration: { Alarms: Array.from({ length: n }, (_, i) => ({ AlarmName: `a${i}` })) },
    })
    expect(() => checkDeploymentConfig(withAlarms(10))).not.toThrow()
    expect(() => checkDeploymentConfig(withAlarms(11))).toThrow(/at most 10/)
  })
})
