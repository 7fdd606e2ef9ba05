import { Server } from 'node:net'
import { fastify, type FastifyInstance } from 'fastify'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { takeRawBodies } from './http-body.ts'

/** SageMaker's limit of one invocation. */
const REQUEST_TIMEOUT_MS = 60_000
/** Longer than the idle time of the usual clients, so that none sends on a connection that is just being closed. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000
/** SageMaker ends a container 30 s after SIGTERM. */
const DRAIN_MS = 28_000
const SWEEP_MS = 20
/** A client that keeps its connection is told to end it by its next answer; it has so long to ask for one. */
const LAST_REQUEST_MS = 250

/** An HTTP server with bodies as bytes and the time limits of SageMaker. */
export function makeHttpServer(): FastifyInstance {
  const app = fastify({
    logger: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // A request that came in on a kept connection while closing is still answered, and ends its connection.
    return503OnClosing: false,
    exposeHeadRoutes: false,
  })
  takeRawBodies(app)
  return app
}

/** A server that listens. `close` answers what is under way, for 28 s at most. */
export interface ListeningServer {
  /** `http://127.0.0.1:18080` */
  readonly url: string
  close(): Promise<void>
}

/** Starts to listen. UNAVAILABLE when the address is taken or not ours. */
export async function listen(app: FastifyInstance, port: number, hostname: string): Promise<ListeningServer> {
  let closing = false
  app.addHook('onSend', async (_request, reply) => {
    if (closing) void reply.header('connection', 'close')
  })
  let url: string
  try {
    url = await app.listen({ port, host: hostname })
  } catch (error) {
    await app.close()
    throw new OperatorError(
      'UNAVAILABLE',
      `cannot listen at ${hostname}:${port}: ${messageOf(error)}`,
      'Take another port, or end the program that has this one.',
      error,
    )
  }
  return {
    url,
    async close() {
      closing = true
      const { server } = app
      const limit = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
      let sweep: NodeJS.Timeout | undefined
      const patience = setTimeout(() => {
        sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
      }, LAST_REQUEST_MS)
      // An HTTP server that closes ends idle connections at once, with the request that is on its way to it.
      await new Promise((resolve) => Server.prototype.close.call(server, resolve))
      clearTimeout(patience)
      clearInterval(sweep)
      clearTimeout(limit)
      await app.close()
    },
  }
}
