import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with one request: a status, silence, or a redirect. */
export type HookAnswer = number | 'hang' | { readonly redirect: string }

/** What was sent to it. */
export interface HookRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A webhook's other side. */
export interface HookServer {
  readonly url: string
  readonly port: number
  readonly requests: HookRequest[]
  /** Answers from now on, one a request; the last one stays. */
  answers: HookAnswer[]
  close(): Promise<void>
}

/** Opens one on this machine. */
export async function openHookServer(...answers: HookAnswer[]): Promise<HookServer> {
  const state = { answers, requests: [] as HookRequest[] }
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      state.requests.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      })
      const answer = state.answers.length > 1 ? state.answers.shift() : state.answers[0]
      if (answer === 'hang' || answer === undefined) return
      if (typeof answer === 'number') response.writeHead(answer).end('x')
      else response.writeHead(302, { location: answer.redirect }).end()
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    requests: state.requests,
    get answers() {
      return state.answers
    },
    set answers(next: HookAnswer[]) {
      state.answers = next
    },
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}
