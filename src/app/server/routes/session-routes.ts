import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Session } from '../../../core/contracts/api/session.ts'
import type { BodyOf } from '../../../core/contracts/api/routes.ts'
import { cookieHeader, cookieOf, type Sessions } from '../access/sessions.ts'
import { findToken, type Visitor, type VisitorRules } from '../access/visitor.ts'
import { Refusal } from '../http/problem.ts'
import type { Given } from './register.ts'

/** What a session tells that is the same for everyone. */
export type SessionFacts = Pick<
  Session,
  'public_mode' | 'snapshot' | 'tile_url' | 'tile_attribution' | 'version'
>

/** Who is asking, as the API says it. */
export function sessionOf({ access, name, city }: Visitor, facts: SessionFacts): Session {
  return { access, name, city, ...facts }
}

/** Signs in: the token is looked up once, and the browser gets a cookie with an id that means nothing elsewhere. */
export async function signIn(
  { request, reply }: Given,
  o: { readonly rules: VisitorRules; readonly facts: SessionFacts },
): Promise<Session> {
  const { token } = request.body as BodyOf<'signIn'>
  if (o.rules.publicMode) throw new Refusal(403, 'FORBIDDEN', 'this is a public page: nobody signs in here')
  const found = await findToken(o.rules.cities, `Bearer ${token.trim()}`)
  if (!found)
    throw new Refusal(
      401,
      'UNAUTHENTICATED',
      'no lake here knows this token, or it was revoked',
      'Check that all of it was copied; `bikeshare token list` shows which tokens there are.',
    )
  endSession(request, o.rules)
  const id = o.rules.sessions.begin({ token: token.trim(), city: found.city })
  setCookie(request, reply, o.rules.cookieName(), id)
  return sessionOf({ ...found, lapsed: null }, o.facts)
}

/** Signs out; twice is once. */
export function signOut(
  { request, reply }: Given,
  o: { readonly rules: VisitorRules; readonly facts: SessionFacts },
): Session {
  endSession(request, o.rules)
  setCookie(request, reply, o.rules.cookieName(), undefined)
  const access = o.rules.publicMode ? 'public' : 'viewer'
  return sessionOf({ access, name: null, city: null, lapsed: null }, o.facts)
}

function endSession(
  request: FastifyRequest,
  { sessions, cookieName }: { sessions: Sessions; cookieName: () => string },
): void {
  const id = cookieOf(request.headers.cookie, cookieName())
  if (id !== undefined) sessions.end(id)
}

function setCookie(request: FastifyRequest, reply: FastifyReply, name: string, id: string | undefined): void {
  void reply.header('set-cookie', cookieHeader(name, id, request.protocol === 'https'))
}
