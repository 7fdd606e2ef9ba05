import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { openServerLog, type ServerLog } from '../servers/server-log.ts'
import { type Execution, Executions } from './athena-executions.ts'
import type { Server } from './child.ts'

/** A workgroup as the tests want it. */
export interface WorkGroup {
  readonly output?: string
  readonly bytesLimit?: number
}

/** A fault for calls to come: an error of Athena's for the first `times` of `action`. */
export interface AthenaFault {
  readonly action: string
  readonly name: string
  readonly status: number
  /** What was asked for is done all the same; only the answer is lost. */
  readonly after?: boolean
  times: number
}

/** The front, and what tests may ask of it. */
export interface AthenaFront extends Server {
  readonly workgroups: Map<string, WorkGroup>
  readonly faults: AthenaFault[]
  /** Names of the calls that came, in order. */
  readonly calls: string[]
  /** Calls that were answered, of a page of results the first rows. */
  readonly log: ServerLog
  /** Every query that came, in order. */
  executions(): readonly Execution[]
  /** Resolves once so many queries have come in all. */
  whenStarted(count: number): Promise<void>
  /** Called before a query is run. */
  beforeRun: (() => Promise<void>) | undefined
}

class AthenaProblem extends Error {
  readonly errorName: string
  readonly status: number

  constructor(errorName: string, message: string, status = 400) {
    super(message)
    this.errorName = errorName
    this.status = status
  }
}

type Input = Readonly<Record<string, unknown>>

/** Most rows of a page of GetQueryResults. */
const PAGE_ROWS = 1000
/** Rows of a page that are kept for the log: one is shaped as the other. */
const LOGGED_ROWS = 3
const NO_LIMIT = Number.POSITIVE_INFINITY

/**
 * Speaks Athena's protocol (awsJson1.1) and runs every query in Trino: StartQueryExecution, GetQueryExecution,
 * GetQueryResults, StopQueryExecution, GetWorkGroup, by the shapes of Athena's service model.
 */
export async function startAthenaFront(options: {
  readonly trino: string
  readonly aws: string
  readonly region: string
}): Promise<AthenaFront> {
  const executions = new Executions(options)
  const workgroups = new Map<string, WorkGroup>([['primary', {}]])
  const faults: AthenaFault[] = []
  const calls: string[] = []
  const log = openServerLog()
  const tokens = new Map<string, { readonly request: string; readonly id: string }>()

  const found = (input: Input): Execution => {
    const id = String(input['QueryExecutionId'])
    const execution = executions.get(id)
    if (!execution) throw new AthenaProblem('InvalidRequestException', `QueryExecution ${id} was not found`)
    return execution
  }

  const actions: Readonly<Record<string, (input: Input) => Input>> = {
    StartQueryExecution(input) {
      const token = String(input['ClientRequestToken'])
      if (token.length < 32 || token.length > 128)
        throw new AthenaProblem(
          'InvalidRequestException',
          'ClientRequestToken must have 32 to 128 characters',
        )
      const request = JSON.stringify(input)
      const earlier = tokens.get(token)
      if (earlier && earlier.request !== request)
        throw new AthenaProblem('InvalidRequestException', 'Idempotent parameters do not match')
      if (earlier) return { QueryExecutionId: earlier.id }
      const { id } = startQuery(executions, workgroups, input)
      tokens.set(token, { request, id })
      return { QueryExecutionId: id }
    },
    GetQueryExecution: (input) => ({ QueryExecution: described(found(input)) }),
    GetQueryResults: (input) => resultPage(found(input), input),
    StopQueryExecution(input) {
      executions.stop(found(input))
      return {}
    },
    GetWorkGroup(input) {
      const name = String(input['WorkGroup'])
      const group = workgroups.get(name)
      if (!group) throw new AthenaProblem('InvalidRequestException', `WorkGroup ${name} is not found.`)
      const { output, bytesLimit } = group
      return {
        WorkGroup: {
          Name: name,
          State: 'ENABLED',
          Configuration: {
            ...(output !== undefined && { ResultConfiguration: { OutputLocation: output } }),
            ...(bytesLimit !== undefined && { BytesScannedCutoffPerQuery: bytesLimit }),
          },
        },
      }
    },
  }

  const server = createServer((request, response) => {
    answer(request, (action, input) => {
      calls.push(action)
      const fault = faults.find((one) => one.action === action && one.times > 0)
      if (fault) {
        fault.times -= 1
        if (fault.after) actions[action]?.(input)
        throw new AthenaProblem(fault.name, `${fault.name} on request of the test`, fault.status)
      }
      const run = actions[action]
      if (!run) throw new AthenaProblem('UnknownOperationException', `${action} is not spoken here`)
      const output = run(input)
      log.add('athena', action, input, logged(output))
      return output
    }).then(
      (body) => send(response, 200, body),
      (error: unknown) => sendProblem(response, error),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    workgroups,
    faults,
    calls,
    log,
    executions: () => executions.all(),
    whenStarted: (count) => executions.whenStarted(count),
    get beforeRun() {
      return executions.beforeRun
    },
    set beforeRun(hook) {
      executions.beforeRun = hook
    },
    async close() {
      await executions.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function startQuery(
  executions: Executions,
  workgroups: ReadonlyMap<string, WorkGroup>,
  input: Input,
): Execution {
  const { WorkGroup: name = 'primary' } = input as { WorkGroup?: string }
  const group = workgroups.get(name)
  if (!group) throw new AthenaProblem('InvalidRequestException', `WorkGroup ${name} is not found.`)
  const own = (input['ResultConfiguration'] as { OutputLocation?: string } | undefined)?.OutputLocation
  const output = group.output ?? own
  if (output === undefined)
    throw new AthenaProblem(
      'InvalidRequestException',
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    )
  const context = input['QueryExecutionContext'] as { Database?: string } | undefined
  const parameters = input['ExecutionParameters'] as readonly string[] | undefined
  const query = String(input['QueryString'])
  const sql = parameters
    ? `EXECUTE IMMEDIATE '${query.replaceAll("'", "''")}' USING ${parameters.join(', ')}`
    : query
  const asked = {
    sql,
    database: context?.Database ?? 'default',
    output,
    bytesLimit: group.bytesLimit ?? NO_LIMIT,
  }
  const reuse = input['ResultReuseConfiguration'] as
    | { ResultReuseByAgeConfiguration?: { Enabled?: boolean } }
    | undefined
  const reused = reuse?.ResultReuseByAgeConfiguration?.Enabled ? executions.reuse(asked) : undefined
  return reused ?? executions.start(asked)
}

function described(execution: Execution): Input {
  const { id, sql, kind, location, state, reason, errorType, bytesScanned, reused, database } = execution
  return {
    QueryExecutionId: id,
    Query: sql,
    StatementType: kind,
    ResultConfiguration: { OutputLocation: location },
    QueryExecutionContext: { Database: database, Catalog: 'awsdatacatalog' },
    Status: {
      State: state,
      ...(reason !== undefined && { StateChangeReason: reason }),
      ...(errorType !== undefined && {
        AthenaError: { ErrorCategory: 2, ErrorType: 1, Retryable: false, ErrorMessage: reason },
      }),
    },
    Statistics: {
      DataScannedInBytes: bytesScanned,
      ResultReuseInformation: { ReusedPreviousResult: reused },
    },
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
  }
}

/** A page of results; the first row of a SELECT's first page are the names of its columns. */
function resultPage(execution: Execution, input: Input): Input {
  if (execution.state !== 'SUCCEEDED')
    throw new AthenaProblem(
      'InvalidRequestException',
      `Query has not yet finished. Current state: ${execution.state}`,
    )
  const names = execution.columns.map(({ Name }) => Name)
  const all = execution.kind === 'DML' && names.length > 0 ? [names, ...execution.rows] : execution.rows
  const from = Number(input['NextToken'] ?? 0)
  const until = from + Math.min(Number(input['MaxResults'] ?? PAGE_ROWS), PAGE_ROWS)
  const rows = all.slice(from, until)
  return {
    UpdateCount: 0,
    ResultSet: {
      ResultSetMetadata: { ColumnInfo: execution.columns },
      Rows: rows.map((row) => ({
        Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
      })),
    },
    ...(until < all.length && { NextToken: String(until) }),
  }
}

function logged(output: Input): Input {
  const set = output['ResultSet'] as { readonly Rows: readonly unknown[] } | undefined
  return set ? { ...output, ResultSet: { ...set, Rows: set.Rows.slice(0, LOGGED_ROWS) } } : output
}

async function answer(
  request: IncomingMessage,
  run: (action: string, input: Input) => unknown,
): Promise<unknown> {
  const action = String(request.headers['x-amz-target']).replace(/^AmazonAthena\./, '')
  return run(action, JSON.parse(await text(request)) as Input)
}

function sendProblem(response: ServerResponse, error: unknown): void {
  const problem =
    error instanceof AthenaProblem ? error : new AthenaProblem('InternalServerException', String(error), 500)
  send(response, problem.status, { __type: problem.errorName, Message: problem.message })
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
  response.end(JSON.stringify(body))
}
