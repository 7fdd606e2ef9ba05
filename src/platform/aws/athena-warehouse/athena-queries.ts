import { setTimeout } from 'node:timers/promises'
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  type ResultSet,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { OperatorError } from '../../../core/errors.ts'
import { type AwsAccess, clientSettings, opened } from '../aws-access.ts'
import { failureOf, isNamed } from '../aws-error.ts'
import type { FailedQuery } from './query-failure.ts'

/** How queries are asked. */
export interface QueryOptions extends AwsAccess {
  readonly workgroup: string
  /** Folder for results, `s3://…/`, where the workgroup sets none. */
  readonly output?: string
  /** Chance in [0, 1): queries of two processes are told apart by it. */
  readonly random: () => number
}

/** A query that is done. */
export interface DoneQuery {
  readonly id: string
  /** Object with the result. */
  readonly location: string
  readonly bytesScanned: number
  readonly reused: boolean
}

/** A query that did not succeed. */
export class QueryFailed extends Error {
  readonly failed: FailedQuery

  constructor(failed: FailedQuery) {
    super(failed.reason)
    this.failed = failed
  }
}

/** First pause between two looks at a query, and the longest. */
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2000
/** A result of the same text over the same files is the same, however old; Athena keeps one for this long. */
const REUSE_MINUTES = 24 * 60
/** Athena takes tokens of 32 to 128 characters. */
const TOKEN_DIGITS = 32

/** Queries of Athena: started once whatever happens to the answer, waited for, and stopped when nobody wants them any more. */
export class AthenaQueries {
  readonly #client: AthenaClient
  readonly #options: QueryOptions
  readonly #session: string
  readonly #running = new Set<string>()
  readonly #asked = new Set<Promise<DoneQuery>>()
  #count = 0
  #closed = false

  constructor(options: QueryOptions) {
    this.#options = options
    this.#client = opened(options, new AthenaClient(clientSettings(options)))
    this.#session = Array.from({ length: TOKEN_DIGITS }, () =>
      Math.floor(options.random() * 16).toString(16),
    ).join('')
  }

  /** Runs a query to its end. Rejects with QueryFailed when it did not succeed, CANCELLED when the warehouse was closed. */
  async run(sql: string, reuse: boolean): Promise<DoneQuery> {
    const query = this.#startAndWait(sql, reuse)
    this.#asked.add(query)
    try {
      return await query
    } finally {
      this.#asked.delete(query)
    }
  }

  /** Pages of a result, of at most `rows` rows each. */
  async *pages(id: string, rows = 1000): AsyncGenerator<ResultSet> {
    let token: string | undefined
    do {
      const command = new GetQueryResultsCommand({
        QueryExecutionId: id,
        MaxResults: rows,
        ...(token !== undefined && { NextToken: token }),
      })
      const page = await this.#call('GetQueryResults', () => this.#client.send(command))
      if (page.ResultSet) yield page.ResultSet
      token = page.NextToken
    } while (token !== undefined)
  }

  /** Stops what is under way. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#running].map((id) => this.#stop(id)))
    await Promise.allSettled(this.#asked)
    this.#client.destroy()
  }

  async #startAndWait(sql: string, reuse: boolean): Promise<DoneQuery> {
    const id = await this.#start(sql, reuse)
    if (this.#closed) {
      await this.#stop(id)
      throw stopped(id)
    }
    this.#running.add(id)
    try {
      return await this.#wait(id)
    } finally {
      this.#running.delete(id)
    }
  }

  async #start(sql: string, reuse: boolean): Promise<string> {
    this.#count += 1
    const { workgroup, output } = this.#options
    const command = new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      // A second try of a call whose answer was lost finds the query of the first.
      ClientRequestToken: `${this.#session}-${this.#count}`,
      ...(output !== undefined && { ResultConfiguration: { OutputLocation: output } }),
      ...(reuse && {
        ResultReuseConfiguration: {
          ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: REUSE_MINUTES },
        },
      }),
    })
    const { QueryExecutionId } = await this.#call('StartQueryExecution', () => this.#client.send(command))
    if (QueryExecutionId === undefined) throw new Error('Athena gave a query no id')
    return QueryExecutionId
  }

  async #wait(id: string): Promise<DoneQuery> {
    const command = new GetQueryExecutionCommand({ QueryExecutionId: id })
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      if (this.#closed) throw stopped(id)
      const { QueryExecution } = await this.#call('GetQueryExecution', () => this.#client.send(command))
      const state = QueryExecution?.Status?.State
      if (state === 'SUCCEEDED') return doneQuery(id, QueryExecution)
      if (state === 'FAILED' || state === 'CANCELLED') {
        if (this.#closed) throw stopped(id)
        throw new QueryFailed({ id, state, reason: QueryExecution?.Status?.StateChangeReason ?? '' })
      }
      await setTimeout(pause)
    }
  }

  async #stop(id: string): Promise<void> {
    await this.#call('StopQueryExecution', () =>
      this.#client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })),
    )
  }

  async #call<T>(action: string, work: () => Promise<T>): Promise<T> {
    const { workgroup } = this.#options
    try {
      return await work()
    } catch (error) {
      if (isNamed(error, 'InvalidRequestException') && /workgroup|output location/i.test(error.message))
        throw new OperatorError(
          'CONFIG',
          `Athena's workgroup ${workgroup} does not take the query: ${error.message}`,
          'Check the settings workgroup and athena_output.',
          error,
        )
      throw failureOf(error, { action: `athena:${action}`, resource: `workgroup ${workgroup}` })
    }
  }
}

const stopped = (id: string): OperatorError =>
  new OperatorError('CANCELLED', `Athena query ${id} was stopped`)

function doneQuery(id: string, execution: QueryExecution | undefined): DoneQuery {
  return {
    id,
    location: execution?.ResultConfiguration?.OutputLocation ?? '',
    bytesScanned: execution?.Statistics?.DataScannedInBytes ?? 0,
    reused: execution?.Statistics?.ResultReuseInformation?.ReusedPreviousResult ?? false,
  }
}
