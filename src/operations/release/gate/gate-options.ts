import type { EpochSeconds } from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'

/** What the gate looks at. */
export type GatePlatform = Pick<Platform, 'store' | 'warehouse' | 'metrics'>

export interface GateOptions {
  readonly endpoint: string
  readonly city: string
  readonly region: string
  readonly namespace: string
  readonly now: EpochSeconds
}
