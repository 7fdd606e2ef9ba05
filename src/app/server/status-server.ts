import Fastify from 'fastify'
import type { Clock, EpochSeconds } from '../../core/time.ts'
import { mergeExpositions } from './exposition.ts'
import { listen, urlOf } from './listen.ts'

/** A city, as the server tells of it. */
export interface ServedCity {
  readonly name: string
  /** What is late or failing, in words. */
  late(now: EpochSeconds): readonly string[]
  /** Its metrics in Prometheus' text format. */
  metricsText(now: EpochSeconds): Promise<string>
}

/** Where and about whom. */
export interface StatusServerOptions {
  readonly hostname: string
  /** 0 takes any free port. */
  readonly port: number
  readonly clock: Clock
  readonly cities: readonly ServedCity[]
}

/**
 * Serves /healthz (200 while the process answers), /readyz (200 when every city's jobs are in time, else 503 with what is
 * late) and /metrics (Prometheus' text format; with several cities each series has the label `lake`). UNAVAILABLE when the
 * port is taken.
 */
export async function startStatusServer(
  o: StatusServerOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = Fastify({ forceCloseConnections: true })
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (_, reply) => {
    const now = o.clock()
    const late = o.cities.flatMap((city) => city.late(now).map((line) => `${city.name}: ${line}`))
    await reply.code(late.length === 0 ? 200 : 503).send({ status: late.length === 0 ? 'ok' : 'late', late })
  })
  app.get('/metrics', async (_, reply) => {
    const now = o.clock()
    const texts = await Promise.all(
      o.cities.map(async (city) => ({ lake: city.name, text: await city.metricsText(now) })),
    )
    await reply.type('text/plain; version=0.0.4; charset=utf-8').send(mergeExpositions(texts))
  })
  app.setNotFoundHandler(async (_, reply) => {
    await reply.code(404).send({ error: 'there are /healthz, /readyz and /metrics' })
  })
  const port = await listen(app, { ...o, what: 'health and metrics', table: 'run' })
  return { url: urlOf(o.hostname, port), close: () => app.close() }
}
