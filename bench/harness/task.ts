import { once } from 'node:events'
import { BENCHES } from './catalogue.ts'
import type { Task } from './child.ts'
import { INPUTS, preparedInputs } from './inputs.ts'

// The child process: one task, its result as a message, then it ends.
const [task] = (await once(process, 'message')) as [Task]
const inputs = preparedInputs(task.runFolder)
if (task.do === 'prepare') {
  await INPUTS[task.input].make(task.folder, inputs, task.choice)
} else {
  const run = await BENCHES[task.bench].load()
  process.send?.(await run({ folder: task.folder, inputs }))
}
process.disconnect()
