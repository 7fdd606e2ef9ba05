import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import type { Manifest } from '../../core/contracts/manifest.ts'
import { packModel } from '../../core/model-archive.ts'
import { exampleManifest } from '../../../test/support/example-model.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { readAliasFile } from './aliases.ts'
import {
  listModels,
  loadModel,
  modelGroup,
  readAliases,
  readManifest,
  registerModel,
  resolveModel,
  setAlias,
} from './registry.ts'

const GROUP = 'bikeshare-demo-bikes'
const OLD = '20240511T000000Z-aaaa0001'
const NEW = '20240518T000000Z-bbbb0002'
const MODEL = new TextEncoder().encode('trees')
const REPORT = { 'eval_summary.json': '{}', 'report.html': '<!doctype html>' }

let platform: LocalPlatform
const register = (changes: Partial<Manifest> = {}, model = MODEL, report = REPORT) =>
  registerModel(platform.store, { manifest: exampleManifest(changes), model, report })
const registerAt = (version: string, until: number) =>
  register({ version, training: { ...exampleManifest().training, until } })
const put = (path: string, body: Uint8Array | string) =>
  platform.store.put(`models/${GROUP}/${NEW}/${path}`, body)

beforeEach(async () => {
  platform = await openLocalPlatform()
})
afterEach(() => platform.close())

describe('registering', () => {
  it('makes a version that loads as it was given', async () => {
    const { manifest, created } = await register({ version: NEW })
    expect(created).toBe(true)
    const loaded = await loadModel(platform.store, GROUP, NEW, { city: 'demo', requireLibrary: '1.7' })
    expect(loaded.manifest).toEqual(manifest)
    expect([...loaded.model]).toEqual([...MODEL])
    expect(Object.keys(manifest.files)).toEqual([
      'model.tar.gz',
      'report/eval_summary.json',
      'report/report.html',
    ])
    expect(modelGroup('demo', 'bikes')).toBe(GROUP)
  })

  it('the same version twice, at another time, is a no-op', async () => {
    const { manifest } = await register({ version: NEW })
    const again = await register({ version: NEW, created_at: 1_800_000_000 })
    expect(again).toEqual({ manifest, created: false })
    expect(await listModels(platform.store, GROUP)).toEqual([manifest])
  })

  it('other content under the same version is refused, and changes nothing', async () => {
    await register({ version: NEW })
    await expect(register({ version: NEW, threshold: 0.3 })).rejects.toMatchObject({
      code: 'WRITE_CONFLICT',
      message: expect.stringContaining('threshold differ'),
    })
    await expect(register({ version: NEW }, new TextEncoder().encode('other'))).rejects.toThrow(
      /model_sha256/,
    )
    expect([...(await loadModel(platform.store, GROUP, NEW)).model]).toEqual([...MODEL])
  })

  it('of two different ones at once lets one win, which then loads', async () => {
    const outcomes = await Promise.allSettled([
      register({ version: NEW, threshold: 0.1 }),
      register({ version: NEW, threshold: 0.2 }),
    ])
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
    await loadModel(platform.store, GROUP, NEW)
  })

  it('killed before the manifest leaves no version, and can be done again', async () => {
    await put('model.tar.gz', 'half a fi')
    expect(await listModels(platform.store, GROUP)).toEqual([])
    await expect(readManifest(platform.store, GROUP, NEW)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await register({ version: NEW })).created).toBe(true)
    await loadModel(platform.store, GROUP, NEW)
  })
})

describe('loading', () => {
  beforeEach(() => register({ version: NEW }))

  it.each(['model.tar.gz', 'report/report.html'])('notices that %s was changed, or is gone', async (file) => {
    await put(file, await packModel(new TextEncoder().encode('other trees')))
    await expect(loadModel(platform.store, GROUP, NEW)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(file),
    })
    await platform.store.delete(`models/${GROUP}/${NEW}/${file}`)
    await expect(loadModel(platform.store, GROUP, NEW)).rejects.toThrow(/is gone/)
  })

  it('refuses a model of another city', async () => {
    await expect(loadModel(platform.store, GROUP, NEW, { city: 'sf' })).rejects.toMatchObject({
      code: 'MISMATCH',
      message: expect.stringContaining('trained on demo, not on sf'),
    })
  })

  it('refuses another contract, and names the first feature that differs', async () => {
    const swapped: string[] = [...FEATURE_NAMES]
    swapped[3] = FEATURE_NAMES[4]
    swapped[4] = FEATURE_NAMES[3]
    await register({ version: '20240519T000000Z-cccc0003', feature_names: swapped })
    await expect(loadModel(platform.store, GROUP, '20240519T000000Z-cccc0003')).rejects.toMatchObject({
      code: 'MISMATCH',
      message: expect.stringContaining(
        'feature 4 of bikeshare-demo-bikes 20240519T000000Z-cccc0003 is roll15_net_bikes, where contract v1 has delta_docks_5m',
      ),
    })
    await register({ version: '20240520T000000Z-dddd0004', feature_names: FEATURE_NAMES.slice(0, 24) })
    await expect(loadModel(platform.store, GROUP, '20240520T000000Z-dddd0004')).rejects.toThrow(
      /feature 25 .* is nothing, where contract v1 has weather_code/,
    )
    await register({ version: '20240521T000000Z-eeee0005', feature_contract: 'v2' })
    await expect(loadModel(platform.store, GROUP, '20240521T000000Z-eeee0005')).rejects.toThrow(/contract v2/)
  })

  it('refuses another library only where one is required', async () => {
    const version = '20240519T000000Z-cccc0003'
    await register({ version, library: { name: 'xgboost', version: '1.70.1' } })
    await loadModel(platform.store, GROUP, version)
    await expect(loadModel(platform.store, GROUP, version, { requireLibrary: '1.7' })).rejects.toThrow(
      /made by xgboost 1\.70\.1; only 1\.7 may serve/,
    )
  })

  it('says which manifest is damaged, and how', async () => {
    await put('manifest.json', '{"manifest_version": 1')
    await expect(readManifest(platform.store, GROUP, NEW)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(`models/${GROUP}/${NEW}/manifest.json is not JSON`),
    })
    await put('manifest.json', '{"manifest_version": 2}')
    await expect(readManifest(platform.store, GROUP, NEW)).rejects.toThrow(/manifest_version/)
    const { manifest } = await registerAt(OLD, 1)
    await put('manifest.json', JSON.stringify(manifest))
    await expect(readManifest(platform.store, GROUP, NEW)).rejects.toThrow(
      new RegExp(`is the manifest of ${GROUP} ${OLD}`),
    )
  })
})

describe('a name', () => {
  beforeEach(async () => {
    await registerAt(NEW, 2000)
    await registerAt(OLD, 1000)
    await setAlias(platform.store, GROUP, 'production', OLD, { by: 'ana', now: 10 })
  })

  it.each([
    [NEW, NEW],
    ['production', OLD],
    ['latest', NEW],
    ['20240511', OLD],
  ])('%s means %s', async (name, version) => {
    expect(await resolveModel(platform.store, GROUP, name)).toBe(version)
  })

  it('that means nothing gets an answer that says what there is', async () => {
    await expect(resolveModel(platform.store, GROUP, 'staging')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: `Versions: ${OLD}, ${NEW}. Aliases: production (${OLD}).`,
    })
    await expect(resolveModel(platform.store, GROUP, '')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(resolveModel(platform.store, 'bikeshare-demo-docks', 'latest')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('bikeshare train'),
    })
  })

  it('that begins several versions is refused', async () => {
    await expect(resolveModel(platform.store, GROUP, '202405')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`${OLD}, ${NEW}`),
    })
  })

  it('of a version that is gone says so', async () => {
    await platform.store.delete(`models/${GROUP}/${OLD}/manifest.json`)
    await expect(resolveModel(platform.store, GROUP, 'production')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

describe('an alias', () => {
  beforeEach(async () => {
    await registerAt(NEW, 2000)
    await registerAt(OLD, 1000)
  })
  const point = (alias: string, version: string, now = 10) =>
    setAlias(platform.store, GROUP, alias, version, { by: 'ana', now })

  it('keeps who moved it and when, and nothing for a move that changes nothing', async () => {
    await point('production', OLD, 10)
    await point('production', NEW, 20)
    await point('production', NEW, 30)
    expect(await readAliases(platform.store, GROUP)).toEqual({ production: NEW })
    expect((await readAliasFile(platform.store, GROUP)).file.history).toEqual([
      { alias: 'production', version: OLD, at: 10, by: 'ana' },
      { alias: 'production', version: NEW, at: 20, by: 'ana' },
    ])
  })

  it('set by many at once loses none of them', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `candidate-${i}`)
    await Promise.all(names.map((name) => point(name, NEW)))
    expect(Object.keys(await readAliases(platform.store, GROUP)).sort()).toEqual(names)
  })

  it('is refused for a version that is not there, and under a name that would be misread', async () => {
    await expect(point('production', '20990101T000000Z-00000000')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    for (const name of ['latest', 'Production', '', '20240511', 'a/b'])
      await expect(point(name, NEW)).rejects.toMatchObject({ code: 'USAGE' })
    expect(await readAliases(platform.store, GROUP)).toEqual({})
  })

  it('file that is damaged is named', async () => {
    await platform.store.put(`models/${GROUP}/aliases.json`, '[]')
    await expect(readAliases(platform.store, GROUP)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(`models/${GROUP}/aliases.json`),
    })
  })
})
