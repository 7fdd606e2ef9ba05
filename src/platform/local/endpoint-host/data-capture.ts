import { messageOf } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import { dtOf, type Clock, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../ports.ts'
import { uniqueId } from './unique-id.ts'

/** One answered request, as it is captured. */
export interface CapturedCall {
  readonly endpoint: string
  readonly variant: string
  readonly contentType: string
  readonly body: Uint8Array
  readonly answerType: string
  readonly answer: Uint8Array
  readonly inferenceId: string | undefined
}

/** Keeps what endpoints were asked and answered under `datacapture/`. It never fails a request. */
export interface DataCapture {
  record(call: CapturedCall): void
  /** Writes what is waiting. */
  flush(): Promise<void>
}

interface CaptureParts {
  readonly store: ObjectStore
  readonly clock: Clock
  readonly random: () => number
  readonly report: Reporter
  /** A file is written once this much waits for it. */
  readonly maxBytes?: number
  /** A file is written at the latest this long after its first line. */
  readonly maxAgeMs?: number
}

/** Lines of one file: a variant's calls of one hour. */
interface Waiting {
  readonly since: EpochSeconds
  readonly lines: Line[]
  bytes: number
}

interface Line extends CapturedCall {
  readonly at: EpochSeconds
}

/** Captures in SageMaker's own format: `datacapture/ENDPOINT/VARIANT/yyyy/mm/dd/hh/MM-SS-mmm-UUID.jsonl`, UTC. */
export function openDataCapture(parts: CaptureParts): DataCapture {
  const { store, clock, random, report, maxBytes = 1024 * 1024, maxAgeMs = 60_000 } = parts
  const waiting = new Map<string, Waiting>()
  const writing = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined

  const keep = async (key: string, text: string, lines: number): Promise<void> => {
    try {
      await store.put(key, text)
    } catch (error) {
      report.warn(`${lines} captured requests are lost: ${messageOf(error)}`)
    }
  }
  const write = (folder: string, batch: Waiting): void => {
    waiting.delete(folder)
    const [minute = '00', second = '00'] = dtOf(batch.since).split('-').slice(4)
    const key = `${folder}${minute}-${second}-000-${uniqueId(random)}.jsonl`
    const text = batch.lines
      .map((line) => `${JSON.stringify(captureLine(line, uniqueId(random)))}\n`)
      .join('')
    const done = keep(key, text, batch.lines.length).finally(() => writing.delete(done))
    writing.add(done)
  }
  const writeAll = (): void => {
    clearTimeout(timer)
    timer = undefined
    for (const [folder, batch] of waiting) write(folder, batch)
  }

  return {
    record(call) {
      const at = clock()
      const hour = dtOf(at).split('-').slice(0, 4).join('/')
      const folder = `datacapture/${call.endpoint}/${call.variant}/${hour}/`
      let batch = waiting.get(folder)
      if (!batch) {
        batch = { since: at, lines: [], bytes: 0 }
        waiting.set(folder, batch)
      }
      batch.lines.push({ ...call, at })
      batch.bytes += call.body.length + call.answer.length
      if (batch.bytes >= maxBytes) write(folder, batch)
      else timer ??= setTimeout(writeAll, maxAgeMs).unref()
    },
    async flush() {
      writeAll()
      await Promise.all(writing)
    },
  }
}

function captureLine(line: Line, eventId: string): unknown {
  return {
    captureData: {
      endpointInput: captured('INPUT', line.contentType, line.body),
      endpointOutput: captured('OUTPUT', line.answerType, line.answer),
    },
    eventMetadata: {
      eventId,
      ...(line.inferenceId !== undefined && { inferenceId: line.inferenceId }),
      inferenceTime: `${new Date(line.at * 1000).toISOString().slice(0, 19)}Z`,
    },
    eventVersion: '0',
  }
}

function captured(mode: 'INPUT' | 'OUTPUT', contentType: string, body: Uint8Array): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const encoding = contentType.startsWith('text/csv')
    ? 'CSV'
    : contentType.startsWith('application/json')
      ? 'JSON'
      : 'BASE64'
  return {
    observedContentType: contentType,
    mode,
    data: text.toString(encoding === 'BASE64' ? 'base64' : 'utf8'),
    encoding,
  }
}
