// Checks .github/workflows with actionlint, a Go module that is installed into the user's cache by its exact version.
import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './setup/lock.mjs'
import { SetupError } from './setup/progress.mjs'
import { run, tail } from './setup/run.mjs'

/** Builds with Debian's Go (1.19) too; later versions do not. */
const VERSION = 'v1.7.7'
const MODULE = 'github.com/rhysd/actionlint/cmd/actionlint'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const folder = join(cache, 'bikeshare', 'actionlint', VERSION)
const program = join(folder, 'actionlint')

try {
  if (!existsSync(program))
    await withLock('actionlint', folder, async () => {
      if (!existsSync(program)) await install()
    })
  // No shellcheck or pyflakes that happen to be there: the same everywhere.
  const result = await run(program, ['-no-color', '-shellcheck=', '-pyflakes='], { cwd: root })
  process.stdout.write(result.output)
  if (!result.ok) process.exitCode = 1
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`actionlint: ${error.message}\n`)
  process.exitCode = 3
}

async function install() {
  const go = await goCommand()
  const making = `${folder}.${process.pid}`
  await mkdir(making, { recursive: true })
  const env = { ...process.env, GOBIN: making, GOFLAGS: '-mod=mod' }
  const result = await run(go, ['install', `${MODULE}@${VERSION}`], { cwd: making, env })
  if (!result.ok) throw new SetupError(`${MODULE}@${VERSION} could not be installed:\n${tail(result.output)}`)
  await mkdir(dirname(folder), { recursive: true })
  await rename(making, folder)
}

/** Go as it is on the PATH or where its own installer puts it; as root on Debian it is installed. */
async function goCommand() {
  const found = await firstThatRuns()
  if (found) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-qq'], { env })
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'golang-go'], { env })
    const installed = await firstThatRuns()
    if (installed) return installed
  }
  throw new SetupError('Go is missing: install it (on Debian: `sudo apt-get install golang-go`).')
}

async function firstThatRuns() {
  for (const go of ['go', '/usr/local/go/bin/go', '/usr/bin/go'])
    if ((await run(go, ['version'])).ok) return go
  return undefined
}
