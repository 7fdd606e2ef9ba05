// Does what deploy/Dockerfile says in fresh root folders (debootstrap, chroot), since an engine may not be at hand, and prints
// as one line of JSON where the last stage is and what it is started with. Needs root. What cannot be had is said with its
// reason, and the exit code is 3. `--keep-in FILE` is where the line is written to instead.
//   sudo node scripts/container-check.mjs
// It leaves open what only an engine and the real image can show: the base image's own files, layers, and its signals.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { baseRoot } from './container/base-root.mjs'
import { buildRoot } from './container/build.mjs'
import { openProgress, SetupError } from './setup/progress.mjs'

const checkout = fileURLToPath(new URL('..', import.meta.url))
const progress = openProgress({ quiet: false })
try {
  const { remove: _, ...built } = await buildRoot({ checkout, base: await baseRoot(progress), progress })
  const line = `${JSON.stringify(built)}\n`
  const at = process.argv.indexOf('--keep-in')
  if (at === -1) process.stdout.write(line)
  else writeFileSync(process.argv[at + 1], line)
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`container-check: ${error.message}\n`)
  process.exitCode = 3
}
