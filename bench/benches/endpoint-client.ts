import { once } from 'node:events'
import { Pool } from 'undici'

/** Requests to send: the bodies one after another, again and again, over `connections` at a time. */
export interface Load {
  readonly origin: string
  readonly path: string
  readonly bodies: readonly string[]
  readonly connections: number
  readonly requests: number
}

/** How it went: seconds of each request, of all together, and the answer to the first body. */
export interface LoadResult {
  readonly latencies: readonly number[]
  readonly seconds: number
  readonly firstAnswer: string
}

// The client's process: one load after another, until it is disconnected.
process.on('message', (load: Load) => void send(load).then((result) => process.send?.(result)))
await once(process, 'disconnect')

async function send({ origin, path, bodies, connections, requests }: Load): Promise<LoadResult> {
  const pool = new Pool(origin, { connections, pipelining: 1 })
  const latencies: number[] = []
  let firstAnswer = ''
  let next = 0
  const worker = async (): Promise<void> => {
    for (let i = next++; i < requests; i = next++) {
      const started = performance.now()
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'text/csv' },
        body: bodies[i % bodies.length] ?? '',
      })
      const text = await body.text()
      latencies.push((performance.now() - started) / 1000)
      if (statusCode !== 200) throw new Error(`the endpoint answered ${statusCode}: ${text}`)
      if (i === 0) firstAnswer = text
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: connections }, worker))
  const seconds = (performance.now() - started) / 1000
  await pool.close()
  return { latencies, seconds, firstAnswer }
}
