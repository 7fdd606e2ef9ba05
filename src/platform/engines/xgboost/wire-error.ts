import { messageOf, OperatorError, type ErrorCode } from '../../../core/errors.ts'

/** An error as it crosses to another thread or process; classes do not survive the copy. */
export interface WireError {
  readonly code: ErrorCode | undefined
  readonly message: string
  readonly hint: string | undefined
  readonly stack: string | undefined
}

export function toWire(error: unknown): WireError {
  return {
    code: error instanceof OperatorError ? error.code : undefined,
    message: messageOf(error),
    hint: error instanceof OperatorError ? error.hint : undefined,
    stack: error instanceof Error ? error.stack : undefined,
  }
}

/** The error again; a bug stays a bug, with the stack of where it happened. */
export function fromWire(wire: WireError): Error {
  if (wire.code !== undefined) return new OperatorError(wire.code, wire.message, wire.hint)
  const error = new Error(wire.message)
  if (wire.stack !== undefined) error.stack = wire.stack
  return error
}
