import { createHash } from 'node:crypto'
import { readdir, readFile, rm, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ObjectStore, ObjectSummary, PutOptions, StoredObject } from '../ports.ts'
import { diskError, errnoOf } from './disk-error.ts'
import { openTempFile, publish, syncFolder, TEMP_FOLDER } from './durable-file.ts'
import { withFolderLock } from './folder-lock.ts'
import { keyPath } from './key-path.ts'

const ETAG_DIGITS = 32
/** Files whose sizes and times are asked for side by side. */
const STATS_AT_ONCE = 32

/** `ifMatch` tag of a content: the first 32 hex digits of its sha256. */
const etagOf = (body: Uint8Array | string): string =>
  createHash('sha256').update(body).digest('hex').slice(0, ETAG_DIGITS)

/**
 * Opens a folder as an object store; a missing one is made by the first put. Keys are paths below it, values whole
 * files. A put writes to `.tmp/`, syncs the file, moves it into place and syncs the folders; so a file is either not
 * there or whole, whatever happens. `get` and `put` tag a content by its hash (what `ifMatch` compares); `list` tags it,
 * cheaply, by size, time and inode, so its tags are to be compared with each other only.
 * Conditional puts exclude each other, and other writes, across processes of one machine by the kernel's lock on the
 * folder. Errors: BAD_INPUT for a key that is none, WRITE_CONFLICT, UNAVAILABLE for a full or failing disk.
 */
export function openDirectoryStore(root: string): ObjectStore {
  const base = resolve(root)
  const pathOf = (key: string): string => keyPath(base, key)

  return {
    async get(key): Promise<StoredObject | undefined> {
      const body = await readIfThere(pathOf(key))
      return body && { body, etag: etagOf(body) }
    },

    async put(key, body, options = {}): Promise<{ etag: string }> {
      const target = pathOf(key)
      const temp = await writeTemp(base, body, target)
      await publish(base, temp, target, ruleOf(options, target))
      return { etag: etagOf(body) }
    },

    list: (prefix) => listFrom(base, prefix),

    async folders(prefix): Promise<string[]> {
      if (prefix !== '' && !prefix.endsWith('/'))
        throw new Error(`The prefix "${prefix}" does not end in "/"`)
      const folder = prefix === '' ? base : pathOf(prefix.slice(0, -1))
      const found: string[] = []
      for (const entry of await entriesOf(folder, folder === base))
        if (entry.isFolder && (await holdsFile(join(folder, entry.name)))) found.push(entry.name)
      return found
    },

    async delete(key): Promise<void> {
      const path = pathOf(key)
      try {
        await withFolderLock(base, 'shared', () => unlink(path))
      } catch (error) {
        if (isAbsent(error)) return
        throw diskError(error, 'Deleting', path)
      }
      await removeEmptyFolders(base, dirname(path))
    },
  }
}

function ruleOf(
  options: PutOptions,
  target: string,
): { ifAbsent?: boolean; onlyIf?: () => Promise<boolean> } {
  const { ifAbsent = false, ifMatch } = options
  if (ifMatch === undefined) return { ifAbsent }
  if (ifAbsent) throw new Error('A put takes ifAbsent or ifMatch, not both')
  return {
    onlyIf: async () => {
      const body = await readIfThere(target)
      return body !== undefined && etagOf(body) === ifMatch
    },
  }
}

async function writeTemp(base: string, body: Uint8Array | string, target: string): Promise<string> {
  let path: string | undefined
  try {
    const temp = await openTempFile(base)
    path = temp.path
    try {
      await temp.handle.writeFile(body)
      await temp.handle.sync()
    } finally {
      await temp.handle.close()
    }
    return path
  } catch (error) {
    if (path !== undefined) await rm(path, { force: true }).catch(() => {})
    throw diskError(error, 'Writing', target)
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isAbsent(error) || errnoOf(error) === 'EISDIR') return undefined
    throw diskError(error, 'Reading', path)
  }
}

/** The file is not there, or cannot be since a file stands where its folder would be. */
function isAbsent(error: unknown): boolean {
  const code = errnoOf(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

interface Entry {
  readonly name: string
  readonly isFolder: boolean
}

/** Files and folders of a folder, by the order of the keys below them. */
async function entriesOf(folder: string, isRoot: boolean): Promise<Entry[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => !(isRoot && entry.name === TEMP_FOLDER))
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      .sort((a, b) => compareUtf8(sortName(a), sortName(b)))
  } catch (error) {
    if (isAbsent(error)) return []
    throw diskError(error, 'Listing', folder)
  }
}

// "a.txt" comes before "a/b", and "a/b" before "a0": a folder sorts as the prefix its keys share.
const sortName = (entry: Entry): string => (entry.isFolder ? `${entry.name}/` : entry.name)

/** Order of UTF-8 bytes, which JavaScript's own order of UTF-16 units is not once surrogates come in. */
function compareUtf8(a: string, b: string): number {
  if (/[\ud800-\udfff]/.test(a) || /[\ud800-\udfff]/.test(b))
    return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : a > b ? 1 : 0
}

async function* listFrom(base: string, prefix: string): AsyncGenerator<ObjectSummary> {
  const slash = prefix.lastIndexOf('/')
  const folder = slash < 0 ? base : keyPath(base, prefix.slice(0, slash))
  yield* walk(folder, prefix.slice(0, slash + 1), prefix, folder === base)
}

async function* walk(
  folder: string,
  at: string,
  prefix: string,
  isRoot: boolean,
): AsyncGenerator<ObjectSummary> {
  let files: Promise<ObjectSummary | undefined>[] = []
  for (const entry of await entriesOf(folder, isRoot)) {
    const key = at + entry.name
    const path = join(folder, entry.name)
    if (entry.isFolder) {
      if (!`${key}/`.startsWith(prefix) && !prefix.startsWith(`${key}/`)) continue
      yield* await found(files)
      files = []
      yield* walk(path, `${key}/`, prefix, false)
    } else if (key.startsWith(prefix)) {
      files.push(summaryOf(path, key))
      if (files.length < STATS_AT_ONCE) continue
      yield* await found(files)
      files = []
    }
  }
  yield* await found(files)
}

async function found(files: readonly Promise<ObjectSummary | undefined>[]): Promise<ObjectSummary[]> {
  return (await Promise.all(files)).filter((summary) => summary !== undefined)
}

async function summaryOf(path: string, key: string): Promise<ObjectSummary | undefined> {
  try {
    const { size, mtimeNs, ino } = await stat(path, { bigint: true })
    return { key, size: Number(size), etag: `${size}-${mtimeNs}-${ino}` }
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw diskError(error, 'Reading', path)
  }
}

// A put that was killed may leave folders without an object, which an object store does not have.
async function holdsFile(folder: string): Promise<boolean> {
  const entries = await entriesOf(folder, false)
  if (entries.some((entry) => !entry.isFolder)) return true
  for (const entry of entries) if (await holdsFile(join(folder, entry.name))) return true
  return false
}

async function removeEmptyFolders(base: string, from: string): Promise<void> {
  let folder = from
  for (; folder !== base; folder = dirname(folder)) {
    try {
      await rmdir(folder)
    } catch (error) {
      if (isAbsent(error)) continue
      break
    }
  }
  try {
    await syncFolder(folder)
  } catch (error) {
    if (!isAbsent(error)) throw diskError(error, 'Deleting', folder)
  }
}
