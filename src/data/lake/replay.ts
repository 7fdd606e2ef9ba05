import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OperatorError } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { toGbfs, type GbfsVersion } from '../gbfs/serialise.ts'
import { requireLake } from './lake-info.ts'
import type { LakeParts } from './publish.ts'
import { faultAt, misbehave, spoil, type ReplayFault } from './replay/faults.ts'
import { openInformationTimeline } from './replay/information-timeline.ts'
import { openStatusTimeline } from './replay/status-timeline.ts'
import { weatherDocument } from './replay/weather-document.ts'

/** How a lake is replayed. */
export interface ReplayOptions {
  readonly city: string
  /** 0 takes any free port. */
  readonly port?: number
  readonly host?: string
  /** Virtual time at the start; default: the lake's first snapshot. */
  readonly from?: EpochSeconds
  /**
   * Virtual seconds that pass in a real one, by `elapsedSeconds`. Without it time stands still until `advanceTo`, for
   * replays in lock-step.
   */
  readonly speed?: { readonly factor: number; readonly elapsedSeconds: () => number }
  readonly version?: GbfsVersion
  readonly faults?: readonly ReplayFault[]
}

/** A feed that is being served. */
export interface Replay {
  /** Its discovery document. */
  readonly url: string
  /** `http://HOST:PORT` */
  readonly origin: string
  /** The virtual time. */
  now(): EpochSeconds
  /** Moves the virtual time, from there on as before. */
  advanceTo(time: EpochSeconds): void
  close(): Promise<void>
}

const TTL_SECONDS = 60
/** Where Open-Meteo has its forecast; `/weather` is the same. */
const WEATHER_PATHS = new Set(['/weather', '/v1/forecast'])

type Document =
  | { readonly status: 200; readonly body: Uint8Array; readonly fault?: ReplayFault }
  | { readonly status: 404; readonly reason: string }

/**
 * Serves a lake as a GBFS feed: what was known at the virtual time and nothing later. Documents: /gbfs.json,
 * /system_information.json, /station_information.json, /station_status.json, /weather (Open-Meteo's shape). ETags are
 * answered. UNAVAILABLE when the port is taken, NOT_FOUND when the lake has no status.
 */
export async function startReplay(lake: LakeParts, options: ReplayOptions): Promise<Replay> {
  const { city, version = '2.3', faults = [], host = '127.0.0.1' } = options
  const info = await requireLake(lake.store, city)
  const status = await openStatusTimeline(lake, city)
  const first = await status.firstAt()
  if (first === undefined)
    throw new OperatorError('NOT_FOUND', `the lake of "${city}" has no status to replay`, 'Fill it first.')
  const information = await openInformationTimeline(lake, city)
  const time = openTime(options.from ?? first, options.speed)
  let origin = ''
  let rendered: { key: unknown; body: Uint8Array } | undefined
  let renderedInformation: { key: unknown; body: Uint8Array } | undefined

  const statusDocument = async (at: EpochSeconds): Promise<Document> => {
    const fault = faultAt(faults, at)
    const snapshot = await status.newestAt(fault?.kind === 'frozen' ? fault.from : at)
    if (snapshot === undefined) return { status: 404, reason: 'no status yet at this virtual time' }
    const stations = fault ? spoil(fault.kind, snapshot.stations) : snapshot.stations
    const key = stations === snapshot.stations ? snapshot : undefined
    if (key === undefined || rendered?.key !== key) {
      const content = { last_updated: snapshot.last_updated, ttl: TTL_SECONDS, stations }
      rendered = { key, body: toGbfs(version, { kind: 'station_status', snapshot: content }) }
    }
    return { status: 200, body: rendered.body, ...(fault === undefined ? {} : { fault }) }
  }
  const document = async (path: string): Promise<Document> => {
    const at = time.now()
    const common = { last_updated: at, ttl: TTL_SECONDS }
    if (WEATHER_PATHS.has(path)) return { status: 200, body: await weatherDocument(lake, city, at) }
    switch (path) {
      case '/gbfs.json': {
        const feeds = {
          system_information: `${origin}/system_information.json`,
          station_information: `${origin}/station_information.json`,
          station_status: `${origin}/station_status.json`,
        }
        return { status: 200, body: toGbfs(version, { kind: 'gbfs', ...common, feeds }) }
      }
      case '/system_information.json': {
        const system = { system_id: city, name: info.system_name ?? city, timezone: info.timezone }
        return { status: 200, body: toGbfs(version, { kind: 'system_information', ...common, system }) }
      }
      case '/station_information.json': {
        const known = information(at)
        if (known === undefined) return { status: 404, reason: 'no information yet at this virtual time' }
        if (renderedInformation?.key !== known) {
          const snapshot = { ...known, ttl: TTL_SECONDS }
          renderedInformation = {
            key: known,
            body: toGbfs(version, { kind: 'station_information', snapshot }),
          }
        }
        return { status: 200, body: renderedInformation.body }
      }
      case '/station_status.json':
        return statusDocument(at)
      default:
        return { status: 404, reason: 'no such document; begin at /gbfs.json' }
    }
  }
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*$/, '')
    document(path).then(
      (found) => answer(request, response, found),
      (error: unknown) => response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error)),
    )
  })
  const port = await listen(server, options.port ?? 0, host)
  origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return {
    url: `${origin}/gbfs.json`,
    origin,
    now: () => time.now(),
    advanceTo: (to) => time.advanceTo(to),
    close: () => closeServer(server),
  }
}

function openTime(
  from: EpochSeconds,
  speed: ReplayOptions['speed'],
): { now(): EpochSeconds; advanceTo(time: EpochSeconds): void } {
  let base = from
  let since = speed?.elapsedSeconds() ?? 0
  return {
    now: () => (speed ? Math.floor(base + (speed.elapsedSeconds() - since) * speed.factor) : base),
    advanceTo: (time) => {
      base = time
      since = speed?.elapsedSeconds() ?? 0
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse, found: Document): void {
  if (found.status === 404) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end(`${found.reason}\n`)
    return
  }
  if (found.fault && misbehave(found.fault.kind, response, found.body)) return
  const etag = `"${createHash('sha256').update(found.body).digest('hex').slice(0, 32)}"`
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end()
    return
  }
  const headers = { etag, 'content-type': 'application/json', 'content-length': found.body.byteLength }
  response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : found.body)
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new OperatorError(
          'UNAVAILABLE',
          `the feed cannot be served on ${host}:${port}: ${error.message}`,
          'Name another --port.',
          error,
        ),
      ),
    )
    server.listen(port, host, resolve)
  })
  return (server.address() as AddressInfo).port
}

/** Ends what is under way too: a stalled answer would never end by itself. */
async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
