import { createServer, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Server } from './child.ts'

/** One request as it came. */
export interface ProxiedRequest {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
}

/** What to answer instead; `after` still lets the server do what was asked, and only its answer is lost. */
export interface Fault {
  readonly status: number
  /** Error code of S3 or Glue, such as SlowDown. */
  readonly code: string
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly after?: boolean
}

/** A server between a client and moto that has faults on demand. */
export interface FaultProxy extends Server {
  readonly requests: ProxiedRequest[]
  /** Asked for every request. */
  fault: (request: ProxiedRequest) => Fault | undefined
  /** Changes where a request goes. */
  rewrite: (url: URL) => void
}

/** Starts a proxy in front of `target`. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const proxy: Pick<FaultProxy, 'fault' | 'requests' | 'rewrite'> = {
    fault: () => undefined,
    rewrite: () => {},
    requests: [],
  }
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request)
      const url = new URL(request.url ?? '/', target)
      proxy.rewrite(url)
      const seen = { method: request.method ?? '', url, headers: request.headers }
      proxy.requests.push(seen)
      const fault = proxy.fault(seen)
      if (!fault || fault.after) {
        const headers = { ...request.headers }
        for (const name of ['host', 'connection', 'content-length', 'expect', 'transfer-encoding'])
          delete headers[name]
        const answer = await fetch(url, {
          method: seen.method,
          headers: headers as Record<string, string>,
          ...(body.length > 0 && { body: new Uint8Array(body) }),
        })
        const content = Buffer.from(await answer.arrayBuffer())
        if (!fault) {
          const { 'content-encoding': _, ...plain } = Object.fromEntries(answer.headers)
          response.writeHead(answer.status, { ...plain, 'content-length': content.length })
          return response.end(seen.method === 'HEAD' ? undefined : content)
        }
      }
      const { code, message = code } = fault
      // S3 speaks XML; Glue, which is called by X-Amz-Target, speaks JSON.
      const json = seen.headers['x-amz-target'] !== undefined
      const type = json ? 'application/x-amz-json-1.1' : 'application/xml'
      response.writeHead(fault.status, { 'content-type': type, ...fault.headers })
      return response.end(
        json
          ? JSON.stringify({ __type: code, Message: message })
          : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
      )
    })().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

/** A fault for the first `times` requests that match. */
export function faultFor(
  times: number,
  matches: (request: ProxiedRequest) => boolean,
  fault: Fault,
): FaultProxy['fault'] {
  let left = times
  return (request) => {
    if (left === 0 || !matches(request)) return undefined
    left -= 1
    return fault
  }
}
