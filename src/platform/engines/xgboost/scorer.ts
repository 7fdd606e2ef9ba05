import { OperatorError } from '../../../core/errors.ts'
import type { LoadedModel, Scorer } from '../../ports.ts'
import { nextBatch, type ScoreJob } from './score-queue.ts'
import type { ModelFacts, ScorerCommand } from './scorer-protocol.ts'
import { openScorerThread, startScorerThread, type ScorerThread, type StartThread } from './scorer-thread.ts'

export interface ScorerOptions {
  readonly libraryPath: string
  /** For scoring in bulk; up to 4096 rows are scored by one thread. */
  readonly threads: number
  /** Starts the thread that has the library; for tests that end it. */
  readonly startThread?: StartThread
}

/** A model loaded in the scoring thread, and what its file says of itself. */
export interface XgboostModel extends LoadedModel, ModelFacts {}

export interface XgboostScorer extends Scorer {
  load(model: Uint8Array): Promise<XgboostModel>
  /** Ends the thread; what is under way is rejected with UNAVAILABLE. */
  close(): Promise<void>
}

/**
 * Native XGBoost in one worker thread, which holds any number of models. Requests that arrive while it is busy are
 * scored together. A thread that dies rejects what is in flight with UNAVAILABLE; the next request starts another, into
 * which the models are loaded again.
 */
export function openScorer(options: ScorerOptions): XgboostScorer {
  const input = new Float32Array(new SharedArrayBuffer(EXCHANGE_ROWS * EXCHANGE_COLUMNS * 4))
  const output = new Float32Array(new SharedArrayBuffer(EXCHANGE_ROWS * EXCHANGE_COLUMNS * 4))
  const start = { libraryPath: options.libraryPath, threads: options.threads, input, output }
  const models = new Map<number, Uint8Array>()
  const commands: Command[] = []
  const jobs: ScoreJob[] = []
  let thread: ScorerThread | undefined
  let lastModel = 0
  let busy = false
  let closed = false

  /** The thread with every model in it. */
  const ready = async (): Promise<ScorerThread> => {
    if (thread?.alive) return thread
    const fresh = openScorerThread(start, options.startThread ?? startScorerThread)
    thread = fresh
    for (const [model, bytes] of models) await fresh.call({ do: 'load', model, bytes })
    return fresh
  }

  const work = async (): Promise<void> => {
    if (busy) return
    busy = true
    while (commands.length > 0 || jobs.length > 0) {
      const command = commands.shift()
      const batch = command ? undefined : nextBatch(jobs, input)
      try {
        // Without a thread start in between, a request is on its way in the turn that brought it.
        const live = thread?.alive ? thread : await ready()
        if (command) command.resolve(await live.call(command.command))
        else if (batch) {
          await live.call({ do: 'predict', model: batch.model, rows: batch.rows })
          batch.finish(output)
        }
      } catch (error) {
        command?.reject(error)
        batch?.fail(error)
      }
    }
    busy = false
  }

  const send = (command: ScorerCommand): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed) {
        reject(new OperatorError('UNAVAILABLE', 'the scorer is closed'))
        return
      }
      commands.push({ command, resolve, reject })
      void work()
    })

  const predict = (model: number, columns: number, features: Float32Array, rows: number) =>
    new Promise<Float32Array>((resolve, reject) => {
      const refused = closed
        ? new OperatorError('UNAVAILABLE', 'the scorer is closed')
        : !models.has(model)
          ? new OperatorError('NOT_FOUND', 'the model was closed')
          : checkSize(features, rows, columns)
      if (refused) {
        reject(refused)
        return
      }
      const scores = new Float32Array(rows)
      if (rows === 0) {
        resolve(scores)
        return
      }
      jobs.push({ model, columns, features, rows, scores, packed: 0, resolve, reject })
      void work()
    })

  return {
    async load(bytes) {
      const model = ++lastModel
      // A copy: the caller may go on using its own.
      const own = bytes.slice()
      const facts = (await send({ do: 'load', model, bytes: own })) as ModelFacts
      models.set(model, own)
      return {
        ...facts,
        predict: (features, rows) => predict(model, facts.columns, features, rows),
        gain: async () => (await send({ do: 'gain', model })) as Record<string, number>,
        async close() {
          if (models.delete(model) && !closed && thread?.alive) await send({ do: 'free', model })
        },
      }
    },
    libraryVersion: async () => (await send({ do: 'version' })) as string,
    async close() {
      closed = true
      await thread?.close()
    },
  }
}

interface Command {
  readonly command: ScorerCommand
  resolve(value: unknown): void
  reject(error: unknown): void
}

function checkSize(features: Float32Array, rows: number, columns: number): OperatorError | undefined {
  if (features.length === rows * columns) return undefined
  const found = Number.isInteger(features.length / rows)
    ? `${features.length / rows}`
    : `${features.length} values for ${rows} rows`
  return new OperatorError(
    'BAD_INPUT',
    `expected ${columns} features a row, got ${found}`,
    'Send the features of the contract, in its order.',
  )
}

/** Most rows of one call into the library, at 25 columns: about 40 ms of work, so that nobody waits long for a turn. */
const EXCHANGE_ROWS = 8192
const EXCHANGE_COLUMNS = 25
