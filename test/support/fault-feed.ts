import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setInterval } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { toGbfs, type GbfsVersion } from '../../src/data/gbfs/serialise.ts'

/** What a feed can do wrong. */
export type Fault =
  /** A web page with status 200. */
  | { readonly kind: 'html' }
  /** Another status, such as 403, 429 or 503. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string; readonly says?: string }
  /** gzip that ends in its middle, though the answer ends properly. */
  | { readonly kind: 'truncated_gzip' }
  /** JSON that ends in its middle, though the answer ends properly. */
  | { readonly kind: 'truncated_json' }
  /** Fewer bytes than announced, then the connection closes. */
  | { readonly kind: 'short_body' }
  /** One byte every few milliseconds, for ever. */
  | { readonly kind: 'slow_loris' }
  /** Takes the request and never answers. */
  | { readonly kind: 'silent' }
  /** Bytes as fast as they are taken, for ever. */
  | { readonly kind: 'endless_body' }
  /** A few kilobytes of gzip that decompress to `megabytes`. */
  | { readonly kind: 'gzip_bomb'; readonly megabytes: number }
  /** A redirect, such as one to a private address. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  /** The connection is reset. */
  | { readonly kind: 'reset' }
  /** The right document under a wrong content type. */
  | { readonly kind: 'content_type'; readonly type: string }
  /** The document that was there when the fault began, whatever is published later. */
  | { readonly kind: 'frozen' }

/** A request as the server saw it. */
export interface SeenRequest {
  readonly path: string
  readonly headers: IncomingMessage['headers']
}

/** A feed on a loopback port that answers properly until a fault is planted. */
export interface FaultFeed {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  readonly requests: SeenRequest[]
  /** Publishes a document at `/name`, in place of the one before. */
  publish(path: string, body: Uint8Array | string): void
  /** Publishes `/gbfs.json` of that version, listing the system's three feeds by path. */
  publishDiscovery(version: GbfsVersion, lastUpdated: number): void
  /** Plants a fault at a path for the next `times` requests (for ever without). */
  fault(path: string, fault: Fault, times?: number): void
  /** Ends the fault at a path, or at all of them. */
  heal(path?: string): void
  close(): Promise<void>
}

/** Opens the server on a free port. */
export async function openFaultFeed(): Promise<FaultFeed> {
  const documents = new Map<string, Uint8Array>()
  const faults = new Map<string, { fault: Fault; left: number; frozen: Uint8Array | undefined }>()
  const requests: SeenRequest[] = []
  const sockets = new Set<Socket>()

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*$/, '')
    requests.push({ path, headers: request.headers })
    const planted = faults.get(path)
    const document = documents.get(path)
    if (planted !== undefined && planted.left-- > 0) {
      void misbehave(planted.fault, response, planted.frozen ?? document ?? Buffer.from('{}'), request)
    } else {
      answer(request, response, document)
    }
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const publish = (path: string, body: Uint8Array | string) => {
    documents.set(path, typeof body === 'string' ? Buffer.from(body) : body)
  }
  return {
    origin,
    requests,
    publish,
    publishDiscovery: (version, lastUpdated) => {
      const feeds = {
        system_information: `${origin}/system_information.json`,
        station_information: `${origin}/station_information.json`,
        station_status: `${origin}/station_status.json`,
      }
      publish('/gbfs.json', toGbfs(version, { kind: 'gbfs', last_updated: lastUpdated, ttl: 60, feeds }))
    },
    fault: (path, fault, times = Number.POSITIVE_INFINITY) => {
      faults.set(path, {
        fault,
        left: times,
        frozen: fault.kind === 'frozen' ? documents.get(path) : undefined,
      })
    },
    heal: (path) => (path === undefined ? faults.clear() : void faults.delete(path)),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse, document: Uint8Array | undefined): void {
  if (document === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('no such feed')
    return
  }
  const etag = `"${createHash('sha256').update(document).digest('hex').slice(0, 16)}"`
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end()
    return
  }
  const headers = { etag, 'content-type': 'application/json' }
  if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    response.writeHead(200, { ...headers, 'content-encoding': 'gzip' }).end(gzipSync(document))
  } else {
    response.writeHead(200, headers).end(document)
  }
}

async function misbehave(
  fault: Fault,
  response: ServerResponse,
  document: Uint8Array,
  request: IncomingMessage,
): Promise<void> {
  switch (fault.kind) {
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
      return
    case 'status': {
      const retryAfter = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
      response.writeHead(fault.status, { 'content-type': 'text/plain', ...retryAfter }).end(fault.says ?? '')
      return
    }
    case 'truncated_gzip': {
      const gz = gzipSync(document)
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gz.subarray(0, Math.floor((gz.length * 2) / 3)))
      return
    }
    case 'truncated_json':
      response.writeHead(200).end(document.subarray(0, Math.floor((document.length * 2) / 3)))
      return
    case 'short_body':
      response.writeHead(200, { 'content-length': document.length + 1000 })
      response.write(document, () => response.destroy())
      return
    case 'slow_loris':
      response.writeHead(200, { 'content-type': 'application/json' })
      // A client that only limits the pause between two bytes would wait for ever, so the bytes must keep coming.
      for await (const _ of setInterval(10)) {
        if (response.closed || response.destroyed) return
        response.write(' ')
      }
      return
    case 'silent':
      return
    case 'endless_body':
      response.writeHead(200, { 'content-type': 'application/json' })
      await pour(response, Buffer.alloc(64 * 1024, ' '))
      return
    case 'gzip_bomb':
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(fault.megabytes * 1024 * 1024, ' ')))
      return
    case 'redirect':
      response.writeHead(fault.status ?? 302, { location: fault.location }).end()
      return
    case 'reset':
      request.socket.resetAndDestroy()
      return
    case 'content_type':
      response.writeHead(200, { 'content-type': fault.type }).end(document)
      return
    case 'frozen':
      answer(request, response, document)
  }
}

async function pour(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  const closed = once(response, 'close')
  while (!response.closed && !response.destroyed) {
    if (response.write(chunk)) continue
    await Promise.race([once(response, 'drain'), closed])
  }
}

const PAGE = '<!DOCTYPE html>\n<html><head><title>Maintenance</title></head><body>Back soon</body></html>\n'
