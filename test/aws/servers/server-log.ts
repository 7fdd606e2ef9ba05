import type { RecordedCall } from './recorder.ts'

/** Calls as a server took and gave them: what no client has tidied up. */
export interface ServerLog {
  readonly calls: RecordedCall[]
  add(service: string, operation: string, params: unknown, output: unknown): void
}

export function openServerLog(): ServerLog {
  const calls: RecordedCall[] = []
  return {
    calls,
    add: (service, operation, params, output) =>
      void calls.push({ service, operation, params, output, job: '' }),
  }
}
