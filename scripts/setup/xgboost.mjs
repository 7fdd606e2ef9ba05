import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SetupError } from './progress.mjs'
import { run, tail } from './run.mjs'
import { unzip } from './wheel.mjs'

const VERSION = '1.7.6'

/** sha256 of PyPI's wheels of this version, by platform: Linux x86-64 and arm64, macOS arm64 and x86-64, Windows. */
const WHEEL_HASHES = [
  'b1d5db49b199152d62bd9217c98760207d3de86d2b9d243260c573ffe638f80a',
  '281c3c6f4fbed2d36bf95cd02a641afa95e72e9abde70064056da5e76233e8df',
  '59b4b366d2cafc7f645e87d897983a5b59be02876194b1d213bd8d8b811d8ce8',
  '4c34675b4d2678c624ddde5d45361e7e16046923e362e4e609b88353e6b87124',
  '127cf1f5e2ec25cd41429394c6719b87af1456ce583e89f0bffd35d02ad18bcb',
]

/** Programs that can fetch a package from PyPI, as they are found on machines. */
const PIPS = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['uvx', 'pip'], ['pipx', 'run', 'pip']]

/**
 * Finds XGBoost's library, or installs it: as root on Debian its package, else the wheel into the user's cache.
 * `source` (`debian` or `wheel`) forces one of the two. Ends with the library loaded once.
 */
export async function installXgboost(root, progress, source) {
  const { findXgboostLibrary, cacheFolder } = await import(
    pathToFileURL(join(root, 'dist/platform/engines/xgboost/library.js')).href
  )
  const search = { env: process.env, home: homedir() }
  if (source === undefined) {
    const found = lookFor(() => findXgboostLibrary(search))
    if (found) return tell(progress, found)
  }
  const failures = []
  const isRoot = process.getuid?.() === 0
  if (source === 'debian' || (source === undefined && isRoot && existsSync('/usr/bin/apt-get'))) {
    const failed = await installDebian(progress)
    const found = failed ?? lookFor(() => findXgboostLibrary(search))
    if (found?.path) return tell(progress, found)
    failures.push(failed ?? 'the package libxgboost0 brought no library that loads')
  }
  if (source !== 'debian') {
    const failed = await installWheel(cacheFolder(search), progress)
    // Forced, the cache is what was asked for, whatever else the machine has.
    const only = source === 'wheel' ? { ...search, env: { ...process.env, XGBOOST_LIBRARY: '' } } : search
    const found = failed ?? lookFor(() => findXgboostLibrary(only))
    if (found?.path) return tell(progress, found)
    failures.push(failed ?? `the wheel of xgboost ${VERSION} holds no library that loads on this machine`)
  }
  throw new SetupError(
    `XGBoost's library is missing (${failures.join('; ')}): install Debian's libxgboost0, or Python's pip and run this again, or set XGBOOST_LIBRARY to a libxgboost 1.7.`,
  )
}

/** The library; undefined when there is none, while a wrong XGBOOST_LIBRARY is an error of its own. */
function lookFor(find) {
  try {
    return find()
  } catch (error) {
    if (error.code === 'UNAVAILABLE') return undefined
    throw new SetupError(`${error.message}${error.hint ? `\n${error.hint}` : ''}`)
  }
}

function tell(progress, { version, path, source }) {
  progress.there(`XGBoost ${version}: there (${source}: ${path})`)
  if (!version.startsWith('1.7.'))
    progress.say(`XGBoost ${version} works here; for an endpoint on SageMaker's 1.7-1 image, 1.7 is needed.`)
}

/** Undefined when done, else what was in the way. */
async function installDebian(progress) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return progress.step('Installing XGBoost (Debian package libxgboost0)', async () => {
    await run('apt-get', ['update', '-qq'], { env })
    const result = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'libxgboost0'], {
      env,
    })
    return result.ok ? undefined : `apt-get could not install libxgboost0: ${tail(result.output, 1)}`
  })
}

/** Undefined when done, else what was in the way. */
async function installWheel(cache, progress) {
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, '.tmp-'))
  try {
    const failed = await progress.step(`Fetching XGBoost (wheel of xgboost ${VERSION}, up to 200 MB)`, () =>
      fetchWheel(work),
    )
    if (failed) return failed
    const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'))
    if (!wheel) return 'pip fetched no wheel'
    const unpacked = join(work, 'unpacked')
    await progress.step('Unpacking XGBoost', (part) =>
      unzip(
        join(work, wheel),
        unpacked,
        (name) => /^xgboost\/(lib|\.dylibs)\/|^xgboost\.libs\//.test(name),
        part,
      ),
    )
    const target = join(cache, VERSION)
    await rm(target, { recursive: true, force: true })
    // Another set-up may have put the same files there in between.
    await rename(unpacked, target).catch((error) => {
      if (!existsSync(target)) throw error
    })
    return undefined
  } catch (error) {
    return `the wheel could not be unpacked: ${error.message}`
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function fetchWheel(folder) {
  const requirements = join(folder, 'requirements.txt')
  const hashes = WHEEL_HASHES.map((hash) => ` \\\n  --hash=sha256:${hash}`).join('')
  await writeFile(requirements, `xgboost==${VERSION}${hashes}\n`)
  const args = [
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    '-r',
    requirements,
    '-d',
    folder,
  ]
  let failure = 'there is no pip'
  for (const [command, ...before] of PIPS) {
    const probe = await run(command, [...before, '--version'])
    if (!probe.ok) continue
    const result = await run(command, [...before, ...args])
    if (result.ok) return undefined
    failure = `pip could not fetch xgboost ${VERSION}: ${tail(result.output, 1)}`
  }
  return failure
}
