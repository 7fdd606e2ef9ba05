import { sha256 } from '../../../core/hash.ts'
import type { QueryTable, TableRef } from '../../ports.ts'
import type { S3Lake } from '../s3-store/s3-lake.ts'
import { type AthenaQueries, type DoneQuery, QueryFailed } from './athena-queries.ts'
import { type NamedSelect, withTables } from './compose-sql.ts'
import type { FileChecks } from './damaged-files.ts'
import { textLiteral } from './literals.ts'
import { plainSql } from './sql-tokens.ts'
import type { KnownPartitions } from './known-partitions.ts'
import { mayBeFile, queryFailure } from './query-failure.ts'
import { type TableFile, tableFiles } from './table-files.ts'
import { tableSelect } from './table-select.ts'

/** A query over tables of the lake, its parameters bound. */
export interface LakeQuery {
  readonly name: string
  readonly sql: string
  readonly tables: Readonly<Record<string, QueryTable>>
}

/** A query with its tables in front, as Athena takes it, and the files that these are. */
interface Resolved {
  readonly sql: string
  readonly files: readonly TableFile[]
}

/** Files may be removed or replaced between their listing and their reading; then both are done again. */
const ATTEMPTS = 5
/** What gives another answer each time. */
const VOLATILE = /\b(random|rand|uuid|shuffle|now|current_(date|time|timestamp|user)|localtime(stamp)?)\b/i

/** Runs queries over tables of the lake, each over one state of its files. */
export class LakeQueries {
  readonly #lake: S3Lake
  readonly #database: string
  readonly #queries: AthenaQueries
  readonly #checks: FileChecks
  readonly #partitions: KnownPartitions

  constructor(parts: {
    lake: S3Lake
    database: string
    queries: AthenaQueries
    checks: FileChecks
    partitions: KnownPartitions
  }) {
    this.#partitions = parts.partitions
    this.#lake = parts.lake
    this.#database = parts.database
    this.#queries = parts.queries
    this.#checks = parts.checks
  }

  /**
   * Runs one query to its end. `wrap` makes the text that Athena gets from the query with its tables. A file that was removed
   * or replaced meanwhile means that the query is run again; one that was added does not.
   */
  async run(query: LakeQuery, wrap: (sql: string) => string = (sql) => sql): Promise<DoneQuery> {
    for (let attempt = 1; ; attempt += 1) {
      const resolved = await this.#resolve(query)
      const outcome = await this.#attempt(wrap(resolved.sql))
      const last = attempt >= ATTEMPTS
      if (!last && (await this.#hasChanged(query, resolved.files))) continue
      if (!(outcome instanceof QueryFailed)) return outcome
      if (mayBeFile(outcome.failed)) {
        const damaged = await this.#checks.findDamaged(resolved.files, query.name)
        if (damaged) throw damaged
      }
      throw queryFailure(outcome.failed, query.name)
    }
  }

  async #attempt(sql: string): Promise<DoneQuery | QueryFailed> {
    try {
      return await this.#queries.run(sql, !VOLATILE.test(sql) && /^(with|select|\()/i.test(sql))
    } catch (error) {
      if (error instanceof QueryFailed) return error
      throw error
    }
  }

  async #resolve({ name, sql, tables }: LakeQuery): Promise<Resolved> {
    const files: TableFile[] = []
    const selects: NamedSelect[] = []
    for (const [table, value] of Object.entries(tables)) {
      if ('sql' in value) {
        selects.push({ name: table, select: plainSql(value.sql) })
        continue
      }
      const own = await tableFiles(this.#lake, value)
      await this.#partitions.check(value.city, own)
      await this.#checks.columns(own, name)
      files.push(...own)
      const where = { database: this.#database, location: this.#lake.location }
      selects.push({ name: table, select: tableSelect(value, own, where) })
    }
    // Athena gives an earlier result for the same text: it may, as long as the files are the same too.
    if (files.length > 0)
      selects.unshift({ name: '_files', select: `SELECT ${textLiteral(stateOf(files))} AS state` })
    return { sql: withTables(sql, selects), files }
  }

  async #hasChanged({ tables }: LakeQuery, before: readonly TableFile[]): Promise<boolean> {
    const now = new Map<string, string>()
    for (const ref of Object.values(tables).filter((table): table is TableRef => !('sql' in table)))
      for (const { key, etag } of await tableFiles(this.#lake, ref)) now.set(key, etag)
    return before.some(({ key, etag }) => now.get(key) !== etag)
  }
}

const stateOf = (files: readonly TableFile[]): string =>
  sha256(files.map(({ key, etag }) => `${etag} ${key}\n`).join(''))
