import type { Access } from '../../../core/contracts/api/session.ts'
import { bearerOf, type Role } from '../../../operations/access/tokens.ts'
import type { ShownCity } from '../city-source.ts'
import { Refusal } from '../http/problem.ts'
import { cookieOf, type Sessions } from './sessions.ts'

/** Who asks. */
export interface Visitor {
  /** What they may do in `city`; elsewhere they are as somebody without a token. */
  readonly access: Access
  /** Name of the token; null without one. */
  readonly name: string | null
  readonly city: string | null
  /** Why what they showed does not count; null when it does, or when they showed nothing. */
  readonly lapsed: string | null
}

/** What tells who asks. */
export interface VisitorHeaders {
  readonly authorization: string | undefined
  readonly cookie: string | undefined
}

/** How visitors are told apart. */
export interface VisitorRules {
  readonly cities: readonly ShownCity[]
  readonly sessions: Sessions
  readonly cookieName: () => string
  /** No tokens here: everyone is `public`. */
  readonly publicMode: boolean
}

const NOBODY: Visitor = { access: 'viewer', name: null, city: null, lapsed: null }

/** Who asks, by the token in the header, else by the session of the cookie. A token that no lake knows counts as none. */
export async function visitorOf(headers: VisitorHeaders, rules: VisitorRules): Promise<Visitor> {
  if (rules.publicMode) return { ...NOBODY, access: 'public' }
  if (headers.authorization !== undefined) {
    const found = await findToken(rules.cities, headers.authorization)
    return found
      ? { ...found, lapsed: null }
      : { ...NOBODY, lapsed: 'no lake here knows this token, or it was revoked' }
  }
  const id = cookieOf(headers.cookie, rules.cookieName())
  if (id === undefined) return NOBODY
  const held = rules.sessions.find(id)
  if (!held) return { ...NOBODY, lapsed: 'your session has ended' }
  const cities = rules.cities.filter(({ name }) => name === held.city)
  const found = await findToken(cities, `Bearer ${held.token}`)
  return found ? { ...found, lapsed: null } : { ...NOBODY, lapsed: 'your token was revoked' }
}

/** The first city whose lake knows a token, with its name and role. */
export async function findToken(
  cities: readonly ShownCity[],
  authorization: string,
): Promise<{ access: Role; name: string; city: string } | undefined> {
  for (const { name: city, platform } of cities) {
    const token = await bearerOf(platform.store, authorization)
    if (token) return { access: token.role, name: token.name, city }
  }
  return undefined
}

/**
 * Refuses whoever may not: 401 for somebody who should show a token, 403 for one whose token does not allow it. `city` is
 * the one asked about, where there is one.
 */
export function requireAccess(
  visitor: Visitor,
  o: { readonly least: Access; readonly city: string | undefined; readonly requireToken: boolean },
): void {
  if (visitor.access === 'public') {
    if (o.least === 'public') return
    throw new Refusal(403, 'FORBIDDEN', 'this is a public page: it shows the city alone')
  }
  const holds = o.city === undefined || visitor.city === o.city
  if (o.least !== 'operator') {
    if (!o.requireToken || (visitor.name !== null && holds)) return
    if (visitor.name === null) throw signIn(visitor.lapsed, 'this dashboard is shown to those with a token')
    throw new Refusal(403, 'FORBIDDEN', `your token is of the city "${visitor.city ?? ''}", not of this one`)
  }
  if (visitor.name === null) throw signIn(visitor.lapsed, 'this changes state, and you are not signed in')
  if (!holds)
    throw new Refusal(
      403,
      'FORBIDDEN',
      `your token is of the city "${visitor.city ?? ''}", not of this one`,
      `Sign in by an operator's token of this city: \`bikeshare token create --role operator\`.`,
    )
  if (visitor.access !== 'operator')
    throw new Refusal(
      403,
      'FORBIDDEN',
      `the token "${visitor.name}" may look, and not change anything`,
      `Sign in by an operator's token: \`bikeshare token create --role operator\`.`,
    )
}

const signIn = (lapsed: string | null, otherwise: string): Refusal =>
  new Refusal(
    401,
    'UNAUTHENTICATED',
    lapsed ?? otherwise,
    'Sign in by a token; `bikeshare token create` makes one.',
  )

/** Name of the token by which something is done. */
export function nameOf({ name }: Visitor): string {
  if (name === null) throw new Error('a change was let through without a token')
  return name
}
