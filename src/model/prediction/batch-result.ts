import type { EpochSeconds } from '../../core/time.ts'

/**
 * How a batch went: `done` is written whole; `incomplete` written, or given up, with stations missing; `already_done` by an
 * earlier call; `pending` goes on with the next call; `skipped` cannot be predicted by this endpoint.
 */
export type BatchOutcome = 'done' | 'incomplete' | 'already_done' | 'pending' | 'skipped'

export interface BatchResult {
  readonly endpoint: string
  readonly slot: EpochSeconds
  readonly outcome: BatchOutcome
  /** Stations with a known state that are due a prediction: those in use. Zero when it was not looked at. */
  readonly stations: number
  /** Predictions of the batch so far, from earlier calls too. */
  readonly predictions: number
  /** Requests of this call. */
  readonly requests: number
  /** Null when this call put none: an unfinished batch, or one made after the fact. */
  readonly heartbeat: 0 | 1 | null
  readonly reason?: string
}
