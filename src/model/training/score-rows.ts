import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import { OperatorError } from '../../core/errors.ts'
import type { LoadedModel, Warehouse } from '../../platform/ports.ts'
import { evaluationRowsStatement, type ModelRows } from '../../data/features/model-rows.ts'
import { labelledRange, type LabelledRange } from './labelled-range.ts'

/** Scored rows of a window, by position. */
export interface WindowScores {
  readonly range: LabelledRange
  readonly labels: Uint8Array
  readonly scores: Float32Array
  readonly counts: Int32Array
}

/** Rows that are scored in one call. */
const CHUNK_ROWS = 8192

/**
 * Scores the labelled rows of a window with a model. The features pass through in chunks; only label, score and count of
 * each row are kept. NOT_FOUND when the window has no row, MISMATCH when the features are rebuilt meanwhile, CANCELLED.
 */
export async function scoreRows(
  warehouse: Pick<Warehouse, 'rows' | 'stream'>,
  model: LoadedModel,
  window: ModelRows,
  signal?: AbortSignal,
): Promise<WindowScores> {
  const range = await labelledRange(warehouse, window)
  if (!range) throw noRows(window)
  const scored = {
    range,
    labels: new Uint8Array(range.rows),
    scores: new Float32Array(range.rows),
    counts: new Int32Array(range.rows),
  }
  const width = FEATURE_NAMES.length
  const chunk = new Float32Array(CHUNK_ROWS * width)
  let row = 0
  let held = 0
  const flush = async (): Promise<void> => {
    scored.scores.set(await model.predict(chunk.slice(0, held * width), held), row - held)
    held = 0
  }
  for await (const batch of warehouse.stream(evaluationRowsStatement(window))) {
    if (signal?.aborted) throw new OperatorError('CANCELLED', 'the evaluation was ended on request')
    if (row + batch.rows > range.rows) throw changed()
    const columns = FEATURE_NAMES.map((name) => batch.columns[name] as ArrayLike<number>)
    const labels = batch.columns['label'] as ArrayLike<number>
    const counts = batch.columns['count'] as ArrayLike<number>
    for (let start = 0; start < batch.rows;) {
      const count = Math.min(batch.rows - start, CHUNK_ROWS - held)
      columns.forEach((column, f) => {
        for (let i = 0; i < count; i++) chunk[(held + i) * width + f] = column[start + i] ?? Number.NaN
      })
      for (let i = 0; i < count; i++) {
        scored.labels[row + i] = labels[start + i] ?? 0
        scored.counts[row + i] = counts[start + i] ?? 0
      }
      start += count
      row += count
      held += count
      if (held === CHUNK_ROWS) await flush()
    }
  }
  if (held > 0) await flush()
  if (row !== range.rows) throw changed()
  return scored
}

/** NOT_FOUND for a window without rows. */
export function noRows({ city, target, from, until }: ModelRows): OperatorError {
  const day = (t: number): string => (Number.isFinite(t) ? new Date(t * 1000).toISOString() : 'the beginning')
  return new OperatorError(
    'NOT_FOUND',
    `${city} has no feature rows of ${target} with a known outcome from ${day(from)} to ${day(until)}`,
    'Build them with `bikeshare features build`, or choose another time.',
  )
}

function changed(): OperatorError {
  return new OperatorError(
    'MISMATCH',
    'the features changed while they were read',
    'Run it again when no `bikeshare features build` is under way.',
  )
}
