import { join } from 'node:path'
import { checkKey } from '../../core/object-key.ts'

/** Path of a key below `root`. BAD_INPUT for what is no key. */
export function keyPath(root: string, key: string): string {
  checkKey(key)
  return join(root, ...key.split('/'))
}
