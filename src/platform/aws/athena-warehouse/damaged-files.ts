import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { TABLE_SCHEMAS } from '../../../core/contracts/tables.ts'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import type { Engine } from '../../engines/duckdb/engine.ts'
import { textLiteral } from '../../engines/duckdb/literals.ts'
import { readParquet } from '../../engines/duckdb/parquet.ts'
import { readRows, run } from '../../engines/duckdb/statement.ts'
import { s3Failure } from '../s3-store/s3-failure.ts'
import type { S3Lake } from '../s3-store/s3-lake.ts'
import { getObject } from '../s3-store/s3-store.ts'
import type { TableFile } from './table-files.ts'

/** Bytes at the end of a Parquet file that are read first; more only where its footer is longer. */
const TAIL_BYTES = 32 * 1024
const AT_ONCE = 8

/** Looks at files of the lake with an engine of this machine, where Athena would be silent or not name them. */
export class FileChecks {
  readonly #lake: S3Lake
  readonly #engine: Engine
  readonly #folder: string
  readonly #fine = new Set<string>()

  constructor(lake: S3Lake, engine: Engine, folder: string) {
    this.#lake = lake
    this.#engine = engine
    this.#folder = folder
  }

  /**
   * Reads the footer of one file a table and day, once for each content. A column that a file lacks would be null to Athena:
   * MISMATCH. CORRUPT for what is no Parquet file.
   */
  async columns(files: readonly TableFile[], statement: string): Promise<void> {
    const firsts = new Map<string, TableFile>()
    for (const file of files) {
      if (file.size === 0) throw damaged(statement, file, 'it is empty')
      const partition = `${file.table} ${file.endpoint} ${file.ds}`
      if (!firsts.has(partition)) firsts.set(partition, file)
    }
    const unseen = [...firsts.values()].filter((file) => !this.#fine.has(nameOf(file)))
    for (let i = 0; i < unseen.length; i += AT_ONCE)
      await Promise.all(unseen.slice(i, i + AT_ONCE).map((file) => this.#checkColumns(file, statement)))
  }

  /** The first of the files that DuckDB cannot read whole, as an error. */
  async findDamaged(files: readonly TableFile[], statement: string): Promise<OperatorError | undefined> {
    for (const file of files) {
      const object = await getObject(this.#lake, file.key)
      if (!object) continue
      const reason = await this.#withFile(async (path) => {
        await writeFile(path, object.body)
        return this.#complaint(`SELECT max(hash(t)) FROM ${readParquet([path])} AS t`)
      })
      if (reason !== undefined) return damaged(statement, file, reason)
    }
    return undefined
  }

  async #checkColumns(file: TableFile, statement: string): Promise<void> {
    const names = await this.#footerColumns(file, statement)
    const missing = TABLE_SCHEMAS[file.table].filter(({ name }) => !names.has(name))
    if (missing.length > 0)
      throw new OperatorError(
        'MISMATCH',
        `${file.key} does not have the columns of ${file.table}: it lacks ${missing.map(({ name }) => name).join(', ')}`,
        'It was written by another version: run bikeshare upgrade, or build it again.',
      )
    this.#fine.add(nameOf(file))
  }

  async #footerColumns(file: TableFile, statement: string): Promise<Set<string>> {
    return this.#withFile(async (path) => {
      const tail = await this.#tail(file)
      const handle = await open(path, 'w')
      try {
        // What lies between is a hole: nobody reads it for the footer.
        await handle.write('PAR1', 0)
        await handle.write(tail, 0, tail.length, file.size - tail.length)
      } finally {
        await handle.close()
      }
      const connection = await this.#engine.connect()
      try {
        const rows = await readRows(
          await run(connection, `SELECT name FROM parquet_schema(${textLiteral(path)})`),
        )
        return new Set(rows.map(({ name }) => String(name)))
      } catch (error) {
        throw damaged(statement, file, messageOf(error))
      } finally {
        connection.closeSync()
      }
    })
  }

  async #tail(file: TableFile): Promise<Uint8Array> {
    const first = await this.#range(file, Math.min(TAIL_BYTES, file.size))
    if (first.length < 8) return first
    // A Parquet file ends in the footer, its length and a magic word.
    const footer = Buffer.from(first).readUInt32LE(first.length - 8) + 8
    return footer <= first.length || footer > file.size ? first : this.#range(file, footer)
  }

  async #range({ key }: TableFile, bytes: number): Promise<Uint8Array> {
    try {
      const input = { ...this.#lake.common, Key: this.#lake.location.prefix + key, Range: `bytes=-${bytes}` }
      const { Body } = await this.#lake.client.send(new GetObjectCommand(input))
      return (await Body?.transformToByteArray()) ?? new Uint8Array()
    } catch (error) {
      throw s3Failure(error, 'GetObject', this.#lake.location, key)
    }
  }

  async #complaint(sql: string): Promise<string | undefined> {
    const connection = await this.#engine.connect()
    try {
      await connection.run(sql)
      return undefined
    } catch (error) {
      return messageOf(error)
    } finally {
      connection.closeSync()
    }
  }

  async #withFile<T>(work: (path: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(this.#folder, 'file-'))
    try {
      return await work(join(folder, 'file.parquet'))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

const nameOf = ({ key, etag }: TableFile): string => `${etag} ${key}`

function damaged(statement: string, { key }: TableFile, reason: string): OperatorError {
  return new OperatorError(
    'CORRUPT',
    `statement "${statement}" cannot read ${key}: ${reason}`,
    'The file is damaged: remove it and build it again, or restore it from a backup.',
  )
}
