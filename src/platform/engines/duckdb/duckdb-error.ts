import { OperatorError, messageOf } from '../../../core/errors.ts'

const FULL_OR_FORBIDDEN =
  /No space left|Disk quota|File too large|Read-only file system|Permission denied|Input\/output error|Too many open files/i

/**
 * A failure of DuckDB as the operator should see it, with the statement's name: UNAVAILABLE when memory or the disk ran
 * out, BAD_INPUT when a value does not fit. What only a wrong statement can cause, and DuckDB's own faults, stay plain
 * errors: they are bugs.
 */
export function duckdbError(error: unknown, statement: string): unknown {
  if (error instanceof OperatorError) return error
  const message = messageOf(error)
  const text = `statement "${statement}" failed: ${message}`
  if (message.startsWith('Out of Memory Error'))
    return new OperatorError(
      'UNAVAILABLE',
      text,
      'Raise the memory limit, or work on fewer days at a time.',
      error,
    )
  if (FULL_OR_FORBIDDEN.test(message))
    return new OperatorError(
      'UNAVAILABLE',
      text,
      "Check the disk's free space and the data directory's permissions.",
      error,
    )
  if (/^(Conversion|Out of Range) Error/.test(message))
    return new OperatorError('BAD_INPUT', text, 'A value does not fit the type it is read as.', error)
  return new Error(text, { cause: error })
}
