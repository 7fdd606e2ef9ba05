import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/**
 * Runs `work` while no other process runs work of this name for this folder: two set-ups at once must not install into
 * each other. A holder that died is passed over. The lock comes and goes whole, by renaming: there is never one without the
 * number of its holder.
 */
export async function withLock(name, folder, work) {
  const id = createHash('sha256').update(`${userInfo().username}\n${folder}`).digest('hex').slice(0, 16)
  const lock = join(tmpdir(), `bikeshare-${name}-${id}.lock`)
  const mine = await mkdtemp(`${lock}.`)
  await writeFile(join(mine, 'pid'), String(process.pid))
  while (!(await taken(mine, lock))) {
    const holder = await readFile(join(lock, 'pid'), 'utf8').catch(() => undefined)
    if (holder === undefined) continue
    if (alive(Number(holder))) await setTimeout(100)
    else await breakLock(lock)
  }
  try {
    return await work()
  } finally {
    await rename(lock, mine)
    await rm(mine, { recursive: true, force: true })
  }
}

async function taken(mine, lock) {
  try {
    await rename(mine, lock)
    return true
  } catch (error) {
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false
    throw error
  }
}

/** Removes a dead holder's lock, unless another process has just taken its place. */
async function breakLock(lock) {
  const aside = `${lock}.${process.pid}`
  try {
    await rename(lock, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  const holder = await readFile(join(aside, 'pid'), 'utf8').catch(() => '')
  if (alive(Number(holder))) await rename(aside, lock).catch(() => {})
  else await rm(aside, { recursive: true, force: true })
}

function alive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
