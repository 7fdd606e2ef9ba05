import { OperatorError } from '../../core/errors.ts'

/** What an operator should look at, by the operating system's error. */
const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space (bikeshare clean shows what may go), then run it again.',
  EDQUOT: 'The disk quota is used up: free some space or raise the quota, then run it again.',
  EFBIG: 'The file size limit was reached: raise it (ulimit -f), then run it again.',
  EROFS: 'The file system is mounted read-only: remount it, or choose another data directory.',
  EACCES: 'Check who owns the data directory and its permissions.',
  EPERM: 'Check who owns the data directory and its permissions.',
  EIO: 'The disk reports an error: check its health and the kernel log.',
  EMFILE: 'Too many open files: raise the limit (ulimit -n), then run it again.',
  ENFILE: 'Too many open files on this machine: close some programs, then run it again.',
}

/** The operating system's code of a failed file operation, such as `ENOENT`; undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/**
 * A failed file operation as the operator should see it: UNAVAILABLE with the path and a hint for a full, read-only,
 * forbidden or failing disk; BAD_INPUT for a name the disk cannot hold. Any other error is returned as it is.
 */
export function diskError(error: unknown, action: string, path: string): unknown {
  const code = errnoOf(error)
  if (code === undefined || error instanceof OperatorError) return error
  const hint = HINTS[code]
  if (hint !== undefined)
    return new OperatorError('UNAVAILABLE', `${action} ${path} failed: ${code}`, hint, error)
  if (code === 'ENAMETOOLONG')
    return new OperatorError('BAD_INPUT', `${path} is too long a name`, undefined, error)
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'EEXIST' || code === 'ENOTEMPTY')
    return new OperatorError(
      'BAD_INPUT',
      `${action} ${path} failed: a file stands where a folder is needed, or the other way round (${code})`,
      'One key may not be a folder of another; move what is in the way.',
      error,
    )
  return error
}
