import { OperatorError } from './errors.ts'

/** First part of keys that no store takes: the folder of files not yet whole, in a lake that is a directory. */
const RESERVED = '.tmp'

/**
 * Refuses what is no key of a lake, in a folder or in S3: BAD_INPUT for one that would leave the root, that a file system
 * might read otherwise (empty parts, "." or "..", backslash, control characters), or that lies in the temp folder.
 */
export function checkKey(key: string): void {
  const segments = key.split('/')
  const bad =
    key.includes('\\') ||
    // oxlint-disable-next-line no-control-regex -- these characters are what is looked for
    /[\u0000-\u001f\u007f]/.test(key) ||
    segments.some((segment) => segment === '' || segment === '.' || segment === '..') ||
    segments[0] === RESERVED
  if (bad)
    throw new OperatorError(
      'BAD_INPUT',
      `${JSON.stringify(key)} is not a key`,
      'A key is a relative path with "/" between its parts, none of them empty, "." or "..".',
    )
}
