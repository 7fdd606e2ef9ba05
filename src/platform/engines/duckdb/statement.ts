import type {
  DuckDBConnection,
  DuckDBMaterializedResult,
  DuckDBPreparedStatement,
  DuckDBResult,
} from '@duckdb/node-api'
import type { ColumnBatch, SqlValue } from '../../ports.ts'
import { readChunk } from './column-reader.ts'

type Params = Readonly<Record<string, SqlValue>>

/** Prepares one statement with the values of the `$name` parameters it mentions; one without a value is a bug. */
async function prepare(
  connection: DuckDBConnection,
  sql: string,
  params: Params,
): Promise<DuckDBPreparedStatement> {
  const prepared = await connection.prepare(sql)
  for (let i = 1; i <= prepared.parameterCount; i += 1) {
    const name = prepared.parameterName(i)
    const value = params[name]
    if (value === undefined) throw new Error(`No value was given for the parameter $${name}`)
    if (value === null) prepared.bindNull(i)
    else if (typeof value === 'boolean') prepared.bindBoolean(i, value)
    else if (typeof value === 'string') prepared.bindVarchar(i, value)
    else if (Number.isSafeInteger(value)) prepared.bindBigInt(i, BigInt(value))
    else prepared.bindDouble(i, value)
  }
  return prepared
}

/** Runs one statement to its end, its result in DuckDB's memory. A whole number is bound as BIGINT, any other as DOUBLE. */
export async function run(
  connection: DuckDBConnection,
  sql: string,
  params: Params = {},
): Promise<DuckDBMaterializedResult> {
  const prepared = await prepare(connection, sql, params)
  try {
    return await prepared.run()
  } finally {
    prepared.destroySync()
  }
}

/** All rows of a result as objects; null is null in every type. */
export async function readRows(result: DuckDBResult): Promise<Record<string, SqlValue>[]> {
  const names = result.columnNames()
  const types = result.columnTypes()
  const rows: Record<string, SqlValue>[] = []
  for await (const chunk of result) {
    const columns = Object.entries(readChunk(chunk, names, types, 'null'))
    for (let row = 0; row < chunk.rowCount; row += 1) {
      const object: Record<string, SqlValue> = {}
      for (const [name, values] of columns) object[name] = values[row] ?? null
      rows.push(object)
    }
  }
  return rows
}

/** Runs one statement and hands on its rows as they come. */
export async function* streamBatches(
  connection: DuckDBConnection,
  sql: string,
  params: Params = {},
): AsyncGenerator<ColumnBatch> {
  const prepared = await prepare(connection, sql, params)
  try {
    const result = await prepared.stream()
    const names = result.columnNames()
    const types = result.columnTypes()
    for await (const chunk of result)
      yield { rows: chunk.rowCount, columns: readChunk(chunk, names, types, 'nan') }
  } finally {
    prepared.destroySync()
  }
}
