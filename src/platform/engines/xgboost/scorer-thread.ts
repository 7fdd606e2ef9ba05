import { Worker } from 'node:worker_threads'
import { OperatorError } from '../../../core/errors.ts'
import { entryPoint } from '../../../core/entry-point.ts'
import type { ScorerCommand, ScorerReply, ScorerStart } from './scorer-protocol.ts'
import { fromWire } from './wire-error.ts'

/** Starts the scoring thread. */
export type StartThread = (start: ScorerStart) => Worker

/** The thread that has the library; one command at a time. */
export interface ScorerThread {
  /** False once it has died or was closed. */
  readonly alive: boolean
  /** Rejects with the command's own error, or with UNAVAILABLE when the thread died of it. */
  call(command: ScorerCommand): Promise<unknown>
  close(): Promise<void>
}

/** A real worker thread; it keeps the process alive only while a command is under way. */
export const startScorerThread: StartThread = (start) => {
  const { thread } = entryPoint('scorer-worker', import.meta.url)
  return new Worker(thread.module, { argv: thread.argv, workerData: start, execArgv: [] })
}

/** The command side of a scoring thread. Callers wait for one command before they send the next. */
export function openScorerThread(start: ScorerStart, startThread: StartThread): ScorerThread {
  const worker = startThread(start)
  worker.unref()
  let pending: { resolve(value: unknown): void; reject(error: Error): void } | undefined
  let death: Error | undefined

  const settle = (): NonNullable<typeof pending> | undefined => {
    const settled = pending
    pending = undefined
    worker.unref()
    return settled
  }
  worker.on('message', (reply: ScorerReply) => {
    if (reply.ok) settle()?.resolve(reply.value)
    else settle()?.reject(fromWire(reply.error))
  })
  worker.on('error', (error: unknown) => {
    death = error instanceof Error ? error : new Error(String(error))
  })
  worker.on('exit', (code) => {
    death ??= new Error(`exit code ${code}`)
    settle()?.reject(
      new OperatorError(
        'UNAVAILABLE',
        `the scoring thread died: ${death.message}`,
        'It is started again by the next request; send this one once more.',
        death,
      ),
    )
  })

  return {
    get alive() {
      return death === undefined
    },
    call(command) {
      return new Promise((resolve, reject) => {
        pending = { resolve, reject }
        worker.ref()
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage(command)
      })
    },
    async close() {
      death ??= new Error('closed')
      await worker.terminate()
    },
  }
}
