import { stat } from 'node:fs/promises'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { duckdbError } from '../engines/duckdb/duckdb-error.ts'
import type { Engine } from '../engines/duckdb/engine.ts'
import { readParquet } from '../engines/duckdb/parquet.ts'
import type { BoundTable } from './lake-tables.ts'

/** DuckDB's errors that no file can cause. */
const STATEMENT_FAULT = /^(Parser|Catalog|Permission|INTERRUPT|Out of Memory) Error/

const GONE = 'gone'

/** What tells that a file is the one it was: a name may be given to another while it is read. */
export async function fileIdentities(tables: readonly BoundTable[]): Promise<string> {
  const paths = tables.flatMap((table) => table.files)
  const identities = await Promise.all(
    paths.map((path) =>
      stat(path, { bigint: true }).then(
        ({ ino, mtimeNs, size }) => `${ino}-${mtimeNs}-${size}`,
        () => GONE,
      ),
    ),
  )
  return identities.join(' ')
}

/** True when every file of the tables is still the one it was. */
export async function areUnchanged(tables: readonly BoundTable[], identities: string): Promise<boolean> {
  return !identities.includes(GONE) && identities === (await fileIdentities(tables))
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
