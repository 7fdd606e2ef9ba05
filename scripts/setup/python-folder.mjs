import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { withLock } from './lock.mjs'
import { SetupError } from './progress.mjs'
import { run, tail } from './run.mjs'

/** Makes a Python environment from a requirements file with hashes; one that is complete is left alone. */
export async function makePythonFolder({ label, folder, requirements, progress }) {
  const stamp = join(folder, '.complete')
  await withLock('python', folder, async () => {
    if (existsSync(stamp)) return
    await rm(folder, { recursive: true, force: true })
    await mkdir(dirname(folder), { recursive: true })
    await progress.step(label, async () => {
      await makeFolder(folder)
      const args = ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--require-hashes', '-r']
      const result = await run(join(folder, 'bin', 'python3'), [...args, requirements])
      if (!result.ok)
        throw new SetupError(`pip could not install ${basename(requirements)}: ${tail(result.output, 3)}`)
    })
    await writeFile(stamp, '')
  })
}

async function makeFolder(folder) {
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
