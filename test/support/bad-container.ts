import { createServer, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { startContainer } from '../../src/platform/engines/inference-server/container.ts'

// A container that misbehaves: the real one with the real model, and before it a server that does it harm. The endpoint host
// starts it: `bad-container.ts --library PATH --fault slow|failing|permuted|constant|nan`.
const SLOW_MS = 400
/** One request in so many fails. */
const FAILING_EVERY = 200
/** What a model says that has learnt nothing: about the share of stations that run out. */
const CONSTANT = 0.15

const { values } = parseArgs({ options: { library: { type: 'string' }, fault: { type: 'string' } } })
const container = await startContainer({
  modelDir: process.env['SM_MODEL_DIR'] ?? '',
  libraryPath: values.library ?? '',
  hostname: '127.0.0.1',
  port: 0,
})
let requests = 0

const server = createServer((request, response) => {
  void answer(request).then(
    ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
    () => response.writeHead(500).end(),
  )
})
server.listen(Number(process.env['SAGEMAKER_BIND_TO_PORT']), '127.0.0.1')
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
  void container.close()
})

interface Said {
  readonly status: number
  readonly type: string
  readonly body: Buffer | string
}

async function answer(request: IncomingMessage): Promise<Said> {
  const body = await buffer(request)
  if (request.url === '/ping') return forward(request, body)
  requests++
  if (values.fault === 'slow') await sleep(SLOW_MS)
  if (values.fault === 'failing' && requests % FAILING_EVERY === 0)
    return { status: 500, type: 'text/plain', body: 'out of luck' }
  const said = await forward(request, values.fault === 'permuted' ? permuted(body) : body)
  const every = (score: string): Said => ({
    ...said,
    body: said.body
      .toString()
      .split('\n')
      .map((line) => (line === '' ? '' : score))
      .join('\n'),
  })
  if (values.fault === 'constant') return every(String(CONSTANT))
  return values.fault === 'nan' ? every('nan') : said
}

async function forward(request: IncomingMessage, body: Buffer): Promise<Said> {
  const { 'content-type': contentType = '', accept = '' } = request.headers
  const response = await fetch(`${container.url}${request.url ?? '/'}`, {
    method: request.method ?? 'GET',
    ...(request.method === 'POST' && {
      body: new Uint8Array(body),
      headers: { 'content-type': contentType, accept },
    }),
  })
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: Buffer.from(await response.arrayBuffer()),
  }
}

/** The station-state features in reverse order: a mistake in the order of columns, of which no container can know. */
function permuted(body: Buffer): Buffer {
  const states = FEATURE_NAMES.indexOf('hour')
  const lines = body.toString('utf8').split('\n')
  return Buffer.from(
    lines
      .map((line) => {
        const fields = line.split(',')
        return [...fields.slice(0, states).toReversed(), ...fields.slice(states)].join(',')
      })
      .join('\n'),
  )
}
