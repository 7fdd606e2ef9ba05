import { OperatorError } from '../../../core/errors.ts'
import type { LoadedModel, Scorer } from '../../ports.ts'
import { infiniteValue, nextBatch, type ScoreJob } from './score-queue.ts'
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
        if (command) {
          command.fill?.(input)
          const value = await live.call(command.command)
          // Before the next command: the thread writes over it.
          command.resolve(command.take ? command.take(output) : value)
        } else if (batch) {
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

  const send = (command: ScorerCommand, rows?: RowExchange): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed) {
        reject(new OperatorError('UNAVAILABLE', 'the scorer is closed'))
        return
      }
      commands.push({ ...rows, command, resolve, reject })
      void work()
    })

  /** Undefined for rows that a model can take. */
  const refusal = (
    model: number,
    columns: number,
    features: Float32Array,
    rows: number,
  ): OperatorError | undefined => {
    if (closed) return new OperatorError('UNAVAILABLE', 'the scorer is closed')
    if (!models.has(model)) return new OperatorError('NOT_FOUND', 'the model was closed')
    return checkSize(features, rows, columns)
  }

  const predict = (model: number, columns: number, features: Float32Array, rows: number) =>
    new Promise<Float32Array>((resolve, reject) => {
      const refused = refusal(model, columns, features, rows)
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

  const contributions = async (
    model: number,
    columns: number,
    features: Float32Array,
    rows: number,
  ): Promise<Float32Array> => {
    const refused = refusal(model, columns, features, rows) ?? infiniteValue(features, columns)
    if (refused) throw refused
    const width = columns + 1
    const all = new Float32Array(rows * width)
    for (let from = 0; from < rows; from += EXPLAINED_ROWS) {
      const until = Math.min(rows, from + EXPLAINED_ROWS)
      await send(
        { do: 'contributions', model, rows: until - from },
        {
          fill: (to) => to.set(features.subarray(from * columns, until * columns)),
          take: (made) => all.set(made.subarray(0, (until - from) * width), from * width),
        },
      )
    }
    return all
  }

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
        contributions: (features, rows) => contributions(model, facts.columns, features, rows),
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

/** How a command's rows get to the thread, and what it made of them back, when its turn has come. */
interface RowExchange {
  fill(input: Float32Array): void
  take(output: Float32Array): void
}

interface Command extends Partial<RowExchange> {
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

/** Most rows that are explained in one call, at 2 ms a row: requests for scores get their turn in between. */
const EXPLAINED_ROWS = 20
/** Most rows of one call into the library, at 25 columns: about 40 ms of work, so that nobody waits long for a turn. */
const EXCHANGE_ROWS = 8192
const EXCHANGE_COLUMNS = 25
