import type { TrainingParams } from '../../../core/contracts/manifest.ts'
import type { RoundScore } from '../../ports.ts'
import type { TrainingState } from './boosting.ts'
import type { WireError } from './wire-error.ts'

/** First message to the training process; its rows follow on their own pipe. */
export interface TrainingStart {
  readonly libraryPath: string
  readonly columns: number
}

/** Second message, once the rows are on their way. */
export interface TrainingOrder {
  readonly params: TrainingParams
  readonly featureNames: readonly string[]
  readonly resume: TrainingState | undefined
}

/** What the training process says. */
export type TrainingNews =
  | { readonly is: 'round'; readonly score: RoundScore }
  | { readonly is: 'checkpoint'; readonly state: TrainingState }
  | {
      readonly is: 'done'
      readonly model: Uint8Array
      readonly rounds: number
      readonly history: readonly RoundScore[]
      readonly libraryVersion: string
      readonly peakRssMb: number
    }
  | { readonly is: 'failed'; readonly error: WireError }

/** Which set the rows of a frame belong to. */
export const ROW_SETS = ['train', 'validation'] as const
export type RowSet = (typeof ROW_SETS)[number]

/** File descriptor of the pipe with the rows, in the training process. */
export const ROWS_FD = 4
