import { mkdir, realpath, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import { libraryPath } from '../../../../test/support/stump-model.ts'
import { OperatorError } from '../../../core/errors.ts'
import { xgboostVersion } from './c-functions.ts'
import { cacheFolder, findXgboostLibrary } from './library.ts'

async function put(...path: string[]): Promise<string> {
  const file = join(...path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, '')
  return realpath(file)
}

/** A machine with a library in every place; `broken` are files that do not load. */
async function machine(broken: readonly string[] = []) {
  const home = await tempDir()
  const site = join(home, 'venv/site')
  const python = join(home, 'venv/bin/python3')
  await mkdir(dirname(python), { recursive: true })
  await writeFile(python, `#!/bin/sh\necho ${site}\n`, { mode: 0o755 })
  const files = {
    named: await put(home, 'named.so'),
    old: await put(home, '.cache/bikeshare/xgboost/1.7.5/xgboost/lib/libxgboost.so'),
    cached: await put(home, '.cache/bikeshare/xgboost/1.7.10/xgboost/lib/libxgboost.so'),
    system: await put(home, 'system/libxgboost.so.0'),
    python: await put(site, 'xgboost/lib/libxgboost.so'),
  }
  const search = {
    home,
    env: { PATH: '/nowhere', VIRTUAL_ENV: join(home, 'venv') },
    platform: 'linux',
    systemFolders: [join(home, 'system')],
    probe(path: string) {
      if (broken.some((name) => path.includes(name)))
        throw new OperatorError('UNAVAILABLE', `${path} does not load`)
      return '1.7.6'
    },
  }
  return { files, search, home }
}

describe('looking for the library', () => {
  it('takes XGBOOST_LIBRARY before all else', async () => {
    const { files, search } = await machine()
    const env = { ...search.env, XGBOOST_LIBRARY: files.named }
    expect(findXgboostLibrary({ ...search, env })).toEqual({
      path: files.named,
      version: '1.7.6',
      source: 'environment',
    })
  })

  it('does not pass over a wrong XGBOOST_LIBRARY', async () => {
    const { search } = await machine(['gone.so'])
    const env = { ...search.env, XGBOOST_LIBRARY: '/gone.so' }
    expect(() => findXgboostLibrary({ ...search, env })).toThrow(
      expect.objectContaining({
        code: 'CONFIG',
        message: 'XGBOOST_LIBRARY names /gone.so: /gone.so does not load',
      }),
    )
  })

  it('goes from the cache with its highest version to the system and to Python', async () => {
    const order: [string[], 'cached' | 'old' | 'system' | 'python', string][] = [
      [[], 'cached', 'setup'],
      [['1.7.10'], 'old', 'setup'],
      [['.cache'], 'system', 'system'],
      [['.cache', 'system'], 'python', 'python'],
    ]
    for (const [broken, expected, source] of order) {
      const { files, search } = await machine(broken)
      expect(findXgboostLibrary(search)).toEqual({ path: files[expected], version: '1.7.6', source })
    }
  })

  it('says where it looked and what to do when there is none', async () => {
    const { search, home } = await machine(['.cache', 'system', 'venv'])
    expect(() => findXgboostLibrary(search)).toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE', hint: expect.stringContaining('npm run setup') }),
    )
    expect(() => findXgboostLibrary(search)).toThrow(cacheFolder({ env: {}, home }))
  })

  it('looks into XDG_CACHE_HOME where it is set', () => {
    expect(cacheFolder({ env: { XDG_CACHE_HOME: '/x' }, home: '/home/me' })).toBe('/x/bikeshare/xgboost')
  })

  it('reads the version that the library gives itself', () => {
    expect(xgboostVersion(libraryPath())).toMatch(/^\d+\.\d+\.\d+$/)
    expect(() => xgboostVersion(join(import.meta.dirname, 'library.ts'))).toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE' }),
    )
  })
})
