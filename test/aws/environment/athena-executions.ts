import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { columnInfo, type ColumnInfo, resultCsv, valueText } from './athena-values.ts'
import { parquetOfRows } from './parquet-of-rows.ts'
import { runTrino, TrinoError, type TrinoResult } from './trino-client.ts'

/** What one StartQueryExecution asked for. */
export interface Asked {
  readonly sql: string
  readonly database: string
  /** Folder of the workgroup's or the caller's results, `s3://…/`. */
  readonly output: string
  /** More bytes than this, and the query is ended. */
  readonly bytesLimit: number
}

export type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'

/** A query under way or done. */
export interface Execution extends Asked {
  readonly id: string
  readonly kind: 'DDL' | 'DML' | 'UTILITY'
  readonly location: string
  readonly cancel: AbortController
  state: State
  reason?: string
  errorType?: string
  bytesScanned: number
  columns: readonly ColumnInfo[]
  rows: readonly (readonly (string | null)[])[]
  reused: boolean
  done: Promise<void>
}

/** Rows of a larger result are in its file alone. */
const KEPT_ROWS = 50_000
const UNLOAD = /^\s*unload\s*\(([\s\S]*)\)\s*to\s*'s3:\/\/([^/']+)\/([^']*)'\s*with\s*\(([\s\S]*)\)\s*;?\s*$/i

/** Runs queries in Trino as Athena would, and leaves their results in S3. */
export class Executions {
  readonly #all = new Map<string, Execution>()
  readonly #trino: string
  readonly #s3: S3Client
  /** Called before a query is run. */
  beforeRun: (() => Promise<void>) | undefined
  readonly #waiting = new Set<() => void>()
  #count = 0

  constructor(options: { readonly trino: string; readonly aws: string; readonly region: string }) {
    this.#trino = options.trino
    this.#s3 = new S3Client({
      region: options.region,
      endpoint: options.aws,
      forcePathStyle: true,
      customUserAgent: 'bikeshare-tests',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
  }

  get(id: string): Execution | undefined {
    return this.#all.get(id)
  }

  all(): readonly Execution[] {
    return [...this.#all.values()]
  }

  /** Resolves once so many queries have come in all. */
  async whenStarted(count: number): Promise<void> {
    while (this.#count < count) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  start(asked: Asked): Execution {
    const execution = this.#record(asked)
    execution.done = this.#run(execution).catch((error: unknown) => {
      if (execution.state === 'CANCELLED') return
      execution.state = 'FAILED'
      const named = error instanceof TrinoError
      execution.errorType = named ? error.errorName : 'GENERIC_INTERNAL_ERROR'
      execution.reason = `${execution.errorType}: ${error instanceof Error ? error.message : String(error)}`
    })
    return execution
  }

  /** An earlier result of the same text, as if it had been run again. */
  reuse(asked: Asked): Execution | undefined {
    const earlier = [...this.#all.values()].findLast(
      ({ sql, database, state, kind, rows }) =>
        sql === asked.sql && database === asked.database && state === 'SUCCEEDED' && kind === 'DML' && rows,
    )
    if (!earlier || UNLOAD.test(asked.sql)) return undefined
    const { columns, rows, location } = earlier
    const execution = {
      ...this.#record(asked),
      columns,
      rows,
      location,
      state: 'SUCCEEDED' as const,
      reused: true,
    }
    this.#all.set(execution.id, execution)
    return execution
  }

  stop(execution: Execution): void {
    if (execution.state === 'QUEUED' || execution.state === 'RUNNING')
      this.#cancel(execution, 'Query cancelled by user')
  }

  async close(): Promise<void> {
    for (const execution of this.#all.values()) this.stop(execution)
    await Promise.all([...this.#all.values()].map(({ done }) => done))
    this.#s3.destroy()
  }

  #record(asked: Asked): Execution {
    this.#count += 1
    const id = `00000000-0000-4000-8000-${String(this.#count).padStart(12, '0')}`
    const kind = /^\s*(explain|show|describe|desc)\b/i.test(asked.sql)
      ? 'UTILITY'
      : /^\s*(create|drop|alter|msck)\b/i.test(asked.sql)
        ? 'DDL'
        : 'DML'
    const execution: Execution = {
      ...asked,
      id,
      kind,
      location: `${asked.output.replace(/\/?$/, '/')}${id}.${kind === 'DML' ? 'csv' : 'txt'}`,
      cancel: new AbortController(),
      state: 'QUEUED',
      bytesScanned: 0,
      columns: [],
      rows: [],
      reused: false,
      done: Promise.resolve(),
    }
    this.#all.set(id, execution)
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
    return execution
  }

  #cancel(execution: Execution, reason: string): void {
    execution.state = 'CANCELLED'
    execution.reason = reason
    execution.cancel.abort()
  }

  async #run(execution: Execution): Promise<void> {
    execution.state = 'RUNNING'
    await this.beforeRun?.()
    const unload = UNLOAD.exec(execution.sql)
    if (unload) await this.#checkEmpty(unload[2] ?? '', unload[3] ?? '')
    const result = await runTrino(this.#trino, unload?.[1] ?? execution.sql, {
      schema: execution.database,
      signal: execution.cancel.signal,
    })
    execution.bytesScanned = result.bytesRead
    if (result.bytesRead > execution.bytesLimit)
      return this.#cancel(execution, 'Bytes scanned limit was exceeded')
    const rows = result.rows.map((row) => row.map(valueText))
    if (unload) await this.#unload(execution, result, rows, unload[2] ?? '', unload[3] ?? '')
    else {
      execution.columns = result.columns.map(columnInfo)
      execution.rows = rows.length > KEPT_ROWS ? rows.slice(0, 1) : rows
      const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(execution.location) ?? []
      await this.#put(
        bucket,
        key,
        resultCsv(
          result.columns.map(({ name }) => name),
          rows,
        ),
      )
    }
    if (execution.state === 'RUNNING') execution.state = 'SUCCEEDED'
  }

  async #checkEmpty(bucket: string, prefix: string): Promise<void> {
    const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 })
    if ((await this.#s3.send(list)).KeyCount)
      throw new TrinoError(
        'HIVE_PATH_ALREADY_EXISTS',
        `Unable to rename: s3://${bucket}/${prefix} is not empty`,
      )
  }

  /** Some files, their rows in no order worth relying on, and none at all for no rows: as Athena's workers leave them. */
  async #unload(
    execution: Execution,
    result: TrinoResult,
    rows: readonly (readonly (string | null)[])[],
    bucket: string,
    prefix: string,
  ): Promise<void> {
    if (rows.length === 0) return
    const half = Math.ceil(rows.length / 2)
    const parts = [rows.slice(half), rows.slice(0, half)].filter((part) => part.length > 0)
    for (const [i, part] of parts.entries())
      await this.#put(bucket, `${prefix}${execution.id}_${i}`, await parquetOfRows(result.columns, part))
  }

  async #put(bucket: string, key: string, body: string | Uint8Array): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
  }
}
