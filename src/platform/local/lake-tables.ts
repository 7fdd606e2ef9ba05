import type { DuckDBConnection } from '@duckdb/node-api'
import { TABLE_SCHEMAS } from '../../core/contracts/tables.ts'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { identifier } from '../engines/duckdb/literals.ts'
import { readParquet } from '../engines/duckdb/parquet.ts'
import type { TableRef } from '../ports.ts'

/** A table of a statement and the files that hold it. */
export interface BoundTable {
  readonly name: string
  readonly ref: TableRef
  readonly files: readonly string[]
}

/** The SELECT that is a table: the dataset's columns, whatever else the files may have. */
export function tableSelect({ ref, files }: BoundTable): string {
  const columns = TABLE_SCHEMAS[ref.dataset]
  const list = (value: (name: string) => string): string =>
    columns
      .map(({ name, type }) => `CAST(${value(identifier(name))} AS ${type}) AS ${identifier(name)}`)
      .join(', ')
  return files.length === 0
    ? `SELECT ${list(() => 'NULL')} WHERE false`
    : `SELECT ${list((name) => name)} FROM ${readParquet(files)}`
}

/** Makes the tables known to a connection. MISMATCH when a file lacks a column of its dataset. */
export async function bindTables(connection: DuckDBConnection, tables: readonly BoundTable[]): Promise<void> {
  for (const table of tables) {
    try {
      await connection.run(`CREATE TEMP VIEW ${identifier(table.name)} AS ${tableSelect(table)}`)
    } catch (error) {
      if (!messageOf(error).startsWith('Binder Error')) throw error
      throw new OperatorError(
        'MISMATCH',
        `${table.files[0]} does not have the columns of ${table.ref.dataset}: ${messageOf(error)}`,
        'It was written by another version: run bikeshare upgrade, or build it again.',
        error,
      )
    }
  }
}
