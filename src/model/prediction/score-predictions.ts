import type { Evaluation } from '../../core/contracts/manifest.ts'
import type { Platform } from '../../platform/ports.ts'
import { evaluateSaid } from '../evaluation/said.ts'
import { scoredRows, type ScoredRange } from './scored-rows.ts'

interface Columns {
  readonly labels: number[]
  readonly scores: number[]
  readonly counts: number[]
  readonly thresholds: number[]
  readonly said: number[]
}

/**
 * Judges an endpoint's predictions of the slots in `[from, until)` by what happened 30 minutes later. Left out are those
 * made after the fact and those whose outcome is unknown. Precision, recall and the confusion are of what was said at the
 * time, by the threshold of the variant that said it; `threshold` is the newest.
 */
export async function scorePredictions(
  platform: Pick<Platform, 'warehouse'>,
  range: ScoredRange,
): Promise<{ evaluation: Evaluation; rows: number }> {
  const columns: Columns = { labels: [], scores: [], counts: [], thresholds: [], said: [] }
  for await (const row of scoredRows(platform, range)) {
    columns.labels.push(row.label)
    columns.scores.push(row.score)
    columns.counts.push(row.count_now)
    columns.thresholds.push(row.threshold)
    columns.said.push(row.stockout ? 1 : 0)
  }
  const { hit_rate: _, persistence_f1: __, ...evaluation } = evaluateSaid(columns)
  return {
    evaluation: { ...evaluation, threshold: columns.thresholds.at(-1) ?? 0 },
    rows: columns.labels.length,
  }
}
