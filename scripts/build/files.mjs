import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** All files below a folder, in order; none when it is not there. */
export function files(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
