import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { lineOf, type RecordedCall } from './recorder.ts'

const PROGRAM = fileURLToPath(new URL('./botocore_check.py', import.meta.url))

/** What botocore says of recorded calls. */
export interface BotocoreVerdict {
  /** What is not as AWS's own model of a service has it: `cloudwatch.PutMetricData answer.X: …`. */
  readonly deviations: readonly string[]
  readonly checked: number
  /** Distinct operations that were checked: `cloudwatch.PutMetricData`. */
  readonly operations: readonly string[]
}

/**
 * Checks requests and answers against botocore's service models, in Python; of the calls, those that were answered. A call that
 * was refused may have been wrong on purpose.
 */
export async function checkByBotocore(
  python: string,
  calls: readonly RecordedCall[],
): Promise<BotocoreVerdict> {
  const child = spawn(python, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answered = calls.filter(({ error }) => error === undefined)
  child.stdin.end(answered.map((call) => `${lineOf(call)}\n`).join(''))
  const lines = (await text(child.stdout)).trim().split('\n')
  const { checked, operations } = JSON.parse(lines.pop() ?? '') as Omit<BotocoreVerdict, 'deviations'>
  return { checked, operations, deviations: [...new Set(lines.map(described))] }
}

function described(line: string): string {
  const { call, problem } = JSON.parse(line) as { call: string; problem: string }
  return `${call} ${problem}`
}
