import type { EpochSeconds } from '../time.ts'
import type { Target } from './features.ts'

/** One prediction, as written to `predictions.parquet` (one file an endpoint and batch). */
export interface Prediction {
  readonly city: string
  readonly endpoint: string
  readonly target: Target
  /** The slot predicted from, epoch seconds; the prediction is about slot + 30 min. */
  readonly slot: EpochSeconds
  readonly dt: string
  readonly station_id: string
  /** Count now (bikes or docks), for onset rows and persistence. */
  readonly count_now: number
  /** Chance of two or fewer at slot + 30 min, 0..1. */
  readonly score: number
  /** From the manifest of the model that made it. */
  readonly threshold: number
  readonly stockout: boolean
  readonly variant: string
  readonly model_version: string
  /** sha256 of the float32 features sent, first 16 hex digits. */
  readonly features_hash: string
  readonly inference_id: string
  /** Seed of the batch's shuffle. */
  readonly shuffle_seed: number
  readonly made_at: EpochSeconds
  /** Made after the fact; counts in no live metric. */
  readonly backfilled: boolean
}
