import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack, type Pack } from 'tar-stream'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import type { Reporter } from '../../core/report.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { requireLake } from './lake-info.ts'
import { STAGING_PREFIX } from './publish.ts'

/** Last entry of a backup: what is in it, with hashes. */
export const BACKUP_MANIFEST = '_backup.json'

/** `_backup.json`: `files` by key. */
export interface BackupManifest {
  readonly backup_version: 1
  readonly city: string
  readonly lake_format: number
  readonly made_at: EpochSeconds
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>
}

/** What a backup holds. */
export interface BackupResult {
  readonly file: string
  readonly files: number
  readonly bytes: number
}

/** Listings until nothing new appears; a lake that changes faster than it is read is backed up as far as this. */
const PASSES = 5

/**
 * Writes the whole lake into one .tar.gz, a file at a time in memory, its manifest of hashes last. A lake that is written
 * meanwhile is read again where it changed. The file appears under its name only when it is whole.
 * Errors: NOT_FOUND without a lake, UNAVAILABLE when the file cannot be written.
 */
export async function backupLake(
  store: ObjectStore,
  o: { readonly file: string; readonly now: EpochSeconds; readonly report: Reporter },
): Promise<BackupResult> {
  const lake = await requireLake(store)
  const file = resolve(o.file)
  const part = `${file}.part`
  const progress = o.report.start(`Backing up the lake of ${lake.city}`)
  const tar = pack()
  // A backup inside the lake's own folder must not hold itself.
  const own = new Set([basename(file), basename(part)])
  try {
    const written = pipeline(tar, createGzip({ level: 1 }), createWriteStream(part))
    const files = await unlessFailed(
      written,
      addAll(store, tar, own, (n) => progress.update(n)),
    )
    const manifest: BackupManifest = {
      backup_version: 1,
      city: lake.city,
      lake_format: lake.format_version,
      made_at: o.now,
      files,
    }
    await addEntry(tar, BACKUP_MANIFEST, new TextEncoder().encode(`${JSON.stringify(manifest)}\n`))
    tar.finalize()
    await written
    await sync(part)
    await rename(part, file)
    await sync(dirname(file))
    const bytes = Object.values(files).reduce((sum, entry) => sum + entry.bytes, 0)
    progress.end()
    return { file, files: Object.keys(files).length, bytes }
  } catch (error) {
    tar.destroy()
    await rm(part, { force: true })
    if (error instanceof OperatorError) throw error
    throw new OperatorError(
      'UNAVAILABLE',
      `the backup ${file} was not written: ${messageOf(error)}`,
      'Check the folder, its permissions and the room on the disk.',
      error,
    )
  }
}

/** The result of `work`, unless the stream it writes to fails first; it would then wait for ever. */
async function unlessFailed<T>(stream: Promise<void>, work: Promise<T>): Promise<T> {
  const failure = new Promise<never>((_, reject) => {
    stream.catch(reject)
  })
  return Promise.race([work, failure])
}

async function addAll(
  store: ObjectStore,
  tar: Pack,
  own: ReadonlySet<string>,
  onFile: (done: number) => void,
): Promise<Record<string, { bytes: number; sha256: string }>> {
  const files: Record<string, { bytes: number; sha256: string }> = {}
  const seen = new Map<string, string>()
  for (let pass = 0; pass < PASSES; pass++) {
    let fresh = 0
    for await (const { key, etag } of store.list('')) {
      if (seen.get(key) === etag || own.has(key) || key.startsWith(STAGING_PREFIX)) continue
      const object = await store.get(key)
      // Gone since the listing: what replaced it comes with the next pass.
      if (object === undefined) continue
      seen.set(key, etag)
      fresh++
      await addEntry(tar, key, object.body)
      files[key] = { bytes: object.body.byteLength, sha256: sha256(object.body) }
      onFile(seen.size)
    }
    if (fresh === 0) break
  }
  return files
}

async function addEntry(tar: Pack, name: string, body: Uint8Array): Promise<void> {
  const entry = tar.entry({ name, size: body.byteLength, mtime: new Date(0), mode: 0o644 })
  entry.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
  await once(entry, 'finish')
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
