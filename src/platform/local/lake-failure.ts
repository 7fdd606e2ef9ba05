import { access } from 'node:fs/promises'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { duckdbError } from '../engines/duckdb/duckdb-error.ts'
import type { Engine } from '../engines/duckdb/engine.ts'
import { type BoundTable, readParquet } from './lake-tables.ts'

/** DuckDB's errors that no file can cause. */
const STATEMENT_FAULT = /^(Parser|Catalog|Permission|INTERRUPT|Out of Memory) Error/

/** True when a file of a table has been removed since it was listed. */
export async function filesGone(tables: readonly BoundTable[]): Promise<boolean> {
  for (const path of tables.flatMap((table) => table.files)) {
    const there = await access(path).then(
      () => true,
      () => false,
    )
    if (!there) return true
  }
  return false
}

/** The failure of a statement as the operator should see it; a damaged file among its tables is named, with CORRUPT. */
export async function explainFailure(
  error: unknown,
  statement: string,
  tables: readonly BoundTable[],
  engine: Engine,
): Promise<unknown> {
  const explained = duckdbError(error, statement)
  if (explained instanceof OperatorError || STATEMENT_FAULT.test(messageOf(error))) return explained
  const damaged = await findDamaged(tables, engine)
  if (!damaged) return explained
  return new OperatorError(
    'CORRUPT',
    `statement "${statement}" cannot read ${damaged.path}: ${damaged.reason}`,
    'The file is damaged: remove it and build it again, or restore it from a backup.',
    error,
  )
}

async function findDamaged(
  tables: readonly BoundTable[],
  engine: Engine,
): Promise<{ path: string; reason: string } | undefined> {
  const connection = await engine.connect()
  try {
    for (const path of tables.flatMap((table) => table.files)) {
      try {
        // Every value of every column is read, which DuckDB's own messages about a damaged page do not locate.
        await connection.run(`SELECT max(hash(t)) FROM ${readParquet([path])} AS t`)
      } catch (error) {
        return { path, reason: messageOf(error) }
      }
    }
    return undefined
  } finally {
    connection.closeSync()
  }
}
