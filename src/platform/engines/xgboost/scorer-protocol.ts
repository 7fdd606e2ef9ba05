import type { WireError } from './wire-error.ts'

/** What the scoring thread is started with. */
export interface ScorerStart {
  readonly libraryPath: string
  readonly threads: number
  /** Rows to score, written by the main thread; the thread reads them while a command on them is under way. */
  readonly input: Float32Array
  /** Their scores, or contributions. */
  readonly output: Float32Array
}

/** One command to the scoring thread. It answers each with one reply, in order. */
export type ScorerCommand =
  | { readonly do: 'load'; readonly model: number; readonly bytes: Uint8Array }
  | { readonly do: 'predict'; readonly model: number; readonly rows: number }
  | { readonly do: 'contributions'; readonly model: number; readonly rows: number }
  | { readonly do: 'gain'; readonly model: number }
  | { readonly do: 'free'; readonly model: number }
  | { readonly do: 'version' }

export interface ModelFacts {
  readonly columns: number
  readonly rounds: number
  readonly featureNames: readonly string[]
}

export type ScorerReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: WireError }
