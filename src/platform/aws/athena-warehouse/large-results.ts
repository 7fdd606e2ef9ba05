import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { duckdbError } from '../../engines/duckdb/duckdb-error.ts'
import type { Engine } from '../../engines/duckdb/engine.ts'
import { readParquet } from '../../engines/duckdb/parquet.ts'
import { readRows, run } from '../../engines/duckdb/statement.ts'
import type { S3Lake } from '../s3-store/s3-lake.ts'
import type { AthenaQueries } from './athena-queries.ts'
import { type Ordered, type OrderKey, splitOrder } from './compose-sql.ts'
import type { LakeQueries, LakeQuery } from './lake-queries.ts'
import { textLiteral } from './literals.ts'
import { readColumns } from './query-results.ts'
import { csvSelect, download, makeFolder, takeUnloaded, unloadedSelect } from './result-files.ts'

/** What large results need. */
export interface LargeResultParts {
  readonly lake: S3Lake
  readonly queries: AthenaQueries
  readonly lakeQueries: LakeQueries
  readonly engine: Engine
  /** Folder of this machine for results. */
  readonly folder: string
  /** Folder in S3 for what UNLOAD writes, `s3://…/`, emptied after each; undefined: UNLOAD is not used. */
  readonly unloadTo: string | undefined
  /** A name that no other has. */
  readonly uniqueName: () => string
}

/**
 * Results of any size, by way of files: of an UNLOAD (Parquet, from all of Athena's workers at once) where the order of the
 * rows can be made again from columns that the result has, else Athena's own file of the result, which is in order.
 */
export class LargeResults {
  readonly #parts: LargeResultParts
  /** Statements whose result lacks a column that it is ordered by. */
  readonly #notUnloadable = new Set<string>()

  constructor(parts: LargeResultParts) {
    this.#parts = parts
  }

  /** Gives `action` a connection, and the SELECT over files of this machine that is the result. */
  async *using<T>(
    query: LakeQuery,
    action: (connection: DuckDBConnection, select: string) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const folder = await makeFolder(this.#parts.folder)
    const connection = await this.#parts.engine.connect()
    let finished = false
    try {
      const select = await this.#fetch(query, folder.path, connection)
      yield* action(connection, select)
      finished = true
    } catch (error) {
      finished = true
      throw duckdbError(error, query.name)
    } finally {
      // A receiver that stops in the middle leaves a statement that is still at work.
      if (!finished) connection.interrupt()
      connection.closeSync()
      await folder.remove()
    }
  }

  async #fetch(query: LakeQuery, folder: string, connection: DuckDBConnection): Promise<string> {
    const ordered = splitOrder(query.sql)
    if (ordered.keys !== undefined && !this.#notUnloadable.has(query.sql)) {
      const select = await this.#unload(query, { ...ordered, keys: ordered.keys }, folder, connection)
      if (select !== undefined) return select
    }
    const { id, location } = await this.#parts.lakeQueries.run(query)
    const columns = await readColumns(this.#parts.queries, id)
    const path = join(folder, 'result.csv')
    await download(this.#parts.lake.client, location, path)
    return csvSelect(path, columns)
  }

  /** Undefined where the files do not say all: no row at all leaves no file, and no columns. */
  async #unload(
    query: LakeQuery,
    { query: sql, keys }: Ordered & { readonly keys: readonly OrderKey[] },
    folder: string,
    connection: DuckDBConnection,
  ): Promise<string | undefined> {
    const { unloadTo, uniqueName, lake, lakeQueries } = this.#parts
    if (unloadTo === undefined) return undefined
    let target = ''
    await lakeQueries.run({ ...query, sql }, (text) => {
      target = `${unloadTo}${uniqueName()}/`
      return `UNLOAD (\n${text}\n) TO ${textLiteral(target)} WITH (format = 'PARQUET', compression = 'ZSTD')`
    })
    const paths = await takeUnloaded(lake.client, target, folder)
    if (paths.length === 0) return undefined
    const described = await readRows(await run(connection, `DESCRIBE SELECT * FROM ${readParquet(paths)}`))
    const names = new Set(described.map(({ column_name }) => String(column_name).toLowerCase()))
    if (keys.every(({ name }) => names.has(name))) return unloadedSelect(paths, keys)
    this.#notUnloadable.add(query.sql)
    return undefined
  }
}
