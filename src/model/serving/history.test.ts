import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Crash, crashingAt } from '../../../test/support/lake-fixtures.ts'
import { makeTempDir } from '../../../test/support/temp-dir.ts'
import type { Change } from '../../core/contracts/history.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import { openDirectoryStore } from '../../platform/local/directory-store.ts'
import type { ObjectStore, Warehouse } from '../../platform/ports.ts'
import { appendHistory, readHistory, servedAt, verifyHistory } from './history.ts'

const served = (config: string): Change['to'] => ({
  endpoint_config: config,
  variants: [
    {
      variant: 'AllTraffic',
      group: 'bikeshare-nyc-bikes',
      model_version: `v-${config}`,
      model_name: `model-${config}`,
      weight: 1,
      threshold: 0.2,
    },
  ],
})

/** Appending reads and writes no table. */
const warehouse = {} as Warehouse

const change = (at: number, to: string | null, endpoint = 'bikeshare-prod'): Change => ({
  endpoint,
  city: 'nyc',
  target: 'bikes',
  action: to === null ? 'delete' : 'deploy',
  at,
  by: 'ann',
  why: 'a test',
  from: null,
  to: to === null ? null : served(to),
})

describe('the history of what serves', () => {
  let folder: string
  let store: ObjectStore
  beforeEach(async () => {
    folder = await makeTempDir()
    store = openDirectoryStore(folder)
    for (const [at, to] of [
      [100, 'a'],
      [200, 'b'],
      [300, 'a'],
      [400, null],
      [500, 'c'],
    ] as const)
      await appendHistory(store, change(at, to))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const keys = async (): Promise<string[]> => {
    const found: string[] = []
    for await (const { key } of store.list('history/')) if (!key.endsWith('head.json')) found.push(key)
    return found
  }
  const text = async (key: string): Promise<string> =>
    new TextDecoder().decode((await store.get(key))?.body ?? new Uint8Array())

  it('says what served at every second', async () => {
    const entries = await readHistory(store)
    const at = (t: number): string | null | undefined =>
      servedAt(entries, 'bikeshare-prod', t)?.endpoint_config
    expect([99, 100, 199, 200, 299, 300, 399, 400, 499, 500, 9999].map(at)).toEqual([
      undefined,
      'a',
      'a',
      'b',
      'b',
      'a',
      'a',
      undefined,
      undefined,
      'c',
      'c',
    ])
    expect(servedAt(entries, 'bikeshare-prod', 99)).toBeNull()
    expect(servedAt(entries, 'bikeshare-prod', 450)).toBeNull()
    expect(servedAt(entries, 'another', 450)).toBeUndefined()
  })

  it('is in order when it is as it was written', async () => {
    expect(await verifyHistory(store)).toEqual([])
  })

  it('appends no change twice, and takes what came before from the line before', async () => {
    await appendHistory(store, change(600, 'c'))
    expect(await keys()).toHaveLength(5)
    expect((await readHistory(store)).map((entry) => entry.from?.endpoint_config ?? null)).toEqual([
      null,
      'a',
      'b',
      'a',
      null,
    ])
  })

  it('finds an altered line', async () => {
    const [, second = ''] = await keys()
    await store.put(second, (await text(second)).replace('"by":"ann"', '"by":"eve"'))
    expect(await verifyHistory(store)).toEqual(['line 2 was altered: its hash is of something else'])
  })

  it('finds a line that was written anew with a hash that fits it, by the line after it', async () => {
    const [, second = ''] = await keys()
    const { hash: _, ...body } = { ...(await readHistory(store))[1], by: 'eve' }
    await store.put(second, `${JSON.stringify({ ...body, hash: sha256(canonicalJson(body)) })}\n`)
    expect(await verifyHistory(store)).toEqual(['line 3 does not follow the line before it'])
  })

  it.each([0, 1, 2, 3, 4])('finds that line %i is gone', async (index) => {
    await store.delete((await keys())[index] ?? '')
    expect((await verifyHistory(store)).length).toBeGreaterThan(0)
  })

  it('finds lines that changed places', async () => {
    const [, second = '', third = ''] = await keys()
    const [a, b] = [await text(second), await text(third)]
    await store.put(second, b)
    await store.put(third, a)
    expect((await verifyHistory(store)).join('\n')).toContain('line 2 says it is line 3')
  })

  it('finds a line that was put in, with hashes made to fit', async () => {
    const head = (await store.get('history/head.json'))?.body ?? ''
    await appendHistory(store, change(600, 'd'))
    await store.put('history/head.json', head)
    expect(await verifyHistory(store)).toEqual(['added behind the last line (5): 1'])
  })

  it('finds a line that can not be read, and still looks at the others', async () => {
    const [first = '', second = ''] = await keys()
    await store.put(first, '{"torn')
    await store.put(second, (await text(second)).replace('"by":"ann"', '"by":"eve"'))
    const problems = await verifyHistory(store)
    expect(problems[0]).toContain('0000000001.json is damaged')
    expect(problems[1]).toContain('line 2 was altered')
  })

  it('is whole after a kill at any write of an append that is then done again', async () => {
    for (const at of [0, 1, 2]) {
      const { store: dying } = crashingAt({ store, warehouse }, at)
      await expect(appendHistory(dying, change(600 + at, `k${at}`))).rejects.toThrow(Crash)
      expect(await verifyHistory(store)).toEqual([])
      await appendHistory(store, change(600 + at, `k${at}`))
      expect(await verifyHistory(store)).toEqual([])
    }
    expect(await keys()).toHaveLength(8)
  })

  it('takes changes of two endpoints at the same time, each once', async () => {
    await Promise.all(
      ['x', 'y', 'z'].map((to, i) => appendHistory(store, change(900 + i, to, `bikeshare-${to}`))),
    )
    expect(await verifyHistory(store)).toEqual([])
    expect(await keys()).toHaveLength(8)
  })
})
