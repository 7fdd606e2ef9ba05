import { parquetWriteBuffer, type BasicType } from 'hyparquet-writer'
import type { Cell, Kind, TableColumn } from './table.ts'

const TYPES = {
  text: 'STRING',
  whole: 'INT32',
  number: 'DOUBLE',
  truth: 'BOOLEAN',
  time: 'INT64',
} as const satisfies Record<Kind, BasicType>

/**
 * A table as Parquet, made in memory: a download writes nothing into the lake, which may be read-only. Times are epoch
 * seconds (INT64), as everywhere in the lake; units stand in the file's metadata.
 */
export function parquetOf(columns: readonly TableColumn[]): Buffer {
  const units = columns.filter(({ unit }) => unit !== null).map(({ name, unit }) => [name, unit])
  const bytes = parquetWriteBuffer({
    columnData: columns.map(({ name, kind, values }) => ({
      name,
      type: TYPES[kind],
      data: values.map((value) => valueOf(value, kind)),
    })),
    kvMetadata: [{ key: 'units', value: JSON.stringify(Object.fromEntries(units)) }],
    createdBy: 'bikeshare',
  })
  return Buffer.from(bytes)
}

const valueOf = (cell: Cell, kind: Kind): Cell | bigint =>
  kind === 'time' && typeof cell === 'number' ? BigInt(Math.trunc(cell)) : cell
