import { mkdir, rm } from 'node:fs/promises'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { listLiteral } from './literals.ts'

/** Settings of one engine. */
export interface EngineOptions {
  /** Folder for what does not fit into memory; made when the engine opens, removed when it closes. */
  readonly tempFolder: string
  /** Such as `2GB`. */
  readonly memoryLimit: string
  /** Default: one a core. */
  readonly threads?: number
  /** When given, the engine reads these files and no other, and its settings cannot be changed any more. */
  readonly onlyFiles?: readonly string[]
}

/** DuckDB in memory. Statements run side by side, each on a connection of its own. */
export interface Engine {
  /** A new connection; whoever asks closes it. Temporary tables and views belong to one connection. */
  connect(): Promise<DuckDBConnection>
  close(): Promise<void>
}

/**
 * Opens an engine: nothing kept between runs, no extension loaded or fetched, time zone UTC, rows in the order they are
 * read, no file content cached. UNAVAILABLE when the memory limit is none or the temp folder cannot be made.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  await mkdir(options.tempFolder, { recursive: true })
  const instance = await create(options)
  try {
    const setup = await instance.connect()
    // The list of files can be given only while other files are still within reach.
    await setup.run("SET GLOBAL TimeZone = 'UTC'")
    if (options.onlyFiles) {
      await setup.run(`SET GLOBAL allowed_paths = ${listLiteral(options.onlyFiles)}`)
      await setup.run('SET GLOBAL enable_external_access = false')
      await setup.run('SET GLOBAL lock_configuration = true')
    }
    setup.closeSync()
  } catch (error) {
    instance.closeSync()
    throw error
  }
  return {
    connect: () => instance.connect(),
    async close() {
      instance.closeSync()
      await rm(options.tempFolder, { recursive: true, force: true })
    },
  }
}

async function create(options: EngineOptions): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(':memory:', {
      memory_limit: options.memoryLimit,
      temp_directory: options.tempFolder,
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      enable_external_file_cache: 'false',
      ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    })
  } catch (error) {
    throw new OperatorError(
      'UNAVAILABLE',
      `DuckDB did not start: ${messageOf(error)}`,
      'Check the memory limit and the number of threads.',
      error,
    )
  }
}
