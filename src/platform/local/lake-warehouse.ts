import { resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { openEngine } from '../engines/duckdb/engine.ts'
import { describeFile, scanFile } from '../engines/duckdb/outside-file.ts'
import { columnsToParquet, copyToParquet } from '../engines/duckdb/parquet.ts'
import { readRows, run, streamBatches } from '../engines/duckdb/statement.ts'
import type { ColumnBatch, Statement, Warehouse } from '../ports.ts'
import { runAdHoc } from './ad-hoc-query.ts'
import { makeTempFolder, tempName } from './durable-file.ts'
import { areUnchanged, explainFailure, fileIdentities } from './lake-failure.ts'
import { type BoundTable, bindTables } from './lake-tables.ts'
import { publishParquet } from './parquet-file.ts'
import { tableFiles } from './table-files.ts'

/** Settings of a warehouse over a folder. */
export interface LakeWarehouseOptions {
  /** The lake's folder, also the directory store's. */
  readonly root: string
  /** What DuckDB may use before it moves work to the disk; default 2GB. */
  readonly memoryLimit?: string
  /** Default: one a core. */
  readonly threads?: number
}

const DEFAULT_MEMORY = '2GB'
/** Files may be removed or replaced between their listing and their reading; then both are done again. */
const ATTEMPTS = 5

/**
 * Opens a warehouse over the Parquet files of a lake: DuckDB in memory, which keeps nothing between statements. Which
 * files a table is, is looked up for every statement. A file that cannot be read rejects with CORRUPT and its path.
 */
export async function openLakeWarehouse(options: LakeWarehouseOptions): Promise<Warehouse> {
  const root = resolve(options.root)
  const memoryLimit = options.memoryLimit ?? DEFAULT_MEMORY
  const threads = options.threads === undefined ? {} : { threads: options.threads }
  await makeTempFolder(root)
  const engine = await openEngine({ memoryLimit, ...threads, tempFolder: `${tempName(root)}-duckdb` })

  const resolveTables = async (statement: Statement): Promise<BoundTable[]> => {
    const tables: BoundTable[] = []
    for (const [name, ref] of Object.entries(statement.tables ?? {}))
      tables.push({ name, ref, files: await tableFiles(root, ref) })
    return tables
  }

  /** Gives `action` a connection that knows the statement's tables. */
  async function* using<T>(
    statement: Statement,
    action: (connection: DuckDBConnection) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    for (let attempt = 1; ; attempt += 1) {
      const tables = await resolveTables(statement)
      const identities = await fileIdentities(tables)
      const connection = await engine.connect()
      let started = false
      let finished = false
      try {
        await bindTables(connection, tables)
        for await (const item of action(connection)) {
          started = true
          yield item
        }
        finished = true
        return
      } catch (error) {
        finished = true
        if (started || attempt >= ATTEMPTS || (await areUnchanged(tables, identities)))
          throw await explainFailure(error, statement.name, tables, engine)
      } finally {
        // A receiver that stops in the middle leaves a statement that is still at work.
        if (!finished) connection.interrupt()
        connection.closeSync()
      }
    }
  }

  const once = async <T>(
    statement: Statement,
    action: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> => {
    for await (const result of using(statement, async function* (connection) {
      yield await action(connection)
    }))
      return result
    throw new Error('unreachable: the action yields once or throws')
  }

  return {
    rows: <T>(statement: Statement) =>
      once(
        statement,
        async (connection) => (await readRows(await run(connection, statement.sql, statement.params))) as T[],
      ),
    stream: (statement): AsyncIterable<ColumnBatch> =>
      using(statement, (connection) => streamBatches(connection, statement.sql, statement.params)),
    write: (statement, key) =>
      publishParquet(root, key, (path) =>
        once(statement, (connection) =>
          copyToParquet(connection, statement.sql, statement.params ?? {}, path),
        ),
      ),
    writeRows: (key, columns) =>
      publishParquet(root, key, (path) =>
        once({ name: `writing ${key}`, sql: '' }, (connection) =>
          columnsToParquet(connection, columns, path),
        ),
      ),
    describeFile: (path) => describeFile(engine, path),
    scanFile: (path, columns) => scanFile(engine, path, columns),
    query: (sql, tables) =>
      runAdHoc(sql, tables, {
        files: (ref) => tableFiles(root, ref),
        engine: { memoryLimit, ...threads, tempFolder: `${tempName(root)}-duckdb` },
      }),
    close: () => engine.close(),
  }
}
