import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Measurement } from './bench.ts'
import type { BenchName } from './catalogue.ts'
import type { InputName } from './inputs.ts'
import type { RecordingChoice } from './recordings.ts'

/** What a child process is to do in `folder`, its own. */
export type Task = { readonly runFolder: string; readonly folder: string } & (
  | { readonly do: 'prepare'; readonly input: InputName; readonly choice: RecordingChoice }
  | { readonly do: 'measure'; readonly bench: BenchName }
)

/**
 * Runs a task in a process of its own, so that its memory is its own; its output goes to this one's stderr. Resolves with
 * what a bench measured. Throws when the process fails.
 */
export async function runTask(task: Task, signal: AbortSignal): Promise<Measurement | undefined> {
  const child = fork(fileURLToPath(new URL('./task.ts', import.meta.url)), {
    stdio: ['ignore', 2, 'inherit', 'ipc'],
    signal,
  })
  let measured: Measurement | undefined
  child.on('message', (message) => (measured = message as Measurement))
  child.send(task)
  const [code, killedBy] = (await once(child, 'exit')) as [number | null, string | null]
  if (code === 0) return measured
  const what = task.do === 'prepare' ? `preparing ${task.input}` : `the bench ${task.bench}`
  throw new Error(`${what} ended by ${killedBy ?? `exit code ${code}`}`)
}
