import { vi } from 'vitest'
import type { AsOf } from '../../src/core/contracts/api/common.ts'
import type { CitySummary, Session } from '../../src/core/contracts/api/session.ts'

export const NOW = 1_727_049_599

export const AS_OF: AsOf = {
  city: 'demo',
  timezone: 'America/New_York',
  at: NOW,
  now: NOW,
  clock: 'virtual',
  newest: true,
  snapshot_at: NOW,
  batch_at: NOW - 599,
  stale: false,
}

export const OPERATOR: Session = {
  access: 'operator',
  name: 'ann',
  city: 'demo',
  public_mode: false,
  snapshot: false,
  tile_url: null,
  tile_attribution: null,
  version: '0.1.0',
}
export const NOBODY: Session = { ...OPERATOR, access: 'viewer', name: null, city: null }

const CITY: CitySummary = {
  name: 'demo',
  timezone: 'America/New_York',
  country: 'US',
  stations: 2,
  bounds: [-74.1, 40.7, -74, 40.8],
  endpoints: [],
  now: NOW,
  clock: 'virtual',
  from: NOW - 86_400,
  to: NOW,
  problem: null,
}

export interface Asked {
  readonly method: string
  /** Below `api`, with its query. */
  readonly path: string
  readonly body: unknown
  readonly headers: Headers
}
/** An answer, or a function of what was asked that gives one; a refusal by `refusal`. */
type Answers = Readonly<Record<string, unknown>>

export function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message, hint: null } }, { status })
}

/**
 * Answers what the page asks for: `GET /cities/demo/model` and the like, without the query. Session and cities are there
 * unless given. Gives what was asked, in order.
 */
export function fakeApi(answers: Answers): Asked[] {
  const asked: Asked[] = []
  const all: Answers = { 'GET /session': OPERATOR, 'GET /cities': { cities: [CITY] }, ...answers }
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(url, 'http://page.test/')
    const path = pathname.replace(/^\/api/, '')
    const text = typeof init.body === 'string' ? init.body : 'null'
    const request: Asked = {
      method: init.method ?? 'GET',
      path: path + search,
      body: JSON.parse(text),
      headers: new Headers(init.headers),
    }
    asked.push(request)
    const found = all[`${request.method} ${path}`]
    const answer: unknown =
      typeof found === 'function' ? await (found as (a: Asked) => unknown)(request) : found
    if (answer === undefined) return refusal(404, 'NOT_FOUND', `there is no ${path}`)
    return answer instanceof Response ? answer : Response.json(answer)
  })
  return asked
}
