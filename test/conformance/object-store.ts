import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isOperatorError } from '../../src/core/errors.ts'
import type { ObjectStore } from '../../src/platform/ports.ts'

/** A store under test, and how to be rid of it. */
export interface OpenStore {
  readonly store: ObjectStore
  close(): Promise<void>
}

const text = (body: Uint8Array | undefined): string | undefined => body && new TextDecoder().decode(body)

async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** What every ObjectStore must do. `open` gives a new, empty one. */
export function objectStoreSuite(name: string, open: () => Promise<OpenStore>): void {
  describe(`an object store: ${name}`, () => {
    let opened: OpenStore
    let store: ObjectStore
    beforeEach(async () => {
      opened = await open()
      store = opened.store
    })
    afterEach(() => opened.close())

    it('has nothing under a key never put', async () => {
      expect(await store.get('a/b')).toBeUndefined()
      expect(await keysOf(store, '')).toEqual([])
      expect(await store.folders('')).toEqual([])
      expect(await store.folders('a/')).toEqual([])
    })

    it('gives back what was put, bytes and text, even none', async () => {
      const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 256)
      await store.put('bytes', bytes)
      await store.put('text', 'Grüße, 自転車')
      await store.put('empty', '')
      expect(Buffer.compare((await store.get('bytes'))?.body ?? Buffer.alloc(0), bytes)).toBe(0)
      expect(text((await store.get('text'))?.body)).toBe('Grüße, 自転車')
      expect((await store.get('empty'))?.body).toHaveLength(0)
    })

    it('replaces what was there, and its etag with it', async () => {
      const first = await store.put('k', 'one')
      const second = await store.put('k', 'two')
      expect(second.etag).not.toBe(first.etag)
      expect(await store.get('k')).toMatchObject({ etag: second.etag })
      expect(text((await store.get('k'))?.body)).toBe('two')
    })

    it('takes the names the lake uses', async () => {
      const keys = [
        'curated/station_status/city=nyc/ds=2024-03-12/day.parquet',
        'models/a b%2F+é/x~y',
        'a.b/.c',
      ]
      for (const key of keys) await store.put(key, key)
      expect(await keysOf(store, '')).toEqual([...keys].sort(byBytes))
      for (const key of keys) expect(text((await store.get(key))?.body)).toBe(key)
    })

    it.each([
      '',
      '/a',
      'a/',
      'a//b',
      '..',
      '../a',
      'a/../b',
      './a',
      'a/.',
      'a\\b',
      'a\u0000b',
      'a\nb',
      '.tmp/a',
    ])('refuses the key %j', async (key) => {
      for (const attempt of [store.put(key, 'x'), store.get(key), store.delete(key)])
        await expect(attempt).rejects.toSatisfy((error) => isOperatorError(error, 'BAD_INPUT'))
      expect(await keysOf(store, '')).toEqual([])
    })

    it('lets exactly one of many create-only writers win', async () => {
      const bodies = Array.from({ length: 12 }, (_, i) => `writer ${i}`)
      const outcomes = await Promise.allSettled(
        bodies.map((body) => store.put('deployments/p.json', body, { ifAbsent: true })),
      )
      const winners = bodies.filter((_, i) => outcomes[i]?.status === 'fulfilled')
      expect(winners).toHaveLength(1)
      expect(text((await store.get('deployments/p.json'))?.body)).toBe(winners[0])
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          expect(isOperatorError(outcome.reason, 'WRITE_CONFLICT')).toBe(true)
    })

    it('takes a conditional put only while the content is the one seen', async () => {
      const { etag } = await store.put('k', 'one')
      const conflict = (error: unknown): boolean => isOperatorError(error, 'WRITE_CONFLICT')
      await expect(store.put('missing', 'x', { ifMatch: etag })).rejects.toSatisfy(conflict)
      const second = await store.put('k', 'two', { ifMatch: etag })
      await expect(store.put('k', 'three', { ifMatch: etag })).rejects.toSatisfy(conflict)
      expect(text((await store.get('k'))?.body)).toBe('two')
      await store.put('k', 'three', { ifMatch: second.etag })
      expect(text((await store.get('k'))?.body)).toBe('three')
    })

    it('loses no increment of many concurrent read-change-write loops', async () => {
      await store.put('n', '0')
      const increment = async (): Promise<void> => {
        for (;;) {
          const seen = await store.get('n')
          try {
            await store.put('n', String(Number(text(seen?.body)) + 1), { ifMatch: seen?.etag ?? '' })
            return
          } catch (error) {
            if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
          }
        }
      }
      await Promise.all(
        Array.from({ length: 6 }, async () => {
          for (let i = 0; i < 4; i += 1) await increment()
        }),
      )
      expect(text((await store.get('n'))?.body)).toBe('24')
    })

    it('lists what begins with a prefix, in the order of the bytes of its keys', async () => {
      const part = fc.constantFrom('a', 'a.b', 'a0', 'ab', 'é', '\uffee', '😀', 'ds=1')
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(fc.tuple(part, part), { maxLength: 12 }), async (pairs) => {
          // No key is a folder of another: every one has two parts, and a file a suffix that no folder has.
          const keys = [...new Set(pairs.map(([a, b]) => `list/${a}/${b}.x`))]
          for (const key of keys) await store.put(key, key)
          const sorted = [...keys].sort(byBytes)
          for (const prefix of ['list/', 'list/a', 'list/a/', 'list/a.b/d', 'list/é/a', 'none/'])
            expect(await keysOf(store, prefix)).toEqual(sorted.filter((key) => key.startsWith(prefix)))
          expect(await store.folders('list/')).toEqual(
            [...new Set(sorted.map((key) => key.split('/')[1]))].sort((a, b) => byBytes(`${a}/`, `${b}/`)),
          )
          for (const key of keys) await store.delete(key)
          expect(await keysOf(store, '')).toEqual([])
        }),
        { numRuns: 15 },
      )
    })

    it('sorts a file and a folder of the same beginning as their keys', async () => {
      for (const key of ['m/a0', 'm/a/b', 'm/a.txt', 'm/a-b/c', 'm/a!']) await store.put(key, '')
      expect(await keysOf(store, 'm/a')).toEqual(['m/a!', 'm/a-b/c', 'm/a.txt', 'm/a/b', 'm/a0'])
      expect(await store.folders('m/')).toEqual(['a-b', 'a'])
    })

    it('shows the size of an object, and another tag after a change', async () => {
      const entry = async () => {
        for await (const summary of store.list('k')) return summary
        return undefined
      }
      await store.put('k', '12345')
      const before = await entry()
      expect(before).toMatchObject({ key: 'k', size: 5 })
      await store.put('k', '54321')
      expect((await entry())?.etag).not.toBe(before?.etag)
    })

    it('forgets what is deleted, and takes a deletion of nothing', async () => {
      await store.put('a/b/c', '1')
      await store.put('a/d', '2')
      await store.delete('a/b/c')
      await store.delete('a/b/c')
      await store.delete('never/there')
      expect(await store.get('a/b/c')).toBeUndefined()
      expect(await store.folders('a/')).toEqual([])
      expect(await keysOf(store, '')).toEqual(['a/d'])
      await store.put('a/b', 'now a file')
      expect(text((await store.get('a/b'))?.body)).toBe('now a file')
    })

    it('loses no put to a delete beside it', async () => {
      for (let round = 0; round < 30; round += 1) {
        await store.put('d/e/old', 'x')
        await Promise.all([store.delete('d/e/old'), store.put(`d/e/new${round}`, 'y')])
        expect(await keysOf(store, 'd/')).toEqual([`d/e/new${round}`])
        await store.delete(`d/e/new${round}`)
      }
    })
  })
}
