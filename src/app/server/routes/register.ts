import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { problemSchema, type Format } from '../../../core/contracts/api/common.ts'
import { API_PREFIX, ROUTE_PATHS, type RouteName } from '../../../core/contracts/api/route-paths.ts'
import { formatsOf, ROUTES, type RouteContract } from '../../../core/contracts/api/routes.ts'
import type { Visitor } from '../access/visitor.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null until the route has admitted them. */
    visitor: Visitor | null
  }
}

/** Media type of each format. */
export const MEDIA_TYPES = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const satisfies Record<Format, string>

/** What a route's handler is given. */
export interface Given {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly visitor: Visitor
}

export interface RouteOptions {
  /** Refuses whoever may not, or gives who asks. */
  readonly admit: (request: FastifyRequest, contract: RouteContract) => Promise<Visitor>
  readonly handle: (given: Given) => Promise<unknown>
  /** Most requests a minute from one address. */
  readonly perMinute: number
}

/** Bytes of a body at most. */
const BODY_LIMIT = 1024 * 1024

/** Registers one route of the table: its schemas, the access it takes, its limits and its part of the document. */
export function registerRoute(app: FastifyInstance, name: RouteName, o: RouteOptions): void {
  const contract: RouteContract = ROUTES[name]
  const { method, path } = ROUTE_PATHS[name]
  app.route({
    method,
    url: API_PREFIX + path.replaceAll(/\{(\w+)\}/g, ':$1'),
    bodyLimit: BODY_LIMIT,
    config: { rateLimit: { max: o.perMinute, timeWindow: 60_000 } },
    schema: {
      operationId: name,
      summary: contract.summary,
      tags: [contract.tag],
      params: contract.params,
      querystring: contract.query,
      ...(contract.body ? { body: contract.body } : {}),
      ...(contract.access === 'operator' ? { security: [{ bearer: [] }, { cookie: [] }] } : {}),
      response: { 200: answerOf(name, contract), default: problemSchema.describe('What went wrong') },
    },
    // Whoever may not ask is told so before their body is read.
    onRequest: async (request) => {
      refuseEmpty(request)
      request.visitor = await o.admit(request, contract)
    },
    handler: async (request, reply) => {
      const { visitor } = request
      if (!visitor) throw new Error(`${name} was asked by nobody`)
      return o.handle({ request, reply, visitor })
    },
  })
}

/** `?at=` is no moment, though it would be read as 0. */
function refuseEmpty(request: FastifyRequest): void {
  const query = request.query as Record<string, unknown>
  const empty = Object.entries(query).find(([, value]) => typeof value !== 'string' || value.trim() === '')
  if (empty)
    throw Object.assign(new Error(`query: ${empty[0].slice(0, 100)} has no value, or several`), {
      statusCode: 400,
    })
}

function answerOf(name: RouteName, { answer }: RouteContract): unknown {
  if (name === 'live')
    return { description: 'A stream of events', content: { 'text/event-stream': { schema: answer } } }
  const downloads = formatsOf(name).filter((format) => format !== 'json')
  if (downloads.length === 0) return answer.describe('The answer')
  return {
    description: 'The answer, or the same as a download',
    content: {
      'application/json': { schema: answer },
      ...Object.fromEntries(
        downloads.map((format) => [MEDIA_TYPES[format].split(';')[0], { schema: z.any() }]),
      ),
    },
  }
}
