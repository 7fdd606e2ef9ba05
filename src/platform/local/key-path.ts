import { join } from 'node:path'
import { OperatorError } from '../../core/errors.ts'
import { TEMP_FOLDER } from './durable-file.ts'

/**
 * Path of a key below `root`. BAD_INPUT for a key that would leave the root, that a file system might read otherwise
 * (empty parts, "." or "..", backslash, control characters), or that lies in the temp folder.
 */
export function keyPath(root: string, key: string): string {
  const segments = key.split('/')
  const bad =
    key.includes('\\') ||
    // oxlint-disable-next-line no-control-regex -- these characters are what is looked for
    /[\u0000-\u001f\u007f]/.test(key) ||
    segments.some((segment) => segment === '' || segment === '.' || segment === '..') ||
    segments[0] === TEMP_FOLDER
  if (bad)
    throw new OperatorError(
      'BAD_INPUT',
      `${JSON.stringify(key)} is not a key`,
      'A key is a relative path with "/" between its parts, none of them empty, "." or "..".',
    )
  return join(root, ...segments)
}
