import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AsOf } from '../../../src/core/contracts/api/common.ts'
import { ApiError, getJson } from './client.ts'
import { agesOf } from './freshness.ts'
import { isMadeOld } from './live.ts'
import { routePath } from './routes.ts'
import { answerUrl } from './source.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the address of an answer', () => {
  it('is below the page, with what was asked and not what was left out', () => {
    expect(
      answerUrl('server', '/cities/sf/top', { stage: 'prod', at: null, n: undefined, target: 'bikes' }),
    ).toBe('api/cities/sf/top?stage=prod&target=bikes')
  })

  it('names the file of a snapshot, also for an id with other letters', () => {
    const path = routePath('station', { city: 'sf', station_id: 'a/b é' })
    expect(path).toBe('/cities/sf/stations/a%2Fb%20%C3%A9')
    expect(answerUrl('snapshot', path, { stage: 'prod' })).toBe(
      'data/cities/sf/stations/a%252Fb%2520%25C3%25A9--stage%3Dprod.json',
    )
  })

  it('asks a snapshot for the days that it has', () => {
    expect(answerUrl('snapshot', '/cities/sf/system', { days: 7 })).toBe('data/cities/sf/system.json')
  })
})

describe('an answer that is none', () => {
  const answer = (response: Response | Error) => {
    vi.stubGlobal('fetch', async () => {
      if (response instanceof Error) throw response
      return response
    })
    return getJson('/cities', {}).then(
      () => undefined,
      (error: unknown) => error,
    )
  }

  it('says what the server said', async () => {
    const problem = { error: { code: 'NOT_FOUND', message: 'no city', hint: 'name one' } }
    expect(await answer(Response.json(problem, { status: 404 }))).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
      message: 'no city',
      hint: 'name one',
    })
  })

  it('is known for a server that is away, or another one between', async () => {
    expect(await answer(new TypeError('Failed to fetch'))).toMatchObject({ status: 0, offline: true })
    expect(await answer(new Response('<html>', { status: 502 }))).toMatchObject({
      status: 502,
      code: 'HTTP_502',
      offline: false,
    })
    expect(await answer(new Response('<html>', { status: 200 }))).toMatchObject({ code: 'BAD_ANSWER' })
    expect(await answer(new Response('null', { status: 500 }))).toBeInstanceOf(ApiError)
  })
})

describe('a live event', () => {
  const event = { city: 'sf', topics: ['state' as const], now: 0, resync: false }

  it('makes old what it names of its city, and the past stays', () => {
    expect(isMadeOld(['state', { city: 'sf' }, { stage: 'prod' }], event)).toBe(true)
    expect(isMadeOld(['state', { city: 'nyc' }, {}], event)).toBe(false)
    expect(isMadeOld(['plans', { city: 'sf' }, {}], event)).toBe(false)
    expect(isMadeOld(['state', { city: 'sf' }, { at: 600 }], event)).toBe(false)
  })

  it('makes everything of the city old when something was missed', () => {
    const resync = { ...event, topics: [], resync: true }
    expect(isMadeOld(['plans', { city: 'sf' }, { at: 600 }], resync)).toBe(true)
    expect(isMadeOld(['plans', { city: 'nyc' }, {}], resync)).toBe(false)
  })
})

describe('how fresh an answer is', () => {
  const asOf: AsOf = {
    city: 'sf',
    timezone: 'UTC',
    at: 10_000,
    now: 10_000,
    clock: 'live',
    newest: true,
    snapshot_at: 9_940,
    batch_at: 9_600,
    stale: false,
  }

  it('is live while its snapshot and its batch are young', () => {
    expect(agesOf(asOf, 10_030)).toMatchObject({ freshness: 'live', snapshot: 90, batch: 430 })
  })

  it('becomes stale by itself when no newer answer comes', () => {
    expect(agesOf(asOf, 10_000 + 900)).toMatchObject({
      freshness: 'stale',
      snapshotStale: true,
      batchStale: false,
    })
    expect(agesOf(asOf, 10_000 + 1_200)).toMatchObject({ batchStale: true })
  })

  it('is of the past by the moment that was asked for, whatever the clock says', () => {
    expect(agesOf({ ...asOf, newest: false, at: 9_950 }, 999_999)).toMatchObject({
      freshness: 'past',
      snapshot: 10,
    })
  })

  it('tells a lake without a snapshot, and one whose clock stands still', () => {
    expect(agesOf({ ...asOf, snapshot_at: null, batch_at: null }, null)).toMatchObject({
      freshness: 'waiting',
      snapshot: null,
    })
    expect(agesOf({ ...asOf, clock: 'virtual' }, null).freshness).toBe('replay')
  })
})
