import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column, SqlValue } from '../../ports.ts'
import { appendColumns } from './column-writer.ts'
import { identifier, listLiteral, textLiteral } from './literals.ts'
import { run } from './statement.ts'

/** Fixed, and with rows in order, so that the same rows give the same bytes whatever the number of threads. */
const OPTIONS =
  'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 4000, ROW_GROUP_SIZE 122880, USE_TMP_FILE false'

/** `read_parquet` of files as they are: nothing taken from their paths or guessed from more than the first. */
export const readParquet = (files: readonly string[]): string =>
  `read_parquet(${listLiteral(files)}, hive_partitioning = false, union_by_name = false)`

/** Writes a statement's rows to a Parquet file, in their order; returns how many there are. The file is not synced. */
export async function copyToParquet(
  connection: DuckDBConnection,
  sql: string,
  params: Readonly<Record<string, SqlValue>>,
  path: string,
): Promise<number> {
  const source = sql.trim().replace(/;+$/, '')
  const result = await run(connection, `COPY (\n${source}\n) TO ${textLiteral(path)} (${OPTIONS})`, params)
  return result.rowsChanged
}

/** Writes rows given by column to a Parquet file. All columns must be equally long; the file is not synced. */
export async function columnsToParquet(
  connection: DuckDBConnection,
  columns: readonly Column[],
  path: string,
): Promise<number> {
  const rows = columns[0]?.values.length ?? 0
  const odd = columns.find((column) => column.values.length !== rows)
  if (odd) throw new Error(`Column "${odd.name}" has ${odd.values.length} values, the first has ${rows}`)
  const list = columns.map((column) => `${identifier(column.name)} ${column.type}`).join(', ')
  await connection.run(`CREATE TEMP TABLE written_rows (${list})`)
  const appender = await connection.createAppender('written_rows', 'main', 'temp')
  appendColumns(appender, columns, rows)
  appender.closeSync()
  return copyToParquet(connection, 'SELECT * FROM written_rows', {}, path)
}
