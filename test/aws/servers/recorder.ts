import { AsyncLocalStorage } from 'node:async_hooks'
import { appendFileSync } from 'node:fs'
import type { AwsClient } from '../../../src/platform/aws/aws-access.ts'

/** A call that an adapter made, as the SDK took it and gave its answer. */
export interface RecordedCall {
  /** As botocore names it: `sagemaker-runtime`. */
  readonly service: string
  /** `InvokeEndpoint` */
  readonly operation: string
  readonly params: unknown
  /** Of a call that was answered. */
  readonly output?: unknown
  /** Name of what it was refused with. */
  readonly error?: string
  /** The job that made it, where one was named. */
  readonly job: string
}

/** Records what clients of the SDK are asked and answered. */
export interface Recorder {
  /** For `AwsAccess.onClient`. */
  readonly onClient: (client: AwsClient) => void
  /** Calls made within `work` are the job's. */
  during<T>(job: string, work: () => Promise<T>): Promise<T>
  readonly calls: readonly RecordedCall[]
}

/** The part of a middleware that is used here. */
type Next = (args: { readonly input: object }) => Promise<{ readonly output: object }>
interface Stack {
  add(
    middleware: (next: Next, context: { readonly commandName?: string }) => Next,
    options: { readonly step: 'initialize'; readonly priority: 'high'; readonly name: string },
  ): void
}

/**
 * Makes a recorder; with `file`, each call is also a line of JSON in it, for what runs in another process. AWS_CALLS_FILE names
 * such a file for every recorder.
 */
export function openRecorder(file = process.env['AWS_CALLS_FILE']): Recorder {
  const calls: RecordedCall[] = []
  const jobs = new AsyncLocalStorage<string>()
  const keep = (call: RecordedCall): void => {
    calls.push(call)
    if (file !== undefined) appendFileSync(file, `${lineOf(call, MOST_KEPT)}\n`)
  }
  return {
    calls,
    during: (job, work) => jobs.run(job, work),
    onClient(client) {
      const { serviceId = '' } = (client as unknown as { config: { serviceId?: string } }).config
      const service = serviceId.toLowerCase().replaceAll(' ', '-')
      ;(client.middlewareStack as Stack).add(
        (next, { commandName = '' }) =>
          async (args) => {
            const call = {
              service,
              operation: commandName.replace(/Command$/, ''),
              params: args.input,
              job: jobs.getStore() ?? '',
            }
            try {
              const answer = await next(args)
              const { $metadata: _, ...output } = answer.output as { readonly $metadata?: unknown }
              keep({ ...call, output })
              return answer
            } catch (error) {
              keep({ ...call, error: error instanceof Error ? error.name : String(error) })
              throw error
            }
          },
        { step: 'initialize', priority: 'high', name: 'recorder' },
      )
    },
  }
}

/** In a file a body that is longer than this, in bytes, is left empty. */
const MOST_KEPT = 4096

/** A call as a line of JSON; times and bytes are `{"$time": seconds}` and `{"$bytes": base64}`. */
export function lineOf(call: RecordedCall, mostBytes = Number.POSITIVE_INFINITY): string {
  return JSON.stringify(plain(call, mostBytes))
}

function plain(value: unknown, most: number): unknown {
  if (value instanceof Date) return { $time: Number(value) / 1000 }
  if (value instanceof Uint8Array)
    return { $bytes: value.length > most ? '' : Buffer.from(value).toString('base64') }
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
  if (Array.isArray(value)) return value.map((each) => plain(each, most))
  // A body that is streamed is not part of what was said.
  if (value !== null && typeof value === 'object' && !isPlain(value)) return null
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, each]) => each !== undefined && typeof each !== 'function')
        .map(([key, each]) => [key, plain(each, most)]),
    )
  return value
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
