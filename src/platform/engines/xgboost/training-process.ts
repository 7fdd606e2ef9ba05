import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { OperatorError } from '../../../core/errors.ts'
import type { RoundScore, TrainedModel } from '../../ports.ts'
import type { TrainingState } from './boosting.ts'
import type { RowBatch } from './capi.ts'
import { entryPoint } from '../../../core/entry-point.ts'
import { encodeRows } from './row-frames.ts'
import {
  ROWS_FD,
  type RowSet,
  type TrainingNews,
  type TrainingOrder,
  type TrainingStart,
} from './training-protocol.ts'
import { fromWire } from './wire-error.ts'

export interface TrainingProcessOptions extends TrainingStart {
  /** Environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
}

/** A process of its own that trains one model, so that its memory is given back and a crash of it ends nothing else. */
export interface TrainingProcess {
  /** Hands rows over; resolves once there is room for more. */
  send(set: RowSet, batch: RowBatch): Promise<void>
  /** Trains on what was sent. CANCELLED on abort, UNAVAILABLE when the process dies. */
  train(
    order: TrainingOrder,
    on: { round(score: RoundScore): void; checkpoint(state: TrainingState): void },
  ): Promise<TrainedModel>
  /** Ends the process, whatever it does. */
  kill(): void
}

/**
 * Starts the process. Idle threads of the library's OpenMP sleep there instead of spinning (OMP_WAIT_POLICY), which has
 * to be known before the library is loaded: beside other work a round takes a third less time.
 */
export function startTrainingProcess(options: TrainingProcessOptions): TrainingProcess {
  const { file, execArgv } = entryPoint('training-worker', import.meta.url).process
  const child = fork(file, {
    execArgv,
    env: { OMP_WAIT_POLICY: 'passive', ...options.env },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
  })
  const pipe = child.stdio[ROWS_FD] as Writable
  // A process that dies while it is fed is told by its exit.
  pipe.on('error', () => {})
  const end = endOf(child, options.signal)
  const { libraryPath, columns } = options
  child.send({ libraryPath, columns } satisfies TrainingStart, () => {})

  return {
    async send(set, batch) {
      if (!pipe.write(encodeRows(set, batch))) await Promise.race([once(pipe, 'drain').catch(() => end), end])
    },
    async train(order, on) {
      pipe.end()
      const done = new Promise<TrainedModel>((resolve, reject) => {
        child.on('message', (news: TrainingNews) => {
          if (news.is === 'round') on.round(news.score)
          else if (news.is === 'checkpoint') on.checkpoint(news.state)
          else if (news.is === 'failed') reject(fromWire(news.error))
          else {
            const { is: _is, ...model } = news
            resolve(model)
          }
        })
      })
      child.send(order, () => {})
      return Promise.race([done, end])
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

/**
 * Rejects when the process ends, and with CANCELLED as soon as it is to be stopped, so that nothing it still says counts.
 * Nobody waits for it after the last message.
 */
function endOf(child: ChildProcess, signal: AbortSignal | undefined): Promise<never> {
  let complaint = ''
  child.stderr?.on('data', (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-MAX_COMPLAINT)
  })
  const end = new Promise<never>((_resolve, reject) => {
    const stop = (): void => {
      child.kill('SIGKILL')
      reject(
        new OperatorError(
          'CANCELLED',
          'the training was stopped on request',
          'Train again: it goes on from its last checkpoint.',
        ),
      )
    }
    const ended = (how: string): void => {
      signal?.removeEventListener('abort', stop)
      const said = complaint.trim()
      reject(
        new OperatorError(
          'UNAVAILABLE',
          `the training process ended by ${how}${said ? `: ${said}` : ''}`,
          'Train again: it goes on from its last checkpoint. If the system killed it, it had too little memory.',
        ),
      )
    }
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)
    child.once('error', (error) => ended(`an error: ${error.message}`))
    child.once('close', (code, killedBy) => {
      const how = killedBy ?? `exit code ${code}`
      // Its last words may still be on their way.
      if (child.connected) child.once('disconnect', () => ended(how))
      else ended(how)
    })
  })
  end.catch(() => {})
  return end
}

const MAX_COMPLAINT = 2000
