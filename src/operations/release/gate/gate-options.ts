import type { EpochSeconds } from '../../../core/time.ts'
import type { ScoredRange } from '../../../model/prediction/scored-rows.ts'
import type { Platform } from '../../../platform/ports.ts'
import type { OnsetRows } from './onset-order.ts'

/** What the gate looks at. */
export type GatePlatform = Pick<Platform, 'store' | 'warehouse' | 'metrics'>

export interface GateOptions {
  readonly endpoint: string
  readonly city: string
  readonly region: string
  readonly namespace: string
  readonly now: EpochSeconds
  /**
   * Gives the onset rows of an endpoint's live predictions whose outcome is known, by slot and station: for whoever has them in
   * memory. Without it they are read from the lake.
   */
  readonly readOnsets?: (range: ScoredRange) => Promise<OnsetRows>
}
