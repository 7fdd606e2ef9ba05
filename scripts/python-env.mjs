// Makes the Python environment of the suites that compare with Python, from test/python/requirements.txt, in the user's
// cache. Prints its interpreter. What is there already is left alone.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openProgress, SetupError } from './setup/progress.mjs'
import { makePythonFolder } from './setup/python-folder.mjs'

const requirements = fileURLToPath(new URL('../test/python/requirements.txt', import.meta.url))
const id = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16)
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const folder = join(cache, 'bikeshare', 'python', id)
const python = join(folder, 'bin', 'python3')

try {
  if (!existsSync(join(folder, '.complete')))
    await makePythonFolder({
      label: 'Making the Python environment of the parity suites',
      folder,
      requirements,
      progress: openProgress({ quiet: true }),
    })
  process.stdout.write(`${python}\n`)
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`python-env: ${error.message}\n`)
  process.exitCode = 3
}
