import * as fc from 'fast-check'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { crashingAt, filesBelow } from '../../../../test/support/lake-fixtures.ts'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import { silentReporter } from '../../../core/report.ts'
import { openDirectoryStore } from '../../../platform/local/directory-store.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import { syncLakes, type SyncOptions, type SyncResult } from './sync-lakes.ts'

interface Pair {
  readonly source: ObjectStore
  readonly target: ObjectStore
  readonly folders: { readonly source: string; readonly target: string }
  sync(more?: Partial<SyncOptions>, to?: ObjectStore): Promise<SyncResult>
}

async function openPair(): Promise<Pair> {
  const folders = { source: await tempDir(), target: await tempDir() }
  const source = openDirectoryStore(folders.source)
  const target = openDirectoryStore(folders.target)
  return {
    source,
    target,
    folders,
    sync: (more = {}, to = target) =>
      syncLakes({
        from: { store: source, address: 'here' },
        to: { store: to, address: 'there' },
        report: silentReporter,
        ...more,
      }),
  }
}

/** Files of a lake with their hashes, without what syncs remember. */
const lakeFiles = (folder: string): Promise<Record<string, string>> => filesBelow(folder, /^sync\//)

describe('syncing lakes', () => {
  it('copies what is there, then only what is new or has changed', async () => {
    const pair = await openPair()
    for (const key of ['lake.json', 'curated/a/day.parquet', 'models/m/1/manifest.json'])
      await pair.source.put(key, key)
    expect(await pair.sync()).toMatchObject({ copied: 3, same: 0 })
    expect(await lakeFiles(pair.folders.target)).toEqual(await lakeFiles(pair.folders.source))
    expect(await pair.sync()).toMatchObject({ copied: 0, same: 3 })
    await pair.source.put('curated/a/day.parquet', 'more')
    await pair.source.put('curated/b/day.parquet', 'new')
    expect(await pair.sync()).toMatchObject({ copied: 2, copiedBytes: 7, same: 2 })
    expect(await lakeFiles(pair.folders.target)).toEqual(await lakeFiles(pair.folders.source))
  })

  it('removes nothing unless it is asked to', async () => {
    const pair = await openPair()
    await pair.source.put('a', '1')
    await pair.target.put('b', '2')
    expect(await pair.sync()).toMatchObject({ copied: 1, extra: 1, removed: 0 })
    expect(await pair.target.get('b')).toBeDefined()
    expect(await pair.sync({ remove: true, dryRun: true })).toMatchObject({ extra: 1, removed: 0 })
    expect(await pair.target.get('b')).toBeDefined()
    expect(await pair.sync({ remove: true })).toMatchObject({ extra: 1, removed: 1 })
    expect(await pair.target.get('b')).toBeUndefined()
  })

  it('writes nothing on a dry run', async () => {
    const pair = await openPair()
    await pair.source.put('a', '12345')
    expect(await pair.sync({ dryRun: true })).toMatchObject({ copied: 1, copiedBytes: 5 })
    expect(await filesBelow(pair.folders.target)).toEqual({})
  })

  it('finds content that is the same though nothing is remembered, and does not write it again', async () => {
    const pair = await openPair()
    for (const store of [pair.source, pair.target]) await store.put('a/b', 'same')
    await pair.target.put('a/c', 'old')
    await pair.source.put('a/c', 'new')
    expect(await pair.sync()).toMatchObject({ copied: 1, same: 1 })
  })

  it('with --verify finds what was changed behind its back', async () => {
    const pair = await openPair()
    await pair.source.put('a', 'right')
    await pair.sync()
    const honest = pair.target
    // A listing that tells of no change: as a disk that lost a bit would.
    const tags = new Map<string, string>()
    for await (const { key, etag } of honest.list('')) tags.set(key, etag)
    await writeFile(join(pair.folders.target, 'a'), 'wrong')
    const lying: ObjectStore = {
      ...honest,
      async *list(prefix) {
        for await (const object of honest.list(prefix))
          yield { ...object, etag: tags.get(object.key) ?? object.etag }
      },
    }
    expect(await pair.sync({}, lying)).toMatchObject({ copied: 0, same: 1 })
    expect(await pair.sync({ verify: true }, lying)).toMatchObject({ copied: 1 })
    expect(await lakeFiles(pair.folders.target)).toEqual(await lakeFiles(pair.folders.source))
  })

  it('copies what points to other keys after these, and no lease', async () => {
    const pair = await openPair()
    const keys = ['lake.json', 'deployments/p.json', 'models/m/aliases.json', 'models/m/1/manifest.json', 'z']
    for (const key of [...keys, 'scheduler/lease.json', 'scheduler/a/lease.json'])
      await pair.source.put(key, key)
    const order: string[] = []
    const watched: ObjectStore = {
      ...pair.target,
      put: (key, body, options) => {
        order.push(key)
        return pair.target.put(key, body, options)
      },
    }
    await pair.sync({ jobs: 1 }, watched)
    expect(order.slice(0, 2)).toEqual(['models/m/1/manifest.json', 'z'])
    expect(order.slice(2, 5).sort()).toEqual(['deployments/p.json', 'lake.json', 'models/m/aliases.json'])
    expect(Object.keys(await lakeFiles(pair.folders.target))).not.toContain('scheduler/lease.json')
  })

  it('refuses content that arrived changed', async () => {
    const pair = await openPair()
    await pair.source.put('a', 'right')
    const bad: ObjectStore = { ...pair.target, put: (key) => pair.target.put(key, 'wrong') }
    await expect(pair.sync({}, bad)).rejects.toThrow(/a is not in the destination what was written/)
  })

  it('killed at any write and run again ends as if it had never been killed', async () => {
    const key = fc.constantFrom('a', 'b/c', 'b/d', 'lake.json', 'models/m/aliases.json', 'models/m/1/x')
    const lake = fc.dictionary(key, fc.string(), { minKeys: 1 })
    await fc.assert(
      fc.asyncProperty(lake, lake, fc.nat(8), async (contents, before, at) => {
        const pair = await openPair()
        for (const [name, body] of Object.entries(contents)) await pair.source.put(name, body)
        for (const [name, body] of Object.entries(before)) await pair.target.put(name, body)
        const { store } = crashingAt({ store: pair.target, warehouse: {} as never }, at)
        await pair.sync({ remove: true }, store).catch(() => {})
        await pair.sync({ remove: true })
        expect(await lakeFiles(pair.folders.target)).toEqual(await lakeFiles(pair.folders.source))
        expect(await pair.sync({ remove: true })).toMatchObject({ copied: 0, removed: 0 })
      }),
      { numRuns: 15 },
    )
  })

  it('stops when it is told to', async () => {
    const pair = await openPair()
    await pair.source.put('a', '1')
    await expect(pair.sync({ signal: AbortSignal.abort() })).rejects.toThrow(/stopped/)
    expect(await pair.target.get('a')).toBeUndefined()
  })
})
