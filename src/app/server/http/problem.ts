import type { Problem } from '../../../core/contracts/api/common.ts'
import { OperatorError, type ErrorCode } from '../../../core/errors.ts'

/** HTTP status of what went wrong, by its code. */
const STATUS = {
  USAGE: 400,
  BAD_INPUT: 400,
  NOT_FOUND: 404,
  WRITE_CONFLICT: 409,
  CHECK_FAILED: 409,
  MISMATCH: 409,
  UNAVAILABLE: 503,
  CANCELLED: 503,
  CONFIG: 500,
  CORRUPT: 500,
} as const satisfies Record<ErrorCode, number>

/** A refusal by the server itself, before any stage is asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string
  readonly hint: string | undefined

  constructor(status: number, code: string, message: string, hint?: string) {
    super(message)
    this.status = status
    this.code = code
    this.hint = hint
  }
}

/** What is answered, and whether the log should have all of it. */
export interface Explained {
  readonly status: number
  readonly problem: Problem
  /** Nobody foresaw it: the answer has an id only, and the log what happened. */
  readonly unforeseen: boolean
}

/**
 * What a client is told of an error: for what is foreseen its code, message and what to do; for anything else an id that
 * the log has. Folders of the machine (`hidden`) are left out.
 */
export function explain(error: unknown, id: string, hidden: readonly string[]): Explained {
  const told = (status: number, code: string, message: string, hint?: string): Explained => ({
    status,
    problem: {
      error: {
        code,
        message: without(message, hidden),
        hint: hint === undefined ? null : without(hint, hidden),
      },
    },
    unforeseen: false,
  })
  if (error instanceof Refusal) return told(error.status, error.code, error.message, error.hint)
  if (error instanceof OperatorError) return told(STATUS[error.code], error.code, error.message, error.hint)
  const status = statusOf(error)
  if (status === 429)
    return told(429, 'RATE_LIMITED', 'too many requests from this address', 'Wait a minute, then try again.')
  if (status === 413) return told(413, 'TOO_LARGE', 'the body is larger than this route takes')
  if (status === 415)
    return told(415, 'BAD_REQUEST', 'the body is not JSON', 'Send it with Content-Type: application/json.')
  if (status !== undefined && status >= 400 && status < 500)
    return told(status, 'BAD_REQUEST', error instanceof Error ? error.message : 'the request cannot be taken')
  return {
    status: 500,
    problem: {
      error: {
        code: 'INTERNAL',
        message: `something went wrong here; the log has it under ${id}`,
        hint: 'Try again. If it stays, look up this id in the log of `bikeshare dashboard`.',
      },
    },
    unforeseen: true,
  }
}

function statusOf(error: unknown): number | undefined {
  const status: unknown = (error as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' ? status : undefined
}

function without(text: string, hidden: readonly string[]): string {
  return hidden.reduce((left, folder) => (folder === '' ? left : left.replaceAll(folder, '…')), text)
}
