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
      const limit = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS)
      // A client keeps its connection after an answer that was under way; the server would wait for it to send more.
      const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS)
      await app.close()
      clearInterval(sweep)
      clearTimeout(limit)
    },
  }
}
