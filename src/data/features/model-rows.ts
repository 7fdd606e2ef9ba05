import type { Target } from '../../core/contracts/features.ts'
import { loadSql } from '../../core/sql.ts'
import { dsOf, type EpochSeconds } from '../../core/time.ts'
import type { Statement } from '../../platform/ports.ts'

const TRAINING_SQL = loadSql(import.meta.url, './training-rows.sql')
const EVALUATION_SQL = loadSql(import.meta.url, './evaluation-rows.sql')

/** Which rows: the slots from `from` on and before `until`. */
export interface ModelRows {
  readonly city: string
  readonly target: Target
  readonly from: EpochSeconds
  readonly until: EpochSeconds
}

/**
 * The rows a model is trained on: 10-minute slots, usable stations, known labels, by (slot, station_id). Columns: `label`,
 * then the 25 features in order, all FLOAT, as a TrainingJob's files have them.
 */
export const trainingRowsStatement = (rows: ModelRows): Statement =>
  statement('training-rows', TRAINING_SQL, rows)

/** The same rows in the same order, for scoring: `slot`, `station_id` and `count` (bikes or docks now) before the label. */
export const evaluationRowsStatement = (rows: ModelRows): Statement =>
  statement('evaluation-rows', EVALUATION_SQL, rows)

function statement(name: string, sql: string, { city, target, from, until }: ModelRows): Statement {
  return {
    name,
    sql,
    tables: {
      features: { dataset: 'features', city, dsFrom: dsOf(from), dsTo: dsOf(Math.max(from, until - 1)) },
    },
    params: { target, from, until },
  }
}
