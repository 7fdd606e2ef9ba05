import { type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { OperatorError } from '../../core/errors.ts'
import { diskError, errnoOf } from './disk-error.ts'
import { withFolderLock } from './folder-lock.ts'

/** Folder at the root that holds files not yet whole; what a killed process left there may be removed at any time. */
export const TEMP_FOLDER = '.tmp'

/** Publishing retries when a folder it made is removed as empty by somebody else's delete. */
const FOLDER_RETRIES = 20

let counter = 0

/** Makes the root and its temp folder; returns the temp folder's path. */
export async function makeTempFolder(root: string): Promise<string> {
  const folder = join(root, TEMP_FOLDER)
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw diskError(error, 'Making', folder)
  }
  return folder
}

/** A name in the temp folder that no other file has had in this process; another machine's process may share its pid. */
export function tempName(root: string): string {
  counter += 1
  return join(root, TEMP_FOLDER, `${process.pid}-${counter}`)
}

/** Creates a new temp file, whatever else is in the temp folder. */
export async function openTempFile(root: string): Promise<{ path: string; handle: FileHandle }> {
  for (;;) {
    const path = tempName(root)
    try {
      return { path, handle: await open(path, 'wx') }
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') await makeTempFolder(root)
      else if (errnoOf(error) !== 'EEXIST') throw error
    }
  }
}

/** Forces a folder's entries to the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** When a finished file may take its place. Without either, it replaces what is there. */
export interface PublishRule {
  /** Only when nothing is there. */
  readonly ifAbsent?: boolean
  /** Only when this says yes; nothing below `root` changes between its answer and the new file's arrival. */
  readonly onlyIf?: () => Promise<boolean>
}

/**
 * Gives a finished, synced temp file its name under `root`, atomically and durably. A refusing rule rejects with
 * WRITE_CONFLICT; however it ends, the temp file is gone.
 */
export async function publish(
  root: string,
  temp: string,
  target: string,
  rule: PublishRule = {},
): Promise<void> {
  const name = relative(root, target).split(sep).join('/')
  try {
    for (let attempt = 1; ; attempt += 1) {
      const made = await mkdir(dirname(target), { recursive: true })
      try {
        await withFolderLock(root, rule.onlyIf ? 'exclusive' : 'shared', async () => {
          if (rule.onlyIf && !(await rule.onlyIf()))
            throw new OperatorError(
              'WRITE_CONFLICT',
              `${name} was changed by somebody else`,
              'Read it again, then retry.',
            )
          await (rule.ifAbsent ? link(temp, target) : rename(temp, target))
        })
      } catch (error) {
        if (errnoOf(error) === 'ENOENT' && attempt < FOLDER_RETRIES) continue
        if (errnoOf(error) === 'EEXIST' && rule.ifAbsent)
          throw new OperatorError('WRITE_CONFLICT', `${name} is there already`, undefined, error)
        throw error
      }
      await syncFolders(dirname(target), made)
      return
    }
  } catch (error) {
    throw diskError(error, 'Writing', target)
  } finally {
    await rm(temp, { force: true }).catch(() => {})
  }
}

/** Syncs a folder and, up to the topmost one just made, those above it, whose entries are new as well. */
async function syncFolders(folder: string, made: string | undefined): Promise<void> {
  const top = made === undefined ? folder : dirname(made)
  for (let at = folder; ; at = dirname(at)) {
    try {
      await syncFolder(at)
    } catch (error) {
      // Removed again as empty by a delete of the very object; then there is nothing left to make durable.
      if (errnoOf(error) !== 'ENOENT') throw error
    }
    if (at === top || at === dirname(at)) return
  }
}
