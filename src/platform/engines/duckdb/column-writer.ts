import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBType,
  FLOAT,
  INTEGER,
  SMALLINT,
  VARCHAR,
} from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { OperatorError } from '../../../core/errors.ts'
import type { Column, ColumnType } from '../../ports.ts'

const TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  VARCHAR,
  BIGINT,
  INTEGER,
  SMALLINT,
  DOUBLE,
  FLOAT,
  BOOLEAN,
}

const TWO_32 = 4_294_967_296

/** The values of one column, of one chunk's length at most, and what they look like to DuckDB. */
interface Slice {
  readonly column: Column
  readonly from: number
  readonly rows: number
}

/** Appends rows given by column to a table of the same columns. A value that does not fit its type is BAD_INPUT. */
export function appendColumns(appender: DuckDBAppender, columns: readonly Column[], rows: number): void {
  const size = duckdb.vector_size()
  const types = columns.map((column) => TYPES[column.type])
  for (let from = 0; from < rows; from += size) {
    const chunk = DuckDBDataChunk.create(types, Math.min(size, rows - from))
    for (const [i, column] of columns.entries()) fill(chunk, i, { column, from, rows: chunk.rowCount })
    appender.appendDataChunk(chunk)
  }
}

function fill(chunk: DuckDBDataChunk, index: number, slice: Slice): void {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, index)
  const nulls = new NullBits(slice.rows)
  const { type } = slice.column
  if (type === 'VARCHAR') fillTexts(vector, slice, nulls)
  else {
    const bytes =
      type === 'BIGINT'
        ? int64(slice, nulls)
        : type === 'BOOLEAN'
          ? booleans(slice, nulls)
          : numbers(slice, nulls, type)
    duckdb.copy_data_to_vector(vector, 0, bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  nulls.copyTo(vector)
}

/** Which rows are null, in DuckDB's form: a bit a row, set when there is a value. */
class NullBits {
  readonly #bytes: Uint8Array<ArrayBuffer>
  #any = false

  constructor(rows: number) {
    this.#bytes = new Uint8Array(Math.ceil(rows / 64) * 8).fill(0xff)
  }

  add(row: number): void {
    this.#any = true
    this.#bytes[row >> 3] = (this.#bytes[row >> 3] ?? 0) & ~(1 << (row & 7))
  }

  copyTo(vector: duckdb.Vector): void {
    if (!this.#any) return
    duckdb.vector_ensure_validity_writable(vector)
    duckdb.copy_data_to_vector_validity(vector, 0, this.#bytes.buffer, 0, this.#bytes.byteLength)
  }
}

const INTEGER_RANGE = { SMALLINT: 32_767, INTEGER: 2_147_483_647 } as const

function numbers(
  { column, from, rows }: Slice,
  nulls: NullBits,
  type: 'FLOAT' | 'DOUBLE' | 'INTEGER' | 'SMALLINT',
): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Int16Array<ArrayBuffer> {
  const fraction = type === 'FLOAT' || type === 'DOUBLE'
  const max = fraction ? 0 : INTEGER_RANGE[type]
  const out =
    type === 'FLOAT'
      ? new Float32Array(rows)
      : type === 'DOUBLE'
        ? new Float64Array(rows)
        : type === 'INTEGER'
          ? new Int32Array(rows)
          : new Int16Array(rows)
  for (let i = 0; i < rows; i += 1) {
    const value = column.values[from + i]
    if (value === null || (fraction && Number.isNaN(value))) nulls.add(i)
    else if (
      typeof value === 'number' &&
      (fraction || (Number.isInteger(value) && value <= max && value >= -max - 1))
    )
      out[i] = value
    else throw misfit(column, from + i)
  }
  return out
}

function int64({ column, from, rows }: Slice, nulls: NullBits): Int32Array<ArrayBuffer> {
  const halves = new Int32Array(rows * 2)
  for (let i = 0; i < rows; i += 1) {
    const value = column.values[from + i]
    if (value === null) nulls.add(i)
    else if (typeof value === 'number' && Number.isSafeInteger(value)) {
      halves[2 * i] = value
      halves[2 * i + 1] = Math.floor(value / TWO_32)
    } else throw misfit(column, from + i)
  }
  return halves
}

function booleans({ column, from, rows }: Slice, nulls: NullBits): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(rows)
  for (let i = 0; i < rows; i += 1) {
    const value = column.values[from + i]
    if (value === null) nulls.add(i)
    else if (typeof value === 'boolean') out[i] = value ? 1 : 0
    else throw misfit(column, from + i)
  }
  return out
}

function fillTexts(vector: duckdb.Vector, { column, from, rows }: Slice, nulls: NullBits): void {
  for (let i = 0; i < rows; i += 1) {
    const value = column.values[from + i]
    if (value === null) nulls.add(i)
    else if (typeof value === 'string') duckdb.vector_assign_string_element(vector, i, value)
    else throw misfit(column, from + i)
  }
}

function misfit(column: Column, row: number): OperatorError {
  return new OperatorError(
    'BAD_INPUT',
    `row ${row} of column "${column.name}" holds ${JSON.stringify(column.values[row])}, which is no ${column.type}`,
  )
}
