import { inject } from 'vitest'
import { checkByBotocore } from '../servers/botocore.ts'
import type { ServerLog } from '../servers/server-log.ts'

/** Rejects with what is not as botocore's models of the services have it, of all that these servers took and answered. */
export async function mustBeAsBotocore(...logs: readonly ServerLog[]): Promise<void> {
  const python = inject('awsPython')
  const calls = logs.flatMap((log) => log.calls)
  if (python === undefined || calls.length === 0) return
  const { deviations } = await checkByBotocore(python, calls)
  if (deviations.length > 0) throw new Error(`not as botocore has it:\n${deviations.join('\n')}`)
}
