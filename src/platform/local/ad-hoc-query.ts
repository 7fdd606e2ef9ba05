import { type DuckDBConnection, StatementType } from '@duckdb/node-api'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { type EngineOptions, openEngine } from '../engines/duckdb/engine.ts'
import { identifier } from '../engines/duckdb/literals.ts'
import { readChunk } from '../engines/duckdb/column-reader.ts'
import type { QueryResult, QueryTable, SqlValue, TableRef } from '../ports.ts'
import { type BoundTable, bindTables } from './lake-tables.ts'

const READ_ONLY = /^(select|with|from|values|table|describe|desc|show|summarize|explain)\b/i
/** EXPLAIN ANALYZE runs what it explains, which may write; plain EXPLAIN of a query does not. */
const EXPLAINED = /^explain\s+(select|with|from|values)\b/i

/**
 * Runs one statement of a person over tables of the lake; see `Warehouse.query`. It gets an engine of its own that can
 * open the tables' files and no other, and whose settings are locked; what could write these is not let through.
 */
export async function runAdHoc(
  sql: string,
  tables: Readonly<Record<string, QueryTable>>,
  options: { files: (ref: TableRef) => Promise<string[]>; engine: EngineOptions },
): Promise<QueryResult> {
  const bound = new Map<string, BoundTable>()
  for (const [name, table] of Object.entries(tables))
    if (!('sql' in table)) bound.set(name, { name, ref: table, files: await options.files(table) })
  const onlyFiles = [...bound.values()].flatMap((table) => table.files)
  const engine = await openEngine({ ...options.engine, onlyFiles })
  try {
    const connection = await engine.connect()
    try {
      for (const [name, table] of Object.entries(tables)) {
        const data = bound.get(name)
        if (data) await bindTables(connection, [data])
        else if ('sql' in table) await connection.run(`CREATE TEMP VIEW ${identifier(name)} AS ${table.sql}`)
      }
      return await readOnly(connection, sql)
    } finally {
      connection.closeSync()
    }
  } finally {
    await engine.close()
  }
}

async function readOnly(connection: DuckDBConnection, sql: string): Promise<QueryResult> {
  try {
    const text = withoutComments(sql)
    if (text === '') throw refused('it is empty')
    const statements = await connection.extractStatements(sql)
    if (statements.count !== 1) throw refused(`it holds ${statements.count} statements`)
    if (!READ_ONLY.test(text) || (/^explain/i.test(text) && !EXPLAINED.test(text)))
      throw refused('it is none that only reads')
    const prepared = await statements.prepare(0)
    if (prepared.statementType !== StatementType.SELECT && prepared.statementType !== StatementType.EXPLAIN)
      throw refused('it is none that only reads')
    const result = await prepared.run()
    const types = result.columnTypes()
    const names = result.columnNames()
    const rows: SqlValue[][] = []
    const positions = names.map((_, i) => String(i))
    for await (const chunk of result) {
      const columns = readChunk(chunk, positions, types, 'null')
      for (let row = 0; row < chunk.rowCount; row += 1)
        rows.push(positions.map((position) => columns[position]?.[row] ?? null))
    }
    return { columns: names.map((name, i) => ({ name, type: String(types[i]) })), rows }
  } catch (error) {
    if (error instanceof OperatorError) throw error
    throw new OperatorError('BAD_INPUT', `The query failed: ${messageOf(error)}`, undefined, error)
  }
}

const withoutComments = (sql: string): string => sql.replace(/^(\s|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/|\()+/, '')

function refused(reason: string): OperatorError {
  return new OperatorError(
    'BAD_INPUT',
    `The query is refused: ${reason}`,
    'Give one statement that begins with SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN.',
  )
}
