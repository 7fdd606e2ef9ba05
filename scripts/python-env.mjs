// Makes the Python environment of the suites that compare with Python, from test/python/requirements.txt, in the user's
// cache. Prints its interpreter. What is there already is left alone.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './setup/lock.mjs'
import { openProgress, SetupError } from './setup/progress.mjs'
import { run, tail } from './setup/run.mjs'

const requirements = fileURLToPath(new URL('../test/python/requirements.txt', import.meta.url))
const id = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16)
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const folder = join(cache, 'bikeshare', 'python', id)
const python = join(folder, 'bin', 'python3')
const stamp = join(folder, '.complete')

try {
  if (!existsSync(stamp))
    await withLock('python', folder, async () => {
      if (!existsSync(stamp)) await make(openProgress({ quiet: true }))
    })
  process.stdout.write(`${python}\n`)
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`python-env: ${error.message}\n`)
  process.exitCode = 3
}

async function make(progress) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(dirname(folder), { recursive: true })
  await progress.step('Making the Python environment of the parity suites', async () => {
    await makeFolder()
    const args = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--only-binary=:all:',
      '--require-hashes',
      '-r',
      requirements,
    ]
    const result = await run(python, args)
    if (!result.ok)
      throw new SetupError(`pip could not install test/python/requirements.txt: ${tail(result.output, 3)}`)
  })
  await writeFile(stamp, '')
}

async function makeFolder() {
  const args = ['-m', 'venv', '--clear', folder]
  const made = await run('python3', args)
  if (made.ok) return
  // Debian keeps venv apart from Python.
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-qq'], { env })
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3', 'python3-venv'], {
      env,
    })
    if ((await run('python3', args)).ok) return
  }
  throw new SetupError(
    'Python 3.11 or 3.12 with venv is missing: install it (on Debian: `sudo apt-get install python3-venv`).',
  )
}
