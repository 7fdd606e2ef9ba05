import { setTimeout as sleep } from 'node:timers/promises'
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify'
import { fetch } from 'undici'
import { listen } from '../../../../src/platform/engines/inference-server/http-server.ts'
import type { LocalEndpointHost } from '../../../../src/platform/local/endpoint-host/endpoint-host.ts'
import { serveHost } from '../../../../src/platform/local/endpoint-host/serve-host.ts'
import { noteOthers } from '../../environment/note-others.ts'
import { openFaults, type Faults } from '../faults.ts'
import { AwsRefusal, readCall, writeAnswer, writeRefusal, type AwsCall } from '../protocol.ts'
import { openServerLog, type ServerLog } from '../server-log.ts'
import type { S3Location } from '../../../../src/platform/aws/s3-location.ts'
import { inS3 } from './in-s3.ts'

/** SageMaker and its runtime at one address of this machine. */
export interface SageMakerServer {
  readonly url: string
  readonly faults: Faults
  /** Control calls that were answered. */
  readonly log: ServerLog
  close(): Promise<void>
}

/** A call that the endpoint host does not know, such as CreateTrainingJob. */
export type MoreOperations = Readonly<Record<string, (input: unknown) => Promise<unknown>>>

export interface SageMakerServerParts {
  readonly host: LocalEndpointHost
  /** Where the host's store lies in S3. */
  readonly lake: S3Location
  readonly operations?: MoreOperations
  /** How long a description takes, so that who asks again and again leaves a container time to start. */
  readonly describeMs?: number
}

/** Below what a client may send: the host itself says what is too large. */
const BODY_LIMIT = 64 * 1024 * 1024

/**
 * The local endpoint host as `bikeshare serve` serves it, behind a door at which a test can have calls refused, and beside it
 * the calls that are not about endpoints.
 */
export async function openSageMakerServer(parts: SageMakerServerParts): Promise<SageMakerServer> {
  const { host, lake, operations = {}, describeMs = 0 } = parts
  const behind = await serveHost(inS3(host, lake), {
    hostname: '127.0.0.1',
    port: 0,
    allowControl: true,
  })
  const faults = openFaults()
  const log = openServerLog()
  const app = fastify({ logger: false, bodyLimit: BODY_LIMIT })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  const bodyOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0))
  const note = ({ headers }: FastifyRequest, operation: string): void => {
    const service = operation === 'InvokeEndpoint' ? 'sagemaker-runtime' : 'sagemaker'
    noteOthers(service, operation, headers['user-agent'])
  }
  const refuse = (reply: FastifyReply, error: unknown): FastifyReply => {
    const refusal =
      error instanceof AwsRefusal ? error : new AwsRefusal('InternalFailure', String(error), 500)
    const written = writeRefusal('json', refusal)
    return reply.code(written.status).headers(written.headers).send(written.body)
  }
  const forward = async (
    request: FastifyRequest,
    reply: FastifyReply,
    call?: AwsCall,
  ): Promise<FastifyReply> => {
    const { 'content-length': _, connection: __, host: ___, ...headers } = request.headers
    const answer = await fetch(`${behind.url}${request.url}`, {
      method: 'POST',
      body: bodyOf(request),
      headers: headers as Record<string, string>,
    })
    for (const name of ['content-type', 'x-amzn-errortype', 'x-amzn-invoked-production-variant']) {
      const value = answer.headers.get(name)
      if (value !== null) void reply.header(name, value)
    }
    const body = Buffer.from(await answer.arrayBuffer())
    if (answer.status === 200) note(request, call?.operation ?? 'InvokeEndpoint')
    if (call && answer.status === 200)
      log.add('sagemaker', call.operation, call.input, JSON.parse(body.toString('utf8')))
    return reply.code(answer.status).send(body)
  }

  app.post('/endpoints/:name/invocations', async (request, reply) => {
    try {
      faults.meet('InvokeEndpoint')
    } catch (error) {
      return refuse(reply, error)
    }
    return forward(request, reply)
  })
  app.post('/', async (request, reply) => {
    try {
      const call = readCall({ url: request.url, headers: request.headers, body: bodyOf(request) })
      const { operation, input } = call
      faults.meet(operation)
      if (operation === 'DescribeEndpoint' && describeMs > 0) await sleep(describeMs)
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined
      if (!run) return await forward(request, reply, call)
      const output = await run(input)
      log.add('sagemaker', operation, input, output)
      note(request, operation)
      const written = writeAnswer('json', output)
      return await reply.code(written.status).headers(written.headers).send(written.body)
    } catch (error) {
      return refuse(reply, error)
    }
  })
  const server = await listen(app, 0, '127.0.0.1')
  return {
    url: server.url,
    faults,
    log,
    async close() {
      await server.close()
      await behind.close()
    },
  }
}
