import compress from '@fastify/compress'
import etag from '@fastify/etag'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { RouteName } from '../../core/contracts/api/route-paths.ts'
import { ROUTES } from '../../core/contracts/api/routes.ts'
import { admitting } from './access/admit.ts'
import { openSessions } from './access/sessions.ts'
import type { VisitorRules } from './access/visitor.ts'
import type { DashboardOptions, DashboardServer } from './dashboard-options.ts'
import { answerErrors } from './http/answer-errors.ts'
import { PERMISSIONS_POLICY, securityHeaders } from './http/headers.ts'
import { checkHost } from './http/hosts.ts'
import { isLoopback, listen, urlOf } from './listen.ts'
import { openHub } from './live/hub.ts'
import { gatherDocument, serveDocument } from './openapi.ts'
import { servePages } from './pages.ts'
import { openHandlers } from './routes/handlers.ts'
import { registerRoute } from './routes/register.ts'

/** Longest wait for the headers, and for the whole of a request, in milliseconds. */
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000
const SIGN_INS_PER_MINUTE = 10
const CHANGES_PER_MINUTE = 60
const MOST_STREAMS = 500

/** Serves the API, live updates and the pages. UNAVAILABLE when the port is taken. */
export async function startDashboardServer(o: DashboardOptions): Promise<DashboardServer> {
  const { dashboard } = o.config
  const hosts = { allowedHosts: dashboard.allowed_hosts, allowedOrigins: dashboard.allowed_origins }
  const listening = { port: o.port }
  const rules: VisitorRules = {
    cities: o.cities,
    sessions: openSessions({ wall: o.wall, random: o.random }),
    // Cookies know no ports: two dashboards of one machine must not end each other's sessions.
    cookieName: () => `bikeshare_session_${listening.port}`,
    publicMode: o.publicMode,
  }
  const app = Fastify({
    trustProxy: dashboard.trust_proxy,
    forceCloseConnections: true,
    requestTimeout: REQUEST_MS,
    // A text in a path may be 200 characters of four bytes each, written as %XX.
    routerOptions: { maxParamLength: 2500 },
    genReqId: () => hex(o.random(6)),
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: 2000, maxHeaderSize: 16_384 },
  })
  // Other sites' forms may send it, and nothing here takes it.
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('visitor', null)
  answerErrors(app, o)
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('permissions-policy', PERMISSIONS_POLICY)
    // A public page says the same to everyone, by whatever name they reach it.
    if (!o.publicMode) checkHost(request.headers.host, hosts)
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'private, no-cache')
  })
  await app.register(helmet, securityHeaders(dashboard.tile_url))
  await app.register(rateLimit, { max: dashboard.requests_per_minute, timeWindow: 60_000 })
  await app.register(etag, { weak: true })
  await app.register(compress, { encodings: ['br', 'gzip'], threshold: 1024 })
  await gatherDocument(app, { version: o.version, cookieName: rules.cookieName() })

  const handlers = openHandlers({
    ...o,
    rules,
    hub: (onChange) =>
      openHub({
        cities: o.cities,
        run: hex(o.random(6)),
        pollMs: dashboard.poll_seconds * 1000,
        report: o.report,
        onChange,
        mostClients: MOST_STREAMS,
      }),
  })
  const requireToken = !o.publicMode && (dashboard.require_token ?? !isLoopback(o.hostname))
  const admit = admitting({ rules, hosts, requireToken })
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const perMinute = limitOf(name, dashboard.requests_per_minute)
    registerRoute(app, name, { admit, handle: handlers.of(name), perMinute })
  }
  // For whoever watches the process, such as a load balancer.
  const healthz = { schema: { hide: true }, config: { rateLimit: false } } as const
  app.get('/healthz', healthz, () => ({ status: 'ok' }))
  await serveDocument(app)
  await servePages(app, o.webRoot)

  try {
    listening.port = await listen(app, { ...o, what: 'the dashboard', table: 'dashboard' })
  } catch (error) {
    await handlers.close()
    throw error
  }
  return serverOf(app, handlers, urlOf(o.hostname, listening.port))
}

function serverOf(
  app: FastifyInstance,
  handlers: ReturnType<typeof openHandlers>,
  url: string,
): DashboardServer {
  return {
    url,
    poke: () => handlers.poke(),
    close: async () => {
      await handlers.close()
      await app.close()
    },
  }
}

function limitOf(name: RouteName, reads: number): number {
  if (name === 'signIn') return SIGN_INS_PER_MINUTE
  return ROUTES[name].access === 'operator' ? CHANGES_PER_MINUTE : reads
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
