import { STATION_STATE_FEATURES } from '../../../core/contracts/features.ts'
import { WINDOW_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { evaluationRowsStatement, type ModelRows } from '../../../data/features/model-rows.ts'
import { snapshotTimes } from '../../../data/lake/gaps.ts'
import type { Warehouse } from '../../../platform/ports.ts'
import type { BaselineColumn } from './baseline-file.ts'
import { binCount, binOf, quantileEdges, type Edges } from './bins.ts'
import type { DriftColumn } from './columns.ts'
import { gapReach } from './gap-reach.ts'
import { WeekHistogram } from './histograms.ts'

/** Columns that are being counted, by name. */
export type Columns = Map<DriftColumn, BaselineColumn>

/** Quantiles are of about this many rows, evenly taken: their error is far below a bin's width. */
const QUANTILE_ROWS = 200_000
const COUNTED = [...STATION_STATE_FEATURES, 'label'] as const

/** A column without a row. */
export const emptyColumn = (edges: Edges): BaselineColumn => ({
  edges,
  histogram: new WeekHistogram(binCount(edges)),
})

/** Empty columns with the quantiles of every n-th row as bins. */
export async function quantileColumns(
  warehouse: Pick<Warehouse, 'stream'>,
  window: ModelRows,
  rows: number,
): Promise<Columns> {
  const step = Math.max(1, Math.ceil(rows / QUANTILE_ROWS))
  const values = STATION_STATE_FEATURES.map((): number[] => [])
  let first = 0
  for await (const batch of warehouse.stream(evaluationRowsStatement(window))) {
    for (const [f, feature] of STATION_STATE_FEATURES.entries()) {
      const column = batch.columns[feature] as ArrayLike<number>
      for (let i = first; i < batch.rows; i += step) values[f]?.push(column[i] ?? Number.NaN)
    }
    // Rows are counted through the batches, whatever their size.
    first = (((first - batch.rows) % step) + step) % step
  }
  return new Map(
    STATION_STATE_FEATURES.map((feature, f) => [
      feature,
      emptyColumn(quantileEdges(Float32Array.from(values[f] ?? []))),
    ]),
  )
}

/**
 * Counts the rows of a window into columns, those of a slot into what `columnsOf` names (undefined leaves them out). What a gap
 * of the feed explains is not counted as missing. Returns how many rows there were.
 */
export async function countRows(
  warehouse: Warehouse,
  window: ModelRows,
  columnsOf: (slot: EpochSeconds) => Columns | undefined,
  weekHour: (at: EpochSeconds) => number,
): Promise<number> {
  const { city, from, until } = window
  const times = await snapshotTimes({ warehouse }, { city, from: from - 2 * WINDOW_SECONDS, to: until })
  const explained = gapReach(times)
  let rows = 0
  for await (const batch of warehouse.stream(evaluationRowsStatement(window))) {
    const slots = batch.columns['slot'] as ArrayLike<number>
    for (const [f, name] of COUNTED.entries()) {
      const values = batch.columns[name] as ArrayLike<number>
      for (let i = 0; i < batch.rows; i++) {
        const slot = slots[i] ?? 0
        const column = columnsOf(slot)?.get(name)
        const value = values[i] ?? Number.NaN
        if (column === undefined || (Number.isNaN(value) && explained(slot)[f] === true)) continue
        column.histogram.add(weekHour(slot), binOf(column.edges, value))
      }
    }
    rows += batch.rows
  }
  return rows
}
