import type { StatusSnapshot, WeatherHour } from '../../../core/contracts/station.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { InformationVersion } from '../information-versions.ts'

/** `[from, to)` on last_updated; an absent end is open. */
export interface TimeRange {
  readonly from?: EpochSeconds
  readonly to?: EpochSeconds
}

/** Times of a first and a last snapshot. */
export interface Span {
  readonly first: EpochSeconds
  readonly last: EpochSeconds
}

/** One snapshot of a recording, the station rules applied. */
export interface RecordedSnapshot {
  readonly snapshot: StatusSnapshot
  /** The snapshot as recorded, made only when it must be kept as refused. */
  readonly body: () => Promise<Uint8Array | string>
}

/** A day of a recording: its snapshots in order of time. One `ds` may come more than once. */
export interface RecordedDay {
  readonly ds: string
  readonly snapshots: readonly RecordedSnapshot[]
}

/** Where a part of a recording came from. */
export interface RecordedFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** Status of a recording. */
export interface StatusSource {
  /** Where it comes from, for messages and refused batches. */
  readonly name: string
  /** Times of the first and the last snapshot; undefined when there is none. */
  span(): Promise<Span | undefined>
  /** How many rows or files `[from, to)` holds, for the progress; BAD_INPUT when it cannot be read. */
  size(range: TimeRange): Promise<number>
  /** Days in order, about one at a time in memory. `onProgress` counts in the unit of `size`. */
  days(range: TimeRange, onProgress: (done: number) => void): AsyncIterable<RecordedDay>
}

/** A recording: status, and what else belongs to it. */
export interface Recording {
  readonly files: readonly RecordedFile[]
  readonly status: readonly StatusSource[]
  /** All versions of information it has. */
  information(): Promise<readonly InformationVersion[]>
  /** Weather, in parts of a size that memory can take. */
  weather(): AsyncIterable<readonly WeatherHour[]>
}

/** The span that covers both. */
export function joinSpans(a: Span | undefined, b: Span | undefined): Span | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return { first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) }
}

/** True within `[from, to)`. */
export function isWithin(time: EpochSeconds, range: TimeRange): boolean {
  return time >= (range.from ?? -Infinity) && time < (range.to ?? Infinity)
}
