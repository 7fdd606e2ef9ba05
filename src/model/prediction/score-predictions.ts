import type { Evaluation } from '../../core/contracts/manifest.ts'
import { loadSql } from '../../core/sql.ts'
import { dsOf, type EpochSeconds } from '../../core/time.ts'
import { QUALITY_SQL, qualityTables } from '../../data/lake/views.ts'
import type { Platform } from '../../platform/ports.ts'
import { evaluate } from '../evaluation/metrics.ts'
import { fBetaOf, precisionOf, recallOf } from '../evaluation/threshold.ts'

/** The view of the lake that joins predictions with what happened, then the rows of one endpoint. */
const SCORED_ROWS_SQL = `with quality as (\n${QUALITY_SQL}\n)\n${loadSql(import.meta.url, './scored-rows.sql')}`

interface Columns {
  readonly labels: number[]
  readonly scores: number[]
  readonly counts: number[]
  readonly thresholds: number[]
  readonly said: boolean[]
}

/**
 * Judges an endpoint's predictions of the slots in `[from, until)` by what happened 30 minutes later. Left out are those
 * made after the fact and those whose outcome is unknown. Precision, recall and the confusion are of what was said at the
 * time, by the threshold of the variant that said it; `threshold` is the newest.
 */
export async function scorePredictions(
  platform: Pick<Platform, 'warehouse'>,
  options: {
    readonly city: string
    readonly endpoint: string
    readonly from: EpochSeconds
    readonly until: EpochSeconds
  },
): Promise<{ evaluation: Evaluation; rows: number }> {
  const { city, endpoint, from, until } = options
  const columns: Columns = { labels: [], scores: [], counts: [], thresholds: [], said: [] }
  const statement = {
    name: 'scored predictions',
    sql: SCORED_ROWS_SQL,
    tables: qualityTables(city, dsOf(from), dsOf(until - 1)),
    params: { endpoint, from, until },
  }
  for await (const batch of platform.warehouse.stream(statement)) {
    for (let row = 0; row < batch.rows; row++) {
      columns.labels.push(Number(batch.columns['label']?.[row]))
      columns.scores.push(Number(batch.columns['score']?.[row]))
      columns.counts.push(Number(batch.columns['count_now']?.[row]))
      columns.thresholds.push(Number(batch.columns['threshold']?.[row]))
      columns.said.push(batch.columns['stockout']?.[row] === true)
    }
  }
  const { labels, scores, counts, thresholds } = columns
  const evaluation = evaluate({ labels, scores, counts, threshold: thresholds.at(-1) ?? 0 })
  return { evaluation: { ...evaluation, ...judged(columns) }, rows: labels.length }
}

function judged({ labels, said }: Columns): Pick<Evaluation, 'confusion' | 'precision' | 'recall' | 'f1'> {
  const count = (label: number, stockout: boolean): number =>
    labels.reduce((sum, value, row) => sum + (value === label && said[row] === stockout ? 1 : 0), 0)
  const confusion = { tp: count(1, true), fp: count(0, true), tn: count(0, false), fn: count(1, false) }
  return {
    confusion,
    precision: precisionOf(confusion),
    recall: recallOf(confusion),
    f1: fBetaOf(confusion),
  }
}
