import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import type { Engine } from './engine.ts'
import { identifier, textLiteral } from './literals.ts'
import { readRows, run, streamBatches } from './statement.ts'
import type { ColumnBatch, NamedType, ScanType } from '../../ports.ts'
import { readParquet } from './parquet.ts'

const INTEGER_TYPES = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
])

/** Columns of a Parquet or CSV file; see `Warehouse.describeFile`. */
export async function describeFile(engine: Engine, path: string): Promise<NamedType[]> {
  const source = await sourceOf(path, false)
  const connection = await engine.connect()
  try {
    return await columnsOf(connection, source)
  } catch (error) {
    throw unreadable(path, error)
  } finally {
    connection.closeSync()
  }
}

/** Rows of a Parquet or CSV file; see `Warehouse.scanFile`. */
export async function* scanFile(
  engine: Engine,
  path: string,
  columns?: Readonly<Record<string, ScanType>>,
): AsyncGenerator<ColumnBatch> {
  // Guessed types would turn an id such as "007" into a number before it can be asked for as text.
  const source = await sourceOf(path, columns !== undefined)
  const connection = await engine.connect()
  let finished = false
  try {
    let list = '*'
    if (columns) {
      const found = await columnsOf(connection, source)
      list = selectList(path, found, columns)
    }
    yield* streamBatches(connection, `SELECT ${list} FROM ${source}`)
    finished = true
  } catch (error) {
    finished = true
    throw unreadable(path, error)
  } finally {
    if (!finished) connection.interrupt()
    connection.closeSync()
  }
}

async function sourceOf(path: string, allText: boolean): Promise<string> {
  const absolute = resolve(path)
  try {
    await access(absolute)
  } catch (error) {
    throw new OperatorError(
      'NOT_FOUND',
      `${path} cannot be opened`,
      'Check the path and its permissions.',
      error,
    )
  }
  if (absolute.endsWith('.parquet')) return readParquet([absolute])
  if (/\.csv(\.gz)?$/.test(absolute))
    return `read_csv(${textLiteral(absolute)}, header = true, all_varchar = ${allText}, sample_size = -1)`
  throw new OperatorError('BAD_INPUT', `${path} is no file of rows`, 'Give a .parquet, .csv or .csv.gz file.')
}

async function columnsOf(connection: DuckDBConnection, source: string): Promise<NamedType[]> {
  const rows = await readRows(await run(connection, `DESCRIBE SELECT * FROM ${source}`))
  return rows.map((row) => ({ name: String(row['column_name']), type: String(row['column_type']) }))
}

function selectList(
  path: string,
  found: readonly NamedType[],
  wanted: Readonly<Record<string, ScanType>>,
): string {
  const types = new Map(found.map(({ name, type }) => [name, type]))
  const missing = Object.keys(wanted).filter((name) => !types.has(name))
  if (missing.length > 0)
    throw new OperatorError(
      'BAD_INPUT',
      `${path} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`,
      `It has: ${found.map(({ name }) => name).join(', ')}.`,
    )
  return Object.entries(wanted)
    .map(([name, type]) => `${cast(identifier(name), types.get(name) ?? '', type)} AS ${identifier(name)}`)
    .join(', ')
}

/** A value as the wanted type, or null where it cannot be one; a fraction is no whole number, rather than rounded. */
function cast(column: string, found: string, wanted: ScanType): string {
  if (wanted === 'EPOCH') return epoch(column, found)
  if (wanted === 'VARCHAR' || wanted === 'BOOLEAN' || wanted === 'DOUBLE' || wanted === 'FLOAT')
    return `TRY_CAST(${column} AS ${wanted})`
  if (INTEGER_TYPES.has(found)) return `TRY_CAST(${column} AS ${wanted})`
  const number = `TRY_CAST(${column} AS DOUBLE)`
  return `CASE WHEN ${number} = floor(${number}) THEN TRY_CAST(${number} AS ${wanted}) END`
}

function epoch(column: string, found: string): string {
  const seconds = (timestamp: string): string => `CAST(floor(epoch(${timestamp})) AS BIGINT)`
  if (found.startsWith('TIMESTAMP') || found === 'DATE') return seconds(`CAST(${column} AS TIMESTAMP)`)
  const number = `TRY_CAST(floor(TRY_CAST(${column} AS DOUBLE)) AS BIGINT)`
  return found === 'VARCHAR'
    ? `coalesce(${number}, ${seconds(`TRY_CAST(${column} AS TIMESTAMPTZ)`)})`
    : number
}

function unreadable(path: string, error: unknown): OperatorError {
  if (error instanceof OperatorError) return error
  return new OperatorError('BAD_INPUT', `${path} cannot be read: ${messageOf(error)}`, undefined, error)
}
