import {
  type DuckDBDataChunk,
  DuckDBDecimalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { SqlValue } from '../../ports.ts'
import { readTexts } from './text-reader.ts'

/** What null becomes in a column of numbers with a fraction: NaN in a typed array, or null in an ordinary one. */
export type NullStyle = 'nan' | 'null'

type Values = ArrayLike<SqlValue>

const STRING_BYTES = 16
const TWO_32 = 4_294_967_296

/** One bit a row, least significant first; null when no row is null. */
type Validity = Uint8Array | null

const isNull = (validity: Uint8Array, row: number): boolean =>
  ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0

/**
 * One column of a chunk in the shape that `ColumnBatch` describes (with `null` style: the same, but null is always null).
 * The values are copies; the chunk may go.
 */
export function readColumn(
  chunk: DuckDBDataChunk,
  index: number,
  type: DuckDBType,
  style: NullStyle,
): Values {
  const rows = chunk.rowCount
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, index)
  const bytes = (width: number): Uint8Array => duckdb.vector_get_data(vector, rows * width)
  const validity: Validity = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8)
  switch (type.typeId) {
    case DuckDBTypeId.FLOAT:
      return withFraction(copyOf(Float32Array, bytes(4), rows), validity, style)
    case DuckDBTypeId.DOUBLE:
      return withFraction(copyOf(Float64Array, bytes(8), rows), validity, style)
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return withFraction(
        readInt64(bytes(8), rows).map((micros) => micros / 1e6),
        validity,
        style,
      )
    case DuckDBTypeId.TINYINT:
      return whole(Int32Array.from(copyOf(Int8Array, bytes(1), rows)), validity)
    case DuckDBTypeId.SMALLINT:
      return whole(Int32Array.from(copyOf(Int16Array, bytes(2), rows)), validity)
    case DuckDBTypeId.INTEGER:
      return whole(copyOf(Int32Array, bytes(4), rows), validity)
    case DuckDBTypeId.BIGINT:
      return whole(readInt64(bytes(8), rows), validity)
    case DuckDBTypeId.BOOLEAN:
      return readBooleans(bytes(1), rows, validity)
    case DuckDBTypeId.VARCHAR:
      return readTexts(bytes(STRING_BYTES), rows, (row) => validity !== null && isNull(validity, row))
    default:
      return readRare(chunk.getColumnValues(index), style)
  }
}

/** All columns of a chunk by name; of two with one name the later counts. */
export function readChunk(
  chunk: DuckDBDataChunk,
  names: readonly string[],
  types: readonly DuckDBType[],
  style: NullStyle,
): Record<string, Values> {
  const columns: Record<string, Values> = {}
  for (const [i, type] of types.entries()) columns[names[i] ?? ''] = readColumn(chunk, i, type, style)
  return columns
}

interface TypedArrayType<T> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer): T
}

function copyOf<T>(Type: TypedArrayType<T>, bytes: Uint8Array, rows: number): T {
  const copy = new ArrayBuffer(rows * Type.BYTES_PER_ELEMENT)
  new Uint8Array(copy).set(bytes)
  return new Type(copy)
}

function readInt64(bytes: Uint8Array, rows: number): Float64Array {
  const halves = copyOf(Int32Array, bytes, rows * 2)
  const values = new Float64Array(rows)
  for (let i = 0; i < rows; i += 1)
    values[i] = (halves[2 * i + 1] ?? 0) * TWO_32 + ((halves[2 * i] ?? 0) >>> 0)
  return values
}

function withFraction(values: Float32Array | Float64Array, validity: Validity, style: NullStyle): Values {
  if (!validity) return values
  if (style === 'null') return whole(values, validity)
  for (let row = 0; row < values.length; row += 1) if (isNull(validity, row)) values[row] = Number.NaN
  return values
}

function whole(values: Int32Array | Float32Array | Float64Array, validity: Validity): Values {
  if (!validity) return values
  const list: (number | null)[] = []
  let nulls = false
  for (let row = 0; row < values.length; row += 1) {
    const none = isNull(validity, row)
    nulls ||= none
    list.push(none ? null : (values[row] ?? null))
  }
  return nulls ? list : values
}

function readBooleans(bytes: Uint8Array, rows: number, validity: Validity): (boolean | null)[] {
  const list: (boolean | null)[] = []
  for (let row = 0; row < rows; row += 1)
    list.push(validity && isNull(validity, row) ? null : bytes[row] !== 0)
  return list
}

/** Types the lake does not store but a query may return. */
function readRare(values: readonly DuckDBValue[], style: NullStyle): Values {
  const numbers = values.map((value) => (value === null ? null : numberOf(value)))
  if (!numbers.every((number) => number !== undefined))
    return values.map((value) => (value === null ? null : String(value)))
  if (style === 'null') return numbers
  return Float64Array.from(numbers, (number) => number ?? Number.NaN)
}

function numberOf(value: DuckDBValue): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof DuckDBDecimalValue) return value.toDouble()
  if (value instanceof DuckDBTimestampSecondsValue) return Number(value.seconds)
  if (value instanceof DuckDBTimestampMillisecondsValue) return Number(value.millis) / 1e3
  if (value instanceof DuckDBTimestampNanosecondsValue) return Number(value.nanos) / 1e9
  return undefined
}
