import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { sha256 } from '../../src/core/hash.ts'

/** sha256 of every file below `root` by its path with slashes, without those that `skip` names by their first folder. */
export async function folderHashes(
  root: string,
  skip: readonly string[] = [],
): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const hashes: [string, string][] = []
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')
    if (skip.includes(path.split('/')[0] ?? '')) continue
    hashes.push([path, sha256(await readFile(join(root, path)))])
  }
  return Object.fromEntries(hashes.sort(([a], [b]) => (a < b ? -1 : 1)))
}
