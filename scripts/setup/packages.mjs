import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { SetupError } from './progress.mjs'
import { run, tail } from './run.mjs'

/** Installs what package-lock.json asks for, unless it is there. */
export async function installPackages(root, progress) {
  const lockText = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lockText).digest('hex')
  const stamp = join(root, 'node_modules', '.bikeshare-setup')
  const stamped = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (stamped()) {
    progress.there('npm packages: there')
    return
  }
  await withLock('setup', root, async () => {
    if (stamped()) return
    if (!installed(root, JSON.parse(lockText)))
      await progress.step('Installing npm packages', async () => {
        const result = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], root)
        if (result.missing) throw new SetupError('npm is missing: install it beside Node.')
        if (!result.ok) throw new SetupError(`npm could not install the packages:\n${tail(result.output)}`)
      })
    await writeFile(stamp, wanted)
  })
}

/** True when npm's own record says that every package of the lock file is there in its version. */
function installed(root, lock) {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const have = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(lock.packages).every(
    ([path, { version, optional, integrity }]) =>
      path === '' ||
      (have[path] === undefined
        ? optional === true
        : have[path].version === version && have[path].integrity === integrity),
  )
}

/** npm as it was started, or as it is on the PATH. */
function npm(args, cwd) {
  const self = process.env.npm_execpath
  return self && /npm-cli\.[cm]?js$/.test(self)
    ? run(process.execPath, [self, ...args], { cwd })
    : run('npm', args, { cwd, shell: process.platform === 'win32' })
}
