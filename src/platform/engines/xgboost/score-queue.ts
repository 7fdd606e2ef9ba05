import { OperatorError } from '../../../core/errors.ts'

/** Rows of one request on their way through the scoring thread, maybe in several batches. */
export interface ScoreJob {
  readonly model: number
  readonly columns: number
  readonly features: Float32Array
  readonly rows: number
  readonly scores: Float32Array
  /** Rows that have been packed so far. */
  packed: number
  resolve(scores: Float32Array): void
  reject(error: unknown): void
}

/** Where the rows of a job stand in a batch. */
interface Part {
  readonly job: ScoreJob
  readonly from: number
  readonly count: number
  readonly at: number
}

/** Rows of one model to be scored in one call. */
export interface ScoreBatch {
  readonly model: number
  readonly rows: number
  /** Hands out the scores, then ends the jobs that are whole. */
  finish(output: Float32Array): void
  fail(error: unknown): void
}

/**
 * Takes the next batch off `jobs` and packs its rows into `input`: of the first job's model, as many waiting requests as
 * fit. Requests that came while the thread was busy so share one call, which costs a row a tenth of a call of its own.
 * A job that does not fit whole goes on at the end of the queue, so that a long one does not hold up the others.
 * A job with an infinite value is rejected with BAD_INPUT by itself. Undefined when nothing is left to score.
 */
export function nextBatch(jobs: ScoreJob[], input: Float32Array): ScoreBatch | undefined {
  const parts: Part[] = []
  let rows = 0
  let first: ScoreJob | undefined
  for (let i = 0; i < jobs.length;) {
    const job = jobs[i]
    if (job === undefined || (first !== undefined && job.model !== first.model)) {
      i += 1
      continue
    }
    const room = Math.floor(input.length / job.columns) - rows
    if (room <= 0) break
    const count = Math.min(room, job.rows - job.packed)
    const refused = pack(job, count, input, rows)
    jobs.splice(i, 1)
    if (refused) {
      job.reject(refused)
      continue
    }
    first ??= job
    parts.push({ job, from: job.packed, count, at: rows })
    rows += count
    job.packed += count
    if (job.packed < job.rows) {
      jobs.push(job)
      break
    }
  }
  if (first === undefined) return undefined
  return {
    model: first.model,
    rows,
    finish(output) {
      for (const { job, from, count, at } of parts) {
        job.scores.set(output.subarray(at, at + count), from)
        if (from + count === job.rows) job.resolve(job.scores)
      }
    },
    fail(error) {
      for (const { job } of parts) {
        const waiting = jobs.indexOf(job)
        if (waiting !== -1) jobs.splice(waiting, 1)
        job.reject(error)
      }
    },
  }
}

/** Copies `count` rows of a job into `input` from row `at` on; the error when one of the values is infinite. */
function pack(job: ScoreJob, count: number, input: Float32Array, at: number): OperatorError | undefined {
  const { features, columns } = job
  const from = job.packed * columns
  const to = at * columns
  for (let k = 0; k < count * columns; k++) {
    const value = features[from + k] ?? Number.NaN
    if (isInfinite(value)) return infiniteAt(from + k, columns)
    input[to + k] = value
  }
  return undefined
}

/** BAD_INPUT for the first infinite value of some rows; undefined when there is none. */
export function infiniteValue(features: Float32Array, columns: number): OperatorError | undefined {
  const at = features.findIndex(isInfinite)
  return at === -1 ? undefined : infiniteAt(at, columns)
}

const isInfinite = (value: number): boolean => value === Infinity || value === -Infinity

const infiniteAt = (at: number, columns: number): OperatorError =>
  new OperatorError(
    'BAD_INPUT',
    `row ${Math.floor(at / columns)}, feature ${at % columns} is infinite`,
    'Send a finite number, or leave the value out when it is missing.',
  )
