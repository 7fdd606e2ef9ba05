import { loadSql } from '../../core/sql.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { QUALITY_SQL, qualityTablesBetween } from '../../data/lake/views.ts'
import type { Platform } from '../../platform/ports.ts'

/** The view of the lake that joins predictions with what happened, then the rows of one endpoint. */
const SCORED_ROWS_SQL = `with quality as (\n${QUALITY_SQL}\n)\n${loadSql(import.meta.url, './scored-rows.sql')}`

/** One prediction, made in time, and what came. */
export interface ScoredRow {
  readonly station_id: string
  readonly slot: EpochSeconds
  readonly count_now: number
  readonly score: number
  readonly threshold: number
  readonly stockout: boolean
  readonly variant: string
  readonly model_version: string
  readonly label: number
}

/** Predictions of one endpoint for the slots in `[from, until)`. */
export interface ScoredRange {
  readonly city: string
  readonly endpoint: string
  readonly from: EpochSeconds
  readonly until: EpochSeconds
}

/** An endpoint's live predictions whose outcome is known, by slot and station. Those made after the fact are left out. */
export async function* scoredRows(
  { warehouse }: Pick<Platform, 'warehouse'>,
  { city, endpoint, from, until }: ScoredRange,
): AsyncIterable<ScoredRow> {
  const statement = {
    name: 'scored predictions',
    sql: SCORED_ROWS_SQL,
    tables: qualityTablesBetween(city, { from, until }),
    params: { endpoint, from, until },
  }
  for await (const { rows, columns } of warehouse.stream(statement)) {
    const column = <T>(name: string): ArrayLike<T> => (columns[name] ?? []) as unknown as ArrayLike<T>
    const stations = column<string>('station_id')
    const slots = column<number>('slot')
    const counts = column<number>('count_now')
    const scores = column<number>('score')
    const thresholds = column<number>('threshold')
    const said = column<boolean>('stockout')
    const variants = column<string>('variant')
    const versions = column<string>('model_version')
    const labels = column<number>('label')
    for (let row = 0; row < rows; row++)
      yield {
        station_id: stations[row] ?? '',
        slot: slots[row] ?? Number.NaN,
        count_now: counts[row] ?? Number.NaN,
        score: scores[row] ?? Number.NaN,
        threshold: thresholds[row] ?? Number.NaN,
        stockout: said[row] === true,
        variant: variants[row] ?? '',
        model_version: versions[row] ?? '',
        label: labels[row] ?? Number.NaN,
      }
  }
}
