import { z } from 'zod'
import { OperatorError } from '../../../../src/core/errors.ts'
import type { RawBody } from '../../../../src/platform/engines/inference-server/http-body.ts'
import { listen, makeHttpServer } from '../../../../src/platform/engines/inference-server/http-server.ts'
import { noteOthers } from '../../environment/note-others.ts'
import { openFaults, type Faults } from '../faults.ts'
import { AwsRefusal, readCall, writeAnswer, writeRefusal, type AwsCall } from '../protocol.ts'
import { openServerLog, type ServerLog } from '../server-log.ts'
import { alarmOperations } from './alarm-operations.ts'
import { metricOperations } from './metric-operations.ts'
import type { CloudWatchParts } from './operation.ts'
import { otherOperations } from './other-operations.ts'

/** CloudWatch at an address of this machine. */
export interface CloudWatchServer {
  readonly url: string
  readonly faults: Faults
  /** Calls that were answered. */
  readonly log: ServerLog
  close(): Promise<void>
}

const MOST_BYTES = 1024 * 1024

/**
 * The local metric and alarm store by CloudWatch's own protocols, so that the vendors' clients can be pointed at it. Alarms
 * are evaluated when somebody asks the store to: a test plays CloudWatch's own clock.
 */
export async function openCloudWatchServer(parts: CloudWatchParts): Promise<CloudWatchServer> {
  const operations = { ...metricOperations(parts), ...alarmOperations(parts), ...otherOperations() }
  const faults = openFaults()
  const log = openServerLog()

  const answer = async ({ operation, input }: AwsCall): Promise<unknown> => {
    faults.meet(operation)
    const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined
    if (!run) throw new AwsRefusal('UnknownOperationException', `${operation} is not known here`, 404)
    const output = await run(input)
    log.add('cloudwatch', operation, input, output)
    return output
  }

  const app = makeHttpServer()
  app.post('/*', async (request, reply) => {
    const body = request.body as RawBody
    let call: AwsCall | undefined
    let written
    try {
      if (!Buffer.isBuffer(body) || body.length > MOST_BYTES)
        throw new AwsRefusal('RequestEntityTooLarge', 'Request size exceeded 1048576 bytes', 413)
      call = readCall({ url: request.url, headers: request.headers, body })
      written = writeAnswer(call.speaks, await answer(call))
      noteOthers('cloudwatch', call.operation, request.headers['user-agent'])
    } catch (error) {
      written = writeRefusal(call?.speaks ?? 'json', refusalOf(error, call?.operation ?? ''))
    }
    return reply.code(written.status).headers(written.headers).send(written.body)
  })
  const server = await listen(app, 0, '127.0.0.1')
  return { url: server.url, faults, log, close: () => server.close() }
}

function refusalOf(error: unknown, operation: string): AwsRefusal {
  if (error instanceof AwsRefusal) return error
  if (error instanceof z.ZodError) return new AwsRefusal('ValidationError', z.prettifyError(error))
  if (!(error instanceof OperatorError)) return new AwsRefusal('InternalServiceFault', String(error), 500)
  if (error.code === 'NOT_FOUND') return new AwsRefusal('ResourceNotFound', error.message, 404)
  if (error.code !== 'BAD_INPUT') return new AwsRefusal('InternalServiceFault', error.message, 500)
  return new AwsRefusal(
    operation.endsWith('MetricData') ? 'InvalidParameterValueException' : 'ValidationError',
    error.message,
  )
}
