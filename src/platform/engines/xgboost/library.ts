import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { xgboostVersion } from './c-functions.ts'

/** A library that was found, and loads. */
export interface FoundLibrary {
  readonly path: string
  /** As the library says itself, e.g. `1.7.6`. */
  readonly version: string
  readonly source: 'environment' | 'setup' | 'system' | 'python'
}

export interface LibrarySearch {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's home folder. */
  readonly home: string
  /** `process.platform` and `process.arch`, for tests. */
  readonly platform?: string
  readonly arch?: string
  /** Folders of the system's libraries, for tests. */
  readonly systemFolders?: readonly string[]
  /** Version of a library file; throws when it does not load. For tests. */
  readonly probe?: (path: string) => string
}

/**
 * Looks for XGBoost's shared library: the file named by XGBOOST_LIBRARY; what set-up put into the user's cache; the
 * system's (Debian's libxgboost0, Homebrew's); a Python package. The first that loads is taken. CONFIG when
 * XGBOOST_LIBRARY names a file that does not, UNAVAILABLE when there is none.
 */
export function findXgboostLibrary(search: LibrarySearch): FoundLibrary {
  const probe = search.probe ?? xgboostVersion
  const named = search.env['XGBOOST_LIBRARY']
  if (named) return namedLibrary(named, probe)
  const failures: string[] = []
  for (const place of places(search))
    for (const path of place.paths())
      try {
        return { path, version: probe(path), source: place.source }
      } catch (error) {
        failures.push(messageOf(error))
      }
  throw new OperatorError(
    'UNAVAILABLE',
    `XGBoost's library was not found (looked in XGBOOST_LIBRARY, ${cacheFolder(search)}, the system's libraries and Python's packages)${failures.map((failure) => `; ${failure}`).join('')}`,
    'Run `npm run setup`, or set XGBOOST_LIBRARY to a libxgboost 1.7.',
  )
}

/** Where set-up keeps the library: `xgboost/VERSION/` below it. */
export function cacheFolder({ env, home }: Pick<LibrarySearch, 'env' | 'home'>): string {
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'bikeshare', 'xgboost')
}

function namedLibrary(path: string, probe: (path: string) => string): FoundLibrary {
  try {
    return { path, version: probe(path), source: 'environment' }
  } catch (error) {
    throw new OperatorError(
      'CONFIG',
      `XGBOOST_LIBRARY names ${path}: ${messageOf(error)}`,
      'Set it to a libxgboost 1.7, or unset it so that one is looked for.',
      error,
    )
  }
}

interface Place {
  readonly source: FoundLibrary['source']
  /** Existing files, best first. */
  paths(): string[]
}

function places(search: LibrarySearch): Place[] {
  const platform = search.platform ?? process.platform
  const file = LIBRARY_FILES[platform] ?? 'libxgboost.so'
  const packaged = ['xgboost', 'lib', file]
  return [
    {
      source: 'setup',
      paths() {
        const cache = cacheFolder(search)
        return existing(subfolders(cache).map((version) => join(cache, version, ...packaged)))
      },
    },
    {
      source: 'system',
      paths() {
        const folders = search.systemFolders ?? systemFolders(platform, search.arch ?? process.arch)
        const names = platform === 'linux' ? ['libxgboost.so.0', 'libxgboost.so.1.6.0', file] : [file]
        return existing(folders.flatMap((folder) => names.map((name) => join(folder, name))))
      },
    },
    {
      source: 'python',
      paths: () => existing(pythonFolders(search.env).map((folder) => join(folder, ...packaged))),
    },
  ]
}

const LIBRARY_FILES: Readonly<Record<string, string>> = {
  linux: 'libxgboost.so',
  darwin: 'libxgboost.dylib',
  win32: 'xgboost.dll',
}

const TRIPLETS: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
}

function systemFolders(platform: string, arch: string): string[] {
  if (platform === 'darwin') return ['/opt/homebrew/lib', '/usr/local/lib']
  if (platform !== 'linux') return []
  const triplet = TRIPLETS[arch]
  return [...(triplet ? [`/usr/lib/${triplet}`] : []), '/usr/local/lib', '/usr/lib']
}

/** Site folders of the active virtual environment and of the python3 on the PATH. */
function pythonFolders(env: LibrarySearch['env']): string[] {
  const code =
    'import site, sysconfig; print("\\n".join([sysconfig.get_path("platlib"), *site.getsitepackages(), site.getusersitepackages()]))'
  const active = env['VIRTUAL_ENV']
  const interpreters = [...(active ? [join(active, 'bin', 'python3')] : []), 'python3']
  return interpreters.flatMap((python) => {
    const asked = spawnSync(python, ['-c', code], { env: { ...env }, encoding: 'utf8', timeout: 10_000 })
    return asked.status === 0 ? asked.stdout.split('\n').filter((line) => line !== '') : []
  })
}

/** Names of the folders in a folder, the highest version first. */
function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => /^\d+(\.\d+)*$/.test(name))
  return names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

/** The files that are there, without links, since a library finds its companions from where it really is. */
function existing(paths: readonly string[]): string[] {
  return [...new Set(paths.filter((path) => existsSync(path)).map((path) => realpathSync(path)))]
}
