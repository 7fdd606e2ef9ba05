import type { FastifyRequest } from 'fastify'
import type { RouteContract } from '../../../core/contracts/api/routes.ts'
import { checkOrigin, type HostRules, type OriginHeaders } from '../http/hosts.ts'
import { requireAccess, visitorOf, type Visitor, type VisitorRules } from './visitor.ts'

/** Gives who asks, or refuses them: by the origin of a change, and by what the route takes. */
export type Admit = (request: FastifyRequest, contract: RouteContract) => Promise<Visitor>

export function admitting(o: {
  readonly rules: VisitorRules
  readonly hosts: HostRules
  /** Reading takes a token too. */
  readonly requireToken: boolean
}): Admit {
  return async (request, contract) => {
    const { authorization, cookie } = request.headers
    if (request.method !== 'GET' && request.method !== 'HEAD')
      checkOrigin(originHeaders(request), authorization !== undefined, o.hosts)
    const visitor = await visitorOf({ authorization, cookie }, o.rules)
    const { city } = request.params as { city?: string }
    // To sign in one needs no token yet.
    const requireToken = o.requireToken && contract.tag !== 'session'
    requireAccess(visitor, { least: contract.access, city, requireToken })
    return visitor
  }
}

function originHeaders({ headers }: FastifyRequest): OriginHeaders {
  const site = headers['sec-fetch-site']
  return {
    host: headers.host,
    origin: headers.origin,
    'sec-fetch-site': Array.isArray(site) ? site[0] : site,
  }
}
