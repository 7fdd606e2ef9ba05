import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { awsCache } from '../aws-env/cache.mjs'
import { withLock } from '../setup/lock.mjs'
import { SetupError } from '../setup/progress.mjs'
import { run, tail } from '../setup/run.mjs'

const PACKAGES = 'ca-certificates,libstdc++6'

/**
 * A root folder that stands for the image of Node: Debian bookworm by debootstrap, with this machine's Node and npm in it and
 * the user `node`. It is made once and kept in the user's cache.
 */
export async function baseRoot(progress) {
  const folder = awsCache('debian-bookworm')
  if (existsSync(join(folder, '.complete'))) return folder
  if (process.getuid?.() !== 0) throw new SetupError('making a root folder needs root')
  await withLock('container', folder, async () => {
    if (existsSync(join(folder, '.complete'))) return
    await installDebootstrap()
    const made = `${folder}.making`
    await rm(made, { recursive: true, force: true })
    await mkdir(dirname(made), { recursive: true })
    await progress.step('Making a root folder of Debian bookworm', async () => {
      const args = ['--variant=minbase', `--include=${PACKAGES}`, 'bookworm', made]
      const result = await run('nice', ['debootstrap', ...args])
      if (!result.ok) throw new SetupError(`debootstrap failed: ${tail(result.output, 3)}`)
      await addNode(made)
    })
    await writeFile(join(made, '.complete'), '')
    await rm(folder, { recursive: true, force: true })
    await rename(made, folder)
  })
  return folder
}

async function installDebootstrap() {
  if ((await run('debootstrap', ['--version'])).ok) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env })
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'debootstrap'], { env })
  if (!(await run('debootstrap', ['--version'])).ok)
    throw new SetupError('debootstrap is missing and could not be installed')
}

/** What the image of Node has beside Debian: Node, npm, and a user of number 1000. */
async function addNode(root) {
  const local = join(root, 'usr/local')
  await mkdir(join(local, 'lib/node_modules'), { recursive: true })
  await cp(process.execPath, join(local, 'bin/node'))
  const prefix = (await run('npm', ['root', '--global'])).output.trim()
  await cp(join(prefix, 'npm'), join(local, 'lib/node_modules/npm'), { recursive: true, dereference: true })
  for (const args of [
    ['ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', '/usr/local/bin/npm'],
    ['groupadd', '--gid', '1000', 'node'],
    ['useradd', '--uid', '1000', '--gid', 'node', '--shell', '/bin/bash', '--create-home', 'node'],
  ]) {
    const result = await run('chroot', [root, ...args])
    if (!result.ok) throw new SetupError(`${args.join(' ')}: ${tail(result.output, 2)}`)
  }
}
