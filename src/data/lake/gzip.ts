import { gunzipSync, gzipSync } from 'node:zlib'
import { OperatorError } from '../../core/errors.ts'

const OS_BYTE = 9
const OS_UNKNOWN = 255

/** Compressed bytes that depend on the content alone: no time, no name, no operating system in the header. */
export function gzip(body: Uint8Array | string): Uint8Array {
  const bytes = gzipSync(body, { level: 6 })
  bytes[OS_BYTE] = OS_UNKNOWN
  return bytes
}

/** The content of a gzip file; CORRUPT, naming `what`, when it is damaged. */
export function gunzip(bytes: Uint8Array, what: string): Uint8Array {
  try {
    return gunzipSync(bytes)
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${what} is not whole`,
      'Restore it from a backup, or move it away.',
      error,
    )
  }
}

/** The content, unpacked when it is gzip by its first two bytes. */
export function maybeGunzip(bytes: Uint8Array, what: string): Uint8Array {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes, what) : bytes
}
