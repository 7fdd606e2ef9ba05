import { z } from 'zod'
import type { EpochSeconds } from '../../../core/time.ts'
import { ControlError, type DeploymentConfig } from '../../ports.ts'

const capacitySchema = z.object({ Type: z.literal('CAPACITY_PERCENT'), Value: z.int() })
const alarmSchema = z.object({ AlarmName: z.string() })

/** SageMaker's DeploymentConfig as far as the host takes it; what it means stands at the port. */
export const deploymentConfigSchema = z.object({
  BlueGreenUpdatePolicy: z.object({
    TrafficRoutingConfiguration: z.object({
      Type: z.enum(['ALL_AT_ONCE', 'CANARY', 'LINEAR']),
      WaitIntervalInSeconds: z.int(),
      CanarySize: capacitySchema.exactOptional(),
      LinearStepSize: capacitySchema.exactOptional(),
    }),
    TerminationWaitInSeconds: z.int().exactOptional(),
    MaximumExecutionTimeoutInSeconds: z.int().exactOptional(),
  }),
  AutoRollbackConfiguration: z.object({ Alarms: z.array(alarmSchema).readonly() }).exactOptional(),
})

/** An update under guardrails, from when the new fleet was ready. */
export const rolloutSchema = z.object({ Config: deploymentConfigSchema, StartTime: z.int() })
export type Rollout = z.infer<typeof rolloutSchema>

/** Where an update under guardrails stands. */
export interface RolloutState {
  /** Share of the requests that the new fleet takes, in per cent. */
  readonly percent: number
  /** All steps and waits are over. */
  readonly done: boolean
  /** It took longer than it may: all traffic goes back. */
  readonly expired: boolean
}

const MOST_WAIT = 3600
const MOST_ALARMS = 10
const TIMEOUT = { least: 600, most: 28_800 } as const

/** Where the update stands at `now`. Which steps there are follows from its configuration alone. */
export function rolloutAt({ Config, StartTime }: Rollout, now: EpochSeconds): RolloutState {
  const { TrafficRoutingConfiguration, TerminationWaitInSeconds = 0 } = Config.BlueGreenUpdatePolicy
  const { WaitIntervalInSeconds: wait } = TrafficRoutingConfiguration
  const shares = stepsOf(Config)
  const passed = Math.max(0, now - StartTime)
  const step = wait === 0 ? shares.length - 1 : Math.min(shares.length - 1, Math.floor(passed / wait))
  const end = shares.length * wait + TerminationWaitInSeconds
  const timeout = Config.BlueGreenUpdatePolicy.MaximumExecutionTimeoutInSeconds
  const done = passed >= end
  return { percent: shares[step] ?? 100, done, expired: !done && timeout !== undefined && passed >= timeout }
}

/** Shares of the steps, in per cent; the last is 100. */
function stepsOf(config: DeploymentConfig): number[] {
  const { Type, CanarySize, LinearStepSize } = config.BlueGreenUpdatePolicy.TrafficRoutingConfiguration
  if (Type === 'CANARY') return [CanarySize?.Value ?? 100, 100]
  const size = Type === 'LINEAR' ? (LinearStepSize?.Value ?? 100) : 100
  return Array.from({ length: Math.ceil(100 / size) }, (_, step) => Math.min(100, (step + 1) * size))
}

/** Refuses what SageMaker refuses of a DeploymentConfig. */
export function checkDeploymentConfig(config: DeploymentConfig): void {
  const { TrafficRoutingConfiguration: routing, ...policy } = config.BlueGreenUpdatePolicy
  within('waitIntervalInSeconds', routing.WaitIntervalInSeconds, 0, MOST_WAIT)
  within('terminationWaitInSeconds', policy.TerminationWaitInSeconds ?? 0, 0, MOST_WAIT)
  if (policy.MaximumExecutionTimeoutInSeconds !== undefined)
    within(
      'maximumExecutionTimeoutInSeconds',
      policy.MaximumExecutionTimeoutInSeconds,
      TIMEOUT.least,
      TIMEOUT.most,
    )
  size('canarySize', routing.CanarySize?.Value, routing.Type === 'CANARY', 1, 50)
  size('linearStepSize', routing.LinearStepSize?.Value, routing.Type === 'LINEAR', 10, 50)
  const alarms = config.AutoRollbackConfiguration?.Alarms ?? []
  if (alarms.length > MOST_ALARMS)
    refuse(`autoRollbackConfiguration has ${alarms.length} alarms, at most 10 are taken`)
}

function size(name: string, value: number | undefined, wanted: boolean, least: number, most: number): void {
  if (wanted && value === undefined) refuse(`${name} is missing`)
  if (!wanted && value !== undefined) refuse(`${name} does not go with this type of traffic routing`)
  if (value !== undefined) within(`${name}.value`, value, least, most)
}

function within(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    refuse(`${name} is ${value}; it is a whole number from ${least} to ${most}`)
}

function refuse(what: string): never {
  throw new ControlError('ValidationException', `DeploymentConfig: ${what}.`)
}
