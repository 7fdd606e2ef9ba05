/** What went wrong, as a closed set. The exit code of the command line follows from it. */
export const ERROR_CODES = {
  /** Wrong use: an unknown flag, a value out of range, a missing argument. */
  USAGE: 2,
  /** The configuration file, an environment variable or a flag cannot be taken. */
  CONFIG: 2,
  /** Input that does not follow its format: a feed, a recording, a request body, a package. */
  BAD_INPUT: 2,
  /** The named thing is not there: a model version, an endpoint, a key. */
  NOT_FOUND: 2,
  /** It is there already, or somebody else wrote first. */
  WRITE_CONFLICT: 2,
  /** Damaged content: a hash that does not match, a torn file. */
  CORRUPT: 2,
  /** Two things that must agree do not: feature contract, city, library version, lake format. */
  MISMATCH: 2,
  /** A feed, a network service, a library or a disk that does not answer or has no room. */
  UNAVAILABLE: 3,
  /** A check said no: a gate, a data check, a refused model. */
  CHECK_FAILED: 4,
  /** Ended on request (SIGINT, SIGTERM, an abort signal). */
  CANCELLED: 3,
} as const

/** Name of a failure that an operator can act on. */
export type ErrorCode = keyof typeof ERROR_CODES

/**
 * A failure the operator can act on: what was wrong and where (`message`), what to do (`hint`).
 * Anything else that reaches main is a bug and shows its stack (exit code 1).
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
  }

  /** Exit code of the command line for this failure: 2, 3 or 4. */
  get exitCode(): number {
    return ERROR_CODES[this.code]
  }
}

/** True when `error` is an OperatorError, optionally of one code. */
export function isOperatorError(error: unknown, code?: ErrorCode): error is OperatorError {
  return error instanceof OperatorError && (code === undefined || error.code === code)
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
