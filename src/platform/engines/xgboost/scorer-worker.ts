import { parentPort, workerData } from 'node:worker_threads'
import { loadBooster, type Booster } from './booster.ts'
import { openXgboost } from './capi.ts'
import type { ModelFacts, ScorerCommand, ScorerReply, ScorerStart } from './scorer-protocol.ts'
import { toWire } from './wire-error.ts'

// The scoring thread: XGBoost is called here, synchronously, one command at a time.
const start = workerData as ScorerStart
const port = parentPort
if (!port) throw new Error('this module runs as a worker thread')

let api: ReturnType<typeof openXgboost> | undefined
const boosters = new Map<number, Booster>()

function booster(model: number): Booster {
  const found = boosters.get(model)
  if (!found) throw new Error(`model ${model} is not loaded`)
  return found
}

function run(command: ScorerCommand): unknown {
  api ??= openXgboost(start.libraryPath)
  switch (command.do) {
    case 'load': {
      const loaded = loadBooster(api, command.bytes, start.threads)
      boosters.set(command.model, loaded)
      const { columns, rounds, featureNames } = loaded
      return { columns, rounds, featureNames } satisfies ModelFacts
    }
    case 'predict':
      booster(command.model).predict(start.input, command.rows, start.output)
      return null
    case 'contributions':
      booster(command.model).contributions(start.input, command.rows, start.output)
      return null
    case 'gain':
      return booster(command.model).gain()
    case 'free':
      booster(command.model).free()
      boosters.delete(command.model)
      return null
    case 'version':
      return api.version
    default:
      throw new Error('no such command')
  }
}

port.on('message', (command: ScorerCommand) => {
  let reply: ScorerReply
  try {
    reply = { ok: true, value: run(command) }
  } catch (error) {
    reply = { ok: false, error: toWire(error) }
  }
  port.postMessage(reply)
})
