import type { LiveEvent, LiveTopic } from '../../../core/contracts/api/live.ts'
import type { FastifyReply } from 'fastify'
import type { Stations } from '../../../core/contracts/api/city.ts'
import type { Format } from '../../../core/contracts/api/common.ts'
import type { RouteName } from '../../../core/contracts/api/route-paths.ts'
import type { FullQueryOf } from '../../../core/contracts/api/routes.ts'
import { canonicalJson } from '../../../core/hash.ts'
import type { VisitorRules } from '../access/visitor.ts'
import { downloadOf } from '../download/download.ts'
import type { DashboardOptions } from '../dashboard-options.ts'
import { Refusal } from '../http/problem.ts'
import type { Hub } from '../live/hub.ts'
import { keepWarm } from '../live/keep-warm.ts'
import { openTraffic } from '../live/traffic.ts'
import { actionAnswers } from './action-answers.ts'
import { answering } from './answer.ts'
import type { Asked, PlainRoute } from './asked.ts'
import { readAnswers } from './city-answers.ts'
import { planAnswers } from './plan-answers.ts'
import { MEDIA_TYPES, type Given } from './register.ts'
import { sessionOf, signIn, signOut, type SessionFacts } from './session-routes.ts'
import { shareAnswers } from './shared-answers.ts'

/** How each route is handled, and what goes on between requests. */
export interface Handlers {
  of(name: RouteName): (given: Given) => Promise<unknown>
  poke(): Promise<void>
  close(): Promise<void>
}

/** What a public page hears of. */
const PUBLIC_TOPICS: ReadonlySet<LiveTopic> = new Set(['state', 'clock'])
/** Everyone who asks the same within this time gets the same answer. */
const SHARED_MS = 1000

export function openHandlers(
  o: DashboardOptions & { readonly rules: VisitorRules; readonly hub: (onChange: () => void) => Hub },
): Handlers {
  const { rules, config } = o
  const shared = shareAnswers({ elapsedMs: o.elapsedMs, forMs: SHARED_MS })
  const hub = o.hub(() => {
    shared.clear()
    warmth.again()
  })
  const traffic = openTraffic(o.elapsedMs)
  const warmth = keepWarm({
    cities: o.cities,
    announce: (event) => hub.announce(event),
    pause: (signal) => traffic.pause(signal),
  })
  const poke = async (): Promise<void> => {
    shared.clear()
    await hub.poke()
  }
  const facts: SessionFacts = {
    public_mode: o.publicMode,
    snapshot: false,
    tile_url: config.dashboard.tile_url ?? null,
    tile_attribution: config.dashboard.tile_attribution ?? null,
    version: o.version,
  }
  const actions = actionAnswers(o, () => void poke().catch(() => {}))
  const plans = planAnswers(o)
  const answered = answering(
    { ...readAnswers(o.cities, o.wall), ...plans.answerers, ...actions.answerers },
    { publicMode: o.publicMode, check: o.checkAnswers === true, config },
  )

  const download = async (
    name: PlainRoute,
    format: Exclude<Format, 'json'>,
    asked: Asked<RouteName>,
    reply: FastifyReply,
  ): Promise<unknown> => {
    const stations = name === 'state' ? ((await answered('stations', asked)) as Stations) : undefined
    const answer = await answered(name, asked)
    const { body, filename } = downloadOf(name, format, { answer, stations, params: asked.params })
    return reply
      .type(MEDIA_TYPES[format])
      .header('content-disposition', `attachment; filename="${filename}"`)
      .send(body)
  }

  const plain =
    (name: PlainRoute) =>
    async (given: Given): Promise<unknown> => {
      const { request, reply } = given
      const asked = askedOf(given)
      const { format = 'json' } = asked.query as { format?: Format }
      if (format !== 'json') return download(name, format, asked, reply)
      void reply.type(MEDIA_TYPES.json)
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        const done = JSON.stringify(await answered(name, asked))
        // Whoever did it, and everyone else, sees it at once.
        if (name !== 'previewAction') void poke().catch(() => {})
        return reply.send(done)
      }
      const key = canonicalJson([name, asked.params, asked.query])
      const answer = await shared.of(key, async () => JSON.stringify(await answered(name, asked)))
      if (name === 'state') readAhead(asked)
      return reply.send(answer)
    }

  const readAhead = ({ params, query }: Asked<'state'>): void => {
    if (query.at !== undefined) warmth.around(params.city, query.at, query.stage)
  }

  const live = async ({ request, reply, visitor }: Given): Promise<unknown> => {
    const { city } = request.query as FullQueryOf<'live'>
    if (city !== undefined && !o.cities.some(({ name }) => name === city))
      throw new Refusal(404, 'NOT_FOUND', `no city "${city}" is shown here`)
    const { raw } = reply
    const lastId = request.headers['last-event-id']
    reply.hijack()
    raw.writeHead(200, {
      ...Object.fromEntries(Object.entries(reply.getHeaders()).filter(([name]) => name !== 'etag')),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would keep events until its buffer is full.
      'x-accel-buffering': 'no',
    })
    request.raw.socket.setKeepAlive(true, 30_000)
    const taken = hub.listen(raw, {
      city,
      lastId: typeof lastId === 'string' ? lastId.slice(0, 100) : undefined,
      shown: visitor.access === 'public' ? publicEvent : (event) => event,
      now: o.wall(),
    })
    if (!taken) raw.destroy()
    return reply
  }

  return {
    of: (name) => {
      if (name === 'session') return ({ visitor }) => Promise.resolve(sessionOf(visitor, facts))
      if (name === 'signIn') return (given) => signIn(given, { rules, facts })
      if (name === 'signOut') return (given) => Promise.resolve(signOut(given, { rules, facts }))
      if (name === 'live') return live
      const answer = plain(name)
      return (given) => traffic.during(() => answer(given))
    },
    poke,
    async close() {
      hub.close()
      plans.close()
      await actions.close()
      await warmth.close()
    },
  }
}

function publicEvent(event: LiveEvent): LiveEvent | undefined {
  const topics = event.topics.filter((topic) => PUBLIC_TOPICS.has(topic))
  return topics.length > 0 || event.resync ? { ...event, topics } : undefined
}

function askedOf({ request, reply, visitor }: Given): Asked<RouteName> {
  const gone = new AbortController()
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  const ifMatch = request.headers['if-match']
  return {
    params: request.params,
    query: request.query,
    body: request.body,
    visitor,
    ifMatch: ifMatch === undefined ? undefined : (/^(?:W\/)?"(.{1,100})"$/.exec(ifMatch)?.[1] ?? ifMatch),
    ifNoneMatch: request.headers['if-none-match'],
    gone: gone.signal,
  } as Asked<RouteName>
}
