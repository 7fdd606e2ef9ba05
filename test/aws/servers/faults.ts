import { AwsRefusal } from './protocol.ts'

/** A refusal that a server gives instead of an answer. */
export interface Fault {
  readonly name: string
  readonly message?: string
  readonly status: number
}

/** Faults that a test asks for, by operation, and what was asked of the server. */
export interface Faults {
  /** The next `times` calls of the operation are refused. */
  next(operation: string, fault: Fault, times?: number): void
  /** What was to be refused of the operation is not. */
  forget(operation: string): void
  /** Counts a call, and throws the fault that is due. */
  meet(operation: string): void
  /** How often the operation was asked for, refusals included. */
  calls(operation: string): number
}

export const THROTTLED: Fault = { name: 'ThrottlingException', message: 'Rate exceeded', status: 400 }
export const FAILED: Fault = { name: 'InternalFailure', message: 'We encountered an error', status: 500 }
export const UNAVAILABLE: Fault = { name: 'ServiceUnavailable', message: 'Slow down', status: 503 }

/** What AWS says of a call that a role may not make. */
export const denied = (action: string, resource: string): Fault => ({
  name: 'AccessDeniedException',
  message: `User: arn:aws:sts::000000000000:assumed-role/job/1 is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  status: 400,
})

export function openFaults(): Faults {
  const due = new Map<string, Fault[]>()
  const counts = new Map<string, number>()
  return {
    next(operation, fault, times = 1) {
      due.set(operation, [...(due.get(operation) ?? []), ...Array.from({ length: times }, () => fault)])
    },
    forget: (operation) => void due.delete(operation),
    meet(operation) {
      counts.set(operation, (counts.get(operation) ?? 0) + 1)
      const fault = due.get(operation)?.shift()
      if (fault) throw new AwsRefusal(fault.name, fault.message ?? fault.name, fault.status)
    },
    calls: (operation) => counts.get(operation) ?? 0,
  }
}
