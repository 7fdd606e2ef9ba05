import { createReadStream } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { bestModel, isFinished, openBoosting, type TrainingState } from './boosting.ts'
import { openXgboost, type RowBatch, type XgboostApi } from './capi.ts'
import { decodeRows } from './row-frames.ts'
import {
  ROWS_FD,
  type RowSet,
  type TrainingNews,
  type TrainingOrder,
  type TrainingStart,
} from './training-protocol.ts'
import { toWire } from './wire-error.ts'

// The training process: one training, then it ends. It stores nothing itself, and ends when its parent does.

const messages: unknown[] = []
let wake: (() => void) | undefined
process.on('message', (message) => {
  messages.push(message)
  wake?.()
})
process.on('disconnect', () => process.exit(1))

async function nextMessage(): Promise<unknown> {
  while (messages.length === 0) await new Promise<void>((resolve) => (wake = resolve))
  return messages.shift()
}

function tell(news: TrainingNews): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(news, (error: Error | null) => (error ? reject(error) : resolve()))
  })
}

/** Rounds between two checkpoints: about ten seconds of work on two cores, at most 25. */
function checkpointInterval(rows: number): number {
  return Math.max(1, Math.min(25, Math.floor(100_000_000 / rows)))
}

async function train(): Promise<void> {
  const { libraryPath, columns } = (await nextMessage()) as TrainingStart
  const api = openXgboost(libraryPath)
  const rows = await decodeRows(createReadStream('', { fd: ROWS_FD, highWaterMark: 1 << 20 }), columns)
  const order = (await nextMessage()) as TrainingOrder
  const { params, featureNames, resume } = order
  const state =
    resume && isFinished(resume.history, params) ? resume : await runRounds(api, rows, columns, order)
  const { model, rounds } = bestModel(api, state, featureNames)
  await tell({
    is: 'done',
    model,
    rounds,
    history: state.history,
    libraryVersion: api.version,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  })
}

/** Trains to the end, and tells of every round and checkpoint. */
async function runRounds(
  api: XgboostApi,
  rows: Record<RowSet, RowBatch[]>,
  columns: number,
  { params, resume }: TrainingOrder,
): Promise<TrainingState> {
  const interval = checkpointInterval(rows.train.reduce((sum, { labels }) => sum + labels.length, 0))
  const boosting = openBoosting(api, { columns, ...rows }, params, resume)
  rows.train.length = 0
  rows.validation.length = 0
  for (;;) {
    await tell({ is: 'round', score: boosting.step() })
    if (boosting.finished || boosting.history.length % interval === 0) {
      const state = boosting.state()
      await tell({ is: 'checkpoint', state })
      if (boosting.finished) return state
    }
    // Lets a disconnect be heard.
    await setImmediate()
  }
}

try {
  await train()
} catch (error) {
  await tell({ is: 'failed', error: toWire(error) })
}
process.exit(0)
