import type { Column, ColumnBatch } from '../../src/platform/ports.ts'
import type { StatusBatch } from './recording-figures.ts'

/** Columns of a recording's status as the collector of figures takes them. */
export function batchOf(columns: readonly Column[]): StatusBatch {
  const named = Object.fromEntries(columns.map(({ name, values }) => [name, values]))
  return batchOfNamed(columns[0]?.values.length ?? 0, named)
}

/** A batch of a query that selects the recording's columns, times as epoch seconds. */
export function batchOfQuery(batch: ColumnBatch): StatusBatch {
  return batchOfNamed(batch.rows, batch.columns)
}

function batchOfNamed(
  rows: number,
  columns: Readonly<Record<string, ArrayLike<string | number | boolean | null>>>,
): StatusBatch {
  const of = <T>(name: string): ArrayLike<T> => {
    const values = columns[name]
    if (values === undefined) throw new Error(`The recording has no column ${name}`)
    return values as ArrayLike<T>
  }
  return {
    rows,
    lastUpdated: of<number>('last_updated'),
    stationId: of<string>('station_id'),
    bikes: of<number>('num_bikes_available'),
    docks: of<number>('num_docks_available'),
    installed: of<boolean>('is_installed'),
    renting: of<boolean>('is_renting'),
    returning: of<boolean>('is_returning'),
    lastReported: of<number>('last_reported'),
  }
}
