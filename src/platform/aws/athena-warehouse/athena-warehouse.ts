import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { checkKey } from '../../../core/object-key.ts'
import { duckdbError } from '../../engines/duckdb/duckdb-error.ts'
import { openEngine } from '../../engines/duckdb/engine.ts'
import { describeFile, scanFile } from '../../engines/duckdb/outside-file.ts'
import { columnsToParquet, copyToParquet } from '../../engines/duckdb/parquet.ts'
import { streamBatches } from '../../engines/duckdb/statement.ts'
import type { ColumnBatch, SqlValue, Statement, Warehouse, WrittenFile } from '../../ports.ts'
import { openS3Lake, type S3LakeOptions } from '../s3-store/s3-lake.ts'
import { putObject } from '../s3-store/put-object.ts'
import { describeQuery, runAdHoc } from './ad-hoc.ts'
import { AthenaQueries, type QueryOptions } from './athena-queries.ts'
import { FileChecks } from './damaged-files.ts'
import { KnownPartitions } from './known-partitions.ts'
import { LakeQueries, type LakeQuery } from './lake-queries.ts'
import { LargeResults } from './large-results.ts'
import { bindParameters } from './literals.ts'
import { readAnswer } from './query-results.ts'
import { makeFolder } from './result-files.ts'
import { plainSql } from './sql-tokens.ts'

/** Settings of a warehouse on Athena. */
export interface AthenaWarehouseOptions extends S3LakeOptions {
  /** Database of Glue with the lake's tables; see `ensureGlueTables`. */
  readonly database: string
  readonly workgroup: string
  /** Folder for results, `s3://…/`; without it the workgroup's own, and UNLOAD is not used. */
  readonly output?: string
  /** Other addresses than Athena's and Glue's own; `endpoint` is S3's alone. */
  readonly athenaEndpoint?: string
  readonly glueEndpoint?: string
  /** Folder of this machine for files under way. */
  readonly tempFolder: string
  /** What DuckDB may use on this machine; default 2GB. */
  readonly memoryLimit?: string
  /** Chance in [0, 1): two processes are told apart by it. */
  readonly random: () => number
}

/** Digits of a name that no other has. */
const NAME_DIGITS = 32

/**
 * Opens a warehouse on Athena: statements run there, over the partitions that have files; DuckDB on this machine reads their
 * results and writes Parquet files, so that a file is the same whichever platform wrote it. Errors as `Warehouse` says, and
 * CHECK_FAILED for a query over the workgroup's limit of bytes scanned, CONFIG for permissions and settings.
 */
export async function openAthenaWarehouse(options: AthenaWarehouseOptions): Promise<Warehouse> {
  const { database, output, random } = options
  const lake = openS3Lake(options)
  const folder = join(options.tempFolder, `athena-${randomHex(random)}`)
  await mkdir(folder, { recursive: true })
  const engine = await openEngine({
    memoryLimit: options.memoryLimit ?? '2GB',
    threads: 1,
    tempFolder: folder,
  })
  const queries = new AthenaQueries(accessTo(options, options.athenaEndpoint))
  const checks = new FileChecks(lake, engine, folder)
  const partitions = new KnownPartitions(accessTo(options, options.glueEndpoint), database)
  const lakeQueries = new LakeQueries({ lake, database, queries, checks, partitions })
  const large = new LargeResults({
    lake,
    queries,
    lakeQueries,
    engine,
    folder,
    unloadTo: output === undefined ? undefined : `${output.replace(/\/?$/, '/')}unload/`,
    uniqueName: () => randomHex(random),
  })

  const bound = ({ name, sql, tables = {}, params = {} }: Statement): LakeQuery => {
    try {
      return { name, sql: bindParameters(plainSql(sql), params), tables }
    } catch (error) {
      throw duckdbError(error, name)
    }
  }

  const answer = async (query: LakeQuery) => {
    const described = /^describe\s+([\s\S]+)$/i.exec(query.sql)?.[1]
    if (described !== undefined)
      return describeQuery({ ...query, sql: described }, { queries, lakeQueries, database })
    const { id } = await lakeQueries.run(query)
    return readAnswer(queries, id)
  }

  /** Lets `fill` write a file of this machine, then puts it under its key. */
  const publish = async (key: string, fill: (path: string) => Promise<number>): Promise<WrittenFile> => {
    checkKey(key)
    const work = await makeFolder(folder)
    try {
      const path = join(work.path, 'file.parquet')
      const rows = await fill(path)
      const body = await readFile(path)
      await putObject(lake, key, body)
      return { key, rows, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') }
    } finally {
      await work.remove()
    }
  }

  const withConnection = async <T>(
    name: string,
    work: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> => {
    const connection = await engine.connect()
    try {
      return await work(connection)
    } catch (error) {
      throw duckdbError(error, name)
    } finally {
      connection.closeSync()
    }
  }

  return {
    async rows<T>(statement: Statement): Promise<T[]> {
      const { columns, rows } = await answer(bound(statement))
      return rows.map(
        (row) =>
          Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])) as Record<
            string,
            SqlValue
          >,
      ) as T[]
    },
    async *stream(statement): AsyncGenerator<ColumnBatch> {
      yield* large.using(bound(statement), streamBatches)
    },
    write: (statement, key) =>
      publish(key, async (path) => {
        for await (const rows of large.using(bound(statement), async function* (connection, select) {
          yield await copyToParquet(connection, select, {}, path)
        }))
          return rows
        throw new Error('unreachable: the action yields once or throws')
      }),
    writeRows: (key, columns) =>
      publish(key, (path) =>
        withConnection(`writing ${key}`, (connection) => columnsToParquet(connection, columns, path)),
      ),
    describeFile: (path) => describeFile(engine, path),
    scanFile: (path, columns) => scanFile(engine, path, columns),
    query: (sql, tables) => runAdHoc(sql, tables, { queries, lakeQueries, database }),
    async close() {
      await queries.close()
      partitions.close()
      lake.client.destroy()
      await engine.close()
    },
  }
}

/** The same access, at another service's address. */
function accessTo(options: AthenaWarehouseOptions, address: string | undefined): QueryOptions {
  const { endpoint: _, ...rest } = options
  return { ...rest, ...(address !== undefined && { endpoint: address }) }
}

const randomHex = (random: () => number): string =>
  Array.from({ length: NAME_DIGITS }, () => Math.floor(random() * 16).toString(16)).join('')
