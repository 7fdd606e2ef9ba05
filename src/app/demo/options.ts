import type { EpochSeconds } from '../../core/time.ts'

/** Where a demo's data come from. */
export type DemoSource =
  | { readonly kind: 'simulation'; readonly stations: number; readonly days: number; readonly seed: number }
  | {
      readonly kind: 'recording'
      readonly status: readonly string[]
      readonly information: readonly string[]
      readonly weather: readonly string[]
    }
  | { readonly kind: 'feed'; readonly url: string; readonly seconds: number }

/** Figures of one target on the test days, for people and machines. */
export interface TargetFigures {
  readonly model_version: string
  readonly train_until: string
  readonly test_from: string
  readonly train_rows: number
  readonly rounds: number
  readonly pr_auc: number | null
  readonly persistence_pr_auc: number | null
  readonly onset_rows: number
  readonly onset_positives: number
  readonly onset_pr_auc: number | null
  readonly persistence_onset_pr_auc: number | null
  readonly brier: number | null
}

/** What a demo came to; the last line of `demo --headless`. */
export interface DemoFigures {
  readonly targets: { readonly bikes: TargetFigures; readonly docks: TargetFigures }
  readonly stations: number
  readonly batches: number
  readonly predict_p95_ms: number
  readonly seconds: number
  readonly peak_rss_mb: number
  readonly data_sha256: string
}

/** The simulated city begins on this Monday, so that the same seed gives the same demo on any day. */
export const SIMULATION_FROM: EpochSeconds = Date.UTC(2024, 8, 2) / 1000
/** Time zone of the simulated city. */
export const SIMULATION_TIMEZONE = 'America/New_York'
/** Seed of the demo's city: one in whose last day the feed has no gap, so that all of its batches are predicted. */
export const DEMO_SEED = 4
