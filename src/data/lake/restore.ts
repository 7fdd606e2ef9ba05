import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { z } from 'zod'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { LAKE_KEY } from '../../core/keys.ts'
import type { Reporter } from '../../core/report.ts'
import { BACKUP_MANIFEST } from './backup.ts'
import { LAKE_FORMAT } from './lake-info.ts'

const manifestSchema = z.object({
  backup_version: z.literal(1),
  city: z.string(),
  lake_format: z.int(),
  made_at: z.int(),
  files: z.record(z.string(), z.object({ bytes: z.int(), sha256: z.string() })),
})

/** What was restored. */
export interface RestoreResult {
  readonly root: string
  readonly city: string
  readonly files: number
  readonly bytes: number
}

/**
 * Unpacks a backup into `root`, which must be absent or empty. Everything is checked against the manifest in a folder
 * beside it first, so that `root` is whole or untouched. Errors: WRITE_CONFLICT when something is there, CORRUPT when the
 * file is damaged or is none, MISMATCH when a newer program wrote it, NOT_FOUND without the file.
 */
export async function restoreLake(o: {
  readonly file: string
  readonly root: string
  /** MISMATCH when the backup is of another. */
  readonly city?: string
  readonly report: Reporter
}): Promise<RestoreResult> {
  const root = resolve(o.root)
  await requireEmpty(root)
  const temp = `${root}.restoring`
  await rm(temp, { recursive: true, force: true })
  const progress = o.report.start(`Restoring ${o.file}`)
  try {
    const { manifest, found } = await unpack(o.file, temp, (n) => progress.update(n))
    check(o.file, manifest, found)
    if (o.city !== undefined && manifest.city !== o.city)
      throw new OperatorError(
        'MISMATCH',
        `${o.file} is a backup of the city "${manifest.city}", not of "${o.city}"`,
        `Restore it with --city ${manifest.city}.`,
      )
    await mkdir(dirname(root), { recursive: true })
    await rmdir(root).catch(() => {})
    await rename(temp, root)
    await sync(dirname(root))
    const bytes = Object.values(manifest.files).reduce((sum, entry) => sum + entry.bytes, 0)
    progress.end()
    return { root, city: manifest.city, files: found.size, bytes }
  } catch (error) {
    await rm(temp, { recursive: true, force: true })
    throw error
  }
}

type Manifest = z.infer<typeof manifestSchema>

async function unpack(
  file: string,
  folder: string,
  onFile: (done: number) => void,
): Promise<{ manifest: Manifest; found: Map<string, string> }> {
  const found = new Map<string, string>()
  let manifest: Manifest | undefined
  const tar = extract()
  const reading = pipeline(createReadStream(file), createGunzip(), tar)
  // It may fail before the loop below gets there, which tells the same.
  reading.catch(() => {})
  try {
    for await (const entry of tar) {
      const chunks: Uint8Array[] = []
      for await (const chunk of entry) chunks.push(chunk as Uint8Array)
      const body = Buffer.concat(chunks)
      const { name } = entry.header
      if (name === BACKUP_MANIFEST) {
        manifest = manifestSchema.parse(JSON.parse(body.toString('utf8')))
        continue
      }
      await write(join(folder, ...safeSegments(name)), body)
      // A file that changed while it was backed up is there twice; the later one counts.
      found.set(name, sha256(body))
      onFile(found.size)
    }
    await reading
  } catch (error) {
    await reading.catch(() => {})
    throw unreadable(file, error)
  }
  if (manifest === undefined) throw unreadable(file, new Error('it ends before its manifest'))
  return { manifest, found }
}

function check(file: string, manifest: Manifest, found: ReadonlyMap<string, string>): void {
  if (manifest.lake_format > LAKE_FORMAT) {
    throw new OperatorError(
      'MISMATCH',
      `${file} holds a lake of format ${manifest.lake_format}, and this program reads format ${LAKE_FORMAT}`,
      'Restore it with the newer program that wrote it.',
    )
  }
  const wrong = Object.entries(manifest.files).filter(([key, { sha256: hash }]) => found.get(key) !== hash)
  const extra = [...found.keys()].filter((key) => manifest.files[key] === undefined)
  const [first] = [...wrong.map(([key]) => key), ...extra]
  if (first !== undefined || manifest.files[LAKE_KEY] === undefined) {
    throw new OperatorError(
      'CORRUPT',
      `${file} is damaged: ${wrong.length + extra.length} files do not match its manifest, the first is ${first ?? LAKE_KEY}`,
      'Take an older backup; nothing was restored.',
    )
  }
}

async function requireEmpty(root: string): Promise<void> {
  const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new OperatorError(
      'UNAVAILABLE',
      `${root} cannot be looked into: ${error.message}`,
      undefined,
      error,
    )
  })
  if (names.length === 0) return
  throw new OperatorError(
    'WRITE_CONFLICT',
    `${root} is not empty (${names.length} entries)`,
    'Restore into a new folder, or move this one away.',
  )
}

/** The parts of a key; a name that would lead out of the folder is CORRUPT. */
function safeSegments(name: string): string[] {
  const segments = name.split('/')
  if (segments.every((s) => s !== '' && s !== '.' && s !== '..') && !/[\\\0]/.test(name)) return segments
  throw new OperatorError('CORRUPT', `the backup holds a file with the name ${JSON.stringify(name)}`)
}

async function write(path: string, body: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, 'w')
  try {
    await handle.writeFile(body)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function unreadable(file: string, error: unknown): OperatorError {
  if (error instanceof OperatorError) return error
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT')
    return new OperatorError('NOT_FOUND', `${file} is not there`, 'Check the path.', error)
  if (code === 'ENOSPC' || code === 'EACCES' || code === 'EROFS')
    return new OperatorError(
      'UNAVAILABLE',
      `restoring failed: ${messageOf(error)}`,
      'Make room, or choose another folder.',
      error,
    )
  return new OperatorError(
    'CORRUPT',
    `${file} is no whole backup: ${messageOf(error)}`,
    'Take another backup; nothing was restored.',
    error,
  )
}
