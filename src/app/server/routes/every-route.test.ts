import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openDashboardLake,
  serveLakes,
  tokenOf,
  type DashboardLake,
  type Served,
} from '../../../../test/support/dashboard.ts'
import { API_PREFIX, ROUTE_PATHS, type RouteName } from '../../../core/contracts/api/route-paths.ts'
import { formatsOf, ROUTES } from '../../../core/contracts/api/routes.ts'
import { openIncident } from '../../../operations/incidents/incidents.ts'

let lake: DashboardLake
let served: Served
let operator: Record<string, string>
let token: string
let incident: string
const exercised = new Set<RouteName>()

beforeAll(async () => {
  lake = await openDashboardLake()
  served = await serveLakes([lake])
  token = await tokenOf(lake, 'operator', 'ann')
  operator = { authorization: `Bearer ${token}` }
  const opened = await openIncident(lake.platform, {
    city: 'demo',
    endpoint: 'bikeshare-prod',
    kind: 'by-hand',
    title: 'riders call',
    why: '',
    by: 'test',
    now: 1_715_675_000,
  })
  incident = opened.id
})
afterAll(async () => {
  await served.close()
  await lake.close()
})

const NAMES = Object.keys(ROUTES) as RouteName[]

/** Asks a route by its name; the answer is held against its contract here, as it is in the server. */
async function ask(
  name: RouteName,
  o: {
    query?: string
    json?: unknown
    params?: Record<string, string>
    headers?: Record<string, string>
  } = {},
) {
  const params = { city: 'demo', station_id: 's1', id: incident, ...o.params }
  const path = ROUTE_PATHS[name].path.replaceAll(
    /\{(\w+)\}/g,
    (_, key: string) => params[key as keyof typeof params],
  )
  const { method } = ROUTE_PATHS[name]
  exercised.add(name)
  return served.ask(`${API_PREFIX}${path}${o.query ?? ''}`, {
    method,
    ...(o.json === undefined ? {} : { json: o.json }),
    headers: { ...operator, ...o.headers },
  })
}

async function answerOf(name: RouteName, o: Parameters<typeof ask>[1] = {}): Promise<unknown> {
  const answer = await ask(name, o)
  const body: unknown = await answer.json()
  expect([name, answer.status, body]).toEqual([name, 200, expect.anything()])
  return ROUTES[name].answer.parse(body)
}

describe('every route of the API', () => {
  it.each([
    'session',
    'cities',
    'stations',
    'state',
    'timeline',
    'top',
    'station',
    'model',
    'system',
    'releases',
    'gate',
    'incident',
    'plans',
    'constraints',
  ] as const)('%s answers by its contract', async (name) => {
    expect(await answerOf(name)).toBeDefined()
  })

  it('stages, targets and moments of views are taken', async () => {
    for (const name of ['state', 'top', 'station', 'model', 'gate'] as const)
      expect(
        await answerOf(name, {
          query: `?stage=prod&at=1715670000${name === 'top' || name === 'model' ? '&target=docks' : ''}`,
        }),
      ).toMatchObject({ as_of: { at: 1_715_670_000, newest: false } })
  })

  it('why says what there is to say, or that there is nothing', async () => {
    const answer = await ask('why', { query: '?stage=prod' })
    expect([200, 404]).toContain(answer.status)
  })

  it('signs in and out', async () => {
    expect(await answerOf('signIn', { json: { token } })).toMatchObject({ name: 'ann' })
    expect(await answerOf('signOut')).toMatchObject({ name: null })
  })

  it('previews an action and does it', async () => {
    const act = { action: 'silence', alarm: '*', hours: 1, why: 'a trial' }
    const preview = (await answerOf('previewAction', { json: act })) as { confirm: string }
    expect(await answerOf('act', { json: { act, confirm: preview.confirm } })).toMatchObject({ by: 'ann' })
  })

  it('sets constraints over those that were looked at, makes a plan with them, and decides it', async () => {
    const depot = { id: 'd', name: 'north', lat: 45.5, lon: -73.6 }
    const input = { depots: [depot], crews: [], closed_stations: [{ station_id: 's3', why: 'road works' }] }
    expect((await ask('setConstraints', { json: input })).status).toBe(428)
    const set = (await answerOf('setConstraints', { json: input, headers: { 'if-none-match': '*' } })) as {
      etag: string
    }
    expect((await ask('setConstraints', { json: input, headers: { 'if-match': '"other"' } })).status).toBe(
      409,
    )
    await answerOf('setConstraints', { json: input, headers: { 'if-match': `"${set.etag}"` } })
    const made = (await answerOf('makePlan', { json: { trucks: 1, time_limit_seconds: 2 } })) as {
      plan: { id: string; events: { by: string }[] }
    }
    const params = { id: made.plan.id }
    expect(made.plan.events[0]?.by).toBe('ann')
    await answerOf('plan', { params })
    expect((await ask('plan', { params, query: '?format=csv' })).status).toBe(200)
    await answerOf('decidePlan', { params, json: { decision: 'accept', why: 'go' } })
    expect((await ask('decidePlan', { params, json: { decision: 'reject', why: 'no' } })).status).toBe(409)
    expect(await answerOf('plans')).toMatchObject({ plans: [{ id: made.plan.id, state: 'accepted' }] })
  })

  it('streams events', async () => {
    const answer = await ask('live')
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    await answer.body?.cancel()
  })

  it.each(NAMES.filter((name) => formatsOf(name).length > 1 && name !== 'plan'))(
    '%s can be downloaded',
    async (name) => {
      for (const format of formatsOf(name).filter((one) => one !== 'json')) {
        const answer = await ask(name, { query: `?format=${format}` })
        expect([format, answer.status]).toEqual([format, 200])
        expect(answer.headers.get('content-disposition')).toMatch(
          new RegExp(`attachment; filename="[\\w-]+\\.${format}"`),
        )
        const bytes = Buffer.from(await answer.arrayBuffer())
        expect(bytes.subarray(0, format === 'csv' ? 3 : 4).toString()).toBe(
          format === 'csv' ? '\uFEFF' : 'PAR1',
        )
      }
    },
  )

  it('was exercised here', () => {
    expect(NAMES.filter((name) => !exercised.has(name))).toEqual([])
  })
})

describe('the OpenAPI document', () => {
  it('is valid, and describes every route and no other', async () => {
    const answer = await served.ask('/api/docs/json')
    const document = (await answer.json()) as {
      openapi: string
      paths: Record<string, Record<string, { operationId: string }>>
    }
    const result = await new Validator().validate(document)
    expect(result.errors ?? []).toEqual([])
    expect(result.valid).toBe(true)
    expect(document.openapi).toBe('3.1.0')
    const described = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    expect(described.toSorted()).toEqual(NAMES.toSorted())
  })

  it('has a page for people, under the same policy as the others', async () => {
    const page = await served.ask('/api/docs')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(await page.text()).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/)
  })
})
