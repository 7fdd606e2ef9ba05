import { existsSync } from 'node:fs'
import { chmod, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '../../../core/errors.ts'

/** USAGE unless a folder is absent, empty, or a snapshot from before. */
export async function checkTarget(target: string): Promise<void> {
  const names = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new OperatorError('USAGE', `${target} is no folder`, 'Name a folder.', error)
  })
  if (names.length === 0 || existsSync(join(target, 'data', 'session.json'))) return
  throw new OperatorError('USAGE', `${target} holds something else`, 'Name a new folder.')
}

/**
 * Fills `made`, then puts it where `target` is: whoever looks sees the one before or this one, whole. When filling fails
 * nothing has changed.
 */
export async function putInPlace(made: string, target: string, fill: () => Promise<void>): Promise<void> {
  const old = `${made}-old`
  try {
    await fill()
    // Temporary folders are their owner's alone; a web host may run as somebody else.
    await chmod(made, 0o755)
    if (existsSync(target)) await rename(target, old)
    await rename(made, target)
  } catch (error) {
    if (!existsSync(target) && existsSync(old)) await rename(old, target)
    throw error
  } finally {
    await rm(made, { recursive: true, force: true })
    await rm(old, { recursive: true, force: true })
  }
}
