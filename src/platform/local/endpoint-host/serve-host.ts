import type { FastifyReply, FastifyRequest } from 'fastify'
import { messageOf } from '../../../core/errors.ts'
import { silentReporter, type Reporter } from '../../../core/report.ts'
import { isOversize, type RawBody } from '../../engines/inference-server/http-body.ts'
import { listen, makeHttpServer, type ListeningServer } from '../../engines/inference-server/http-server.ts'
import { ControlError, InvokeError, type ServeOptions } from '../../ports.ts'
import { CONTROL_OPERATIONS } from './control-api.ts'
import type { LocalEndpointHost } from './endpoint-host.ts'
import { bodyTooLarge } from './invoke-checks.ts'

const TARGET_PREFIX = 'SageMaker.'
const CONTROL_TYPE = 'application/x-amz-json-1.1'
const NO_BODY = Buffer.alloc(0)

/**
 * Serves a host as SageMaker serves its endpoints: `POST /endpoints/NAME/invocations` (SageMaker Runtime, REST), the control
 * calls at `POST /` (JSON 1.1 by X-Amz-Target; those that change something only with `allowControl`), `GET /ping`.
 * Signatures are not checked: whoever reaches the port may invoke. UNAVAILABLE when the address cannot be had.
 */
export async function serveHost(
  host: LocalEndpointHost,
  options: ServeOptions,
  report: Reporter = silentReporter,
): Promise<ListeningServer> {
  const app = makeHttpServer()

  app.get('/ping', async (_request, reply) => reply.code(200).send())
  app.post<{ Params: { name: string } }>('/endpoints/:name/invocations', (request, reply) =>
    invoke(host, request, reply),
  )
  app.post('/', async (request, reply) => {
    const answer = await control(host, request, options.allowControl)
    return reply.header('content-type', CONTROL_TYPE).send(JSON.stringify(answer ?? {}))
  })
  app.setNotFoundHandler(async (request, reply) =>
    sendError(
      reply,
      404,
      'UnknownOperationException',
      `${request.method} ${request.url.slice(0, 200)} is nothing that this server answers`,
    ),
  )
  app.setErrorHandler<Error & { statusCode?: number }>(async (error, request, reply) => {
    if (error instanceof InvokeError) return sendInvokeError(reply, error)
    if (error instanceof ControlError) return sendError(reply, 400, error.name, error.message)
    if (error instanceof AccessDenied) return sendError(reply, 400, 'AccessDeniedException', error.message)
    // The HTTP layer's own refusals, such as a header that cannot be read.
    if (error.statusCode !== undefined && error.statusCode < 500)
      return sendError(
        reply,
        400,
        request.url === '/' ? 'ValidationException' : 'ValidationError',
        error.message,
      )
    report.warn(`${request.method} ${request.url} failed: ${messageOf(error)}`)
    return sendError(reply, 500, 'InternalFailure', 'The server failed; its log says why.')
  })

  return listen(app, options.port, options.hostname)
}

async function invoke(
  host: LocalEndpointHost,
  request: FastifyRequest<{ Params: { name: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { headers } = request
  const body = request.body as RawBody
  if (isOversize(body)) {
    await host.countRefusal(request.params.name)
    throw bodyTooLarge(body.oversize)
  }
  const output = await host.invokeEndpoint({
    EndpointName: request.params.name,
    Body: body ?? NO_BODY,
    ...optional('ContentType', headers['content-type']),
    ...optional('Accept', headers.accept),
    ...optional('TargetVariant', headers['x-amzn-sagemaker-target-variant']),
    ...optional('InferenceId', headers['x-amzn-sagemaker-inference-id']),
    ...optional('CustomAttributes', headers['x-amzn-sagemaker-custom-attributes']),
  })
  return reply
    .header('content-type', output.ContentType)
    .header('x-amzn-invoked-production-variant', output.InvokedProductionVariant)
    .send(output.Body)
}

function optional<K extends string>(
  key: K,
  value: string | string[] | undefined,
): Partial<Record<K, string>> {
  if (value === undefined) return {}
  return { [key]: typeof value === 'string' ? value : value.join(',') } as Record<K, string>
}

/** A call that changes something, where that is not allowed. */
class AccessDenied extends Error {}

async function control(
  host: LocalEndpointHost,
  request: FastifyRequest,
  allowControl: boolean,
): Promise<unknown> {
  const target = String(request.headers['x-amz-target'] ?? '')
  const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : ''
  const operation = Object.hasOwn(CONTROL_OPERATIONS, name) ? CONTROL_OPERATIONS[name] : undefined
  if (!operation)
    throw new ControlError(
      'ValidationException',
      `X-Amz-Target "${target.slice(0, 80)}" is not known; known are ${Object.keys(CONTROL_OPERATIONS).join(', ')}`,
    )
  if (operation.changes && !allowControl)
    throw new AccessDenied(`${name} changes endpoints, which this server takes only with --allow-control`)
  return operation.run(host, jsonOf(request.body as RawBody))
}

function jsonOf(body: RawBody): unknown {
  if (body === undefined) return {}
  if (isOversize(body)) throw new ControlError('ValidationException', 'The body is too large.')
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new ControlError('ValidationException', 'The body is not JSON.')
  }
}

function sendInvokeError(reply: FastifyReply, error: InvokeError): FastifyReply {
  return sendError(
    reply,
    error.status,
    error.name,
    error.message,
    error.original && {
      OriginalStatusCode: error.original.status,
      OriginalMessage: error.original.message,
      LogStreamArn: '',
    },
  )
}

/** An error as AWS clients read it: its name in a header and in the body, its message in either spelling. */
function sendError(
  reply: FastifyReply,
  status: number,
  name: string,
  message: string,
  fields: object = {},
): FastifyReply {
  const body = { __type: name, message, Message: message, ...fields }
  return reply
    .code(status)
    .header('x-amzn-errortype', name)
    .header('content-type', 'application/json')
    .send(JSON.stringify(body))
}
