import { FEATURE_NAMES } from '../../../core/contracts/features.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { evaluationRowsStatement, type ModelRows } from '../../../data/features/model-rows.ts'
import type { LoadedModel, Warehouse } from '../../../platform/ports.ts'

/** Rows that are scored, evenly taken, and in one call. */
const SCORED_ROWS = 100_000
const CHUNK_ROWS = 8192

/** What a model says of rows it was not fitted to: one score a slot in the same place. */
export interface BaselineScores {
  readonly slots: readonly EpochSeconds[]
  readonly scores: Float32Array
}

/** Scores every n-th row of a window that has about `rows` rows. Rows of training would do worse: a model is surer of them. */
export async function baselineScores(
  warehouse: Pick<Warehouse, 'stream'>,
  model: LoadedModel,
  window: ModelRows,
  rows: number,
): Promise<BaselineScores> {
  const step = Math.max(1, Math.ceil(rows / SCORED_ROWS))
  const width = FEATURE_NAMES.length
  const chunk = new Float32Array(CHUNK_ROWS * width)
  const slots: EpochSeconds[] = []
  const scores: number[] = []
  let [row, held] = [0, 0]
  const score = async (): Promise<void> => {
    if (held > 0) scores.push(...(await model.predict(chunk.slice(0, held * width), held)))
    held = 0
  }
  for await (const batch of warehouse.stream(evaluationRowsStatement(window))) {
    const columns = FEATURE_NAMES.map((feature) => batch.columns[feature] as ArrayLike<number>)
    const slotOf = batch.columns['slot'] as ArrayLike<number>
    for (let i = 0; i < batch.rows; i++, row++) {
      if (row % step !== 0) continue
      for (let f = 0; f < width; f++) chunk[held * width + f] = columns[f]?.[i] ?? Number.NaN
      slots.push(slotOf[i] ?? 0)
      if (++held === CHUNK_ROWS) await score()
    }
  }
  await score()
  return { slots, scores: Float32Array.from(scores) }
}
