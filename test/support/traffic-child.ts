import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime'
import { setTimeout as sleep } from 'node:timers/promises'

/** What clients heard so far. */
export interface Traffic {
  readonly requests: number
  /** Requests without an answer, or with another one than a model's. */
  readonly failed: number
  readonly failures: readonly string[]
  /** Times that a connection was refused, and asked for again: what a load balancer does while a host is away. */
  readonly reconnects: number
  /** Answers by model. */
  readonly answers: Readonly<Record<string, number>>
}

// A process of clients that ask without a pause, by the vendor's own client and no retries of its own:
// `traffic-child.ts URL ENDPOINT CONNECTIONS`. Tells what they heard five times a second, and ends when it is told so.
const [url = '', EndpointName = '', connections = '8'] = process.argv.slice(2)
const client = new SageMakerRuntimeClient({
  endpoint: url,
  region: 'ca-central-1',
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  maxAttempts: 1,
})
let reconnects = 0
client.middlewareStack.add(
  (next) => async (args) => {
    for (;;) {
      try {
        return await next(args)
      } catch (error) {
        // Nothing was sent: nobody listens. Anything that happens to a request that was sent is a failure.
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error
        reconnects++
        await sleep(5)
      }
    }
  },
  { step: 'deserialize', priority: 'low', name: 'reconnect' },
)

const Body = `0.9${','.repeat(24)}`
const answers: Record<string, number> = {}
const failures = new Map<string, number>()
const life = { going: true }
let [requests, failed] = [0, 0]

async function ask(): Promise<void> {
  while (life.going) {
    requests++
    try {
      const answer = await client.send(
        new InvokeEndpointCommand({ EndpointName, Body, ContentType: 'text/csv' }),
      )
      const score = Number(Buffer.from(answer.Body).toString('utf8')).toFixed(1)
      answers[score] = (answers[score] ?? 0) + 1
    } catch (error) {
      failed++
      const { name, message, code } = error as NodeJS.ErrnoException
      const what = `${code ?? name}: ${message}`
      failures.set(what, (failures.get(what) ?? 0) + 1)
    }
  }
}

function tell(): void {
  const listed = [...failures].map(([what, times]) => `${times} x ${what}`)
  const traffic: Traffic = { requests, failed, failures: listed, reconnects, answers }
  process.send?.(traffic)
}

process.once('message', () => (life.going = false))
const telling = setInterval(tell, 200)
await Promise.all(Array.from({ length: Number(connections) }, ask))
clearInterval(telling)
tell()
client.destroy()
process.disconnect()
