import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { registerStump } from '../../../test/support/serving-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import { modelPrefix } from '../../core/keys.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import type { LoadedModel } from '../../platform/ports.ts'
import { boundedMemo } from './bounded-memo.ts'
import { openModelCache } from './model-cache.ts'

const ROW = new Float32Array(FEATURE_NAMES.length)
const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

/** A scorer that tells how often models were loaded and closed. */
function counting() {
  const counts = { loaded: 0, closed: 0 }
  return {
    counts,
    libraryVersion: () => scorer.libraryVersion(),
    async load(bytes: Uint8Array): Promise<LoadedModel> {
      counts.loaded++
      const model = await scorer.load(bytes)
      return {
        ...model,
        async close() {
          counts.closed++
          await model.close()
        },
      }
    },
  }
}

describe('the model cache', () => {
  let platform: LocalPlatform
  let names: { group: string; version: string }[]
  beforeAll(async () => {
    platform = await openLocalPlatform()
    names = []
    for (const digit of ['1', '2', '3'])
      names.push(
        await registerStump(platform.store, {
          target: 'bikes',
          digit,
          scores: { low: Number(`0.${digit}`), high: 0.9 },
        }),
      )
  })
  afterAll(() => platform.close())

  const score = async (model: LoadedModel): Promise<string> =>
    ((await model.predict(ROW, 1))[0] ?? 0).toFixed(2)

  it('loads a model once for many at the same time, and closes the one used longest ago', async () => {
    const counted = counting()
    const cache = openModelCache({ store: platform.store, scorer: counted }, { models: 2 })
    const [a, b, c] = names.map(
      ({ group, version }) =>
        () =>
          cache.withModel(group, version, score),
    )
    if (!a || !b || !c) throw new Error('three models')
    expect(await Promise.all([a(), a(), b(), a()])).toEqual(['0.10', '0.10', '0.20', '0.10'])
    expect(counted.counts).toEqual({ loaded: 2, closed: 0 })
    expect(await c()).toBe('0.30')
    expect(await a()).toBe('0.10')
    expect(counted.counts).toEqual({ loaded: 3, closed: 1 })
    expect(await b()).toBe('0.20')
    expect(counted.counts.loaded).toBe(4)
    await cache.close()
    expect(counted.counts.closed).toBe(4)
    await expect(a()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('keeps a model open for who is using it', async () => {
    const counted = counting()
    const cache = openModelCache({ store: platform.store, scorer: counted }, { models: 1 })
    const scores = await Promise.all(
      [...names, ...names].map(({ group, version }) =>
        cache.withModel(group, version, async (model) => {
          const first = await score(model)
          const second = await score(model)
          return [first, second]
        }),
      ),
    )
    expect(scores).toEqual(
      [...names, ...names].map((_, i) => Array.from({ length: 2 }, () => `0.${(i % 3) + 1}0`)),
    )
    await cache.close()
    expect(counted.counts.closed).toBe(counted.counts.loaded)
  })

  it('says what is wrong with a model, and tries again when it was mended', async () => {
    const cache = openModelCache({ store: platform.store, scorer })
    const { group, version } = names[0] ?? { group: '', version: '' }
    const use = (): Promise<string> => cache.withModel(group, version, score)
    await expect(cache.withModel(group, '20240513T235500Z-99999999', score)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const key = `${modelPrefix(group, version)}model.tar.gz`
    const archive = await platform.store.get(key)
    await platform.store.put(key, 'torn')
    await expect(use()).rejects.toMatchObject({ code: 'CORRUPT' })
    await platform.store.put(key, archive?.body ?? '')
    expect(await use()).toBe('0.10')
    await cache.close()
  })
})

describe('a bounded memory', () => {
  it('forgets what was asked for longest ago, and what failed', async () => {
    const forgotten: Promise<number>[] = []
    const memo = boundedMemo<number>(2, (value) => void forgotten.push(value))
    let made = 0
    const make = async (): Promise<number> => ++made
    expect(await memo.get('a', make)).toBe(1)
    expect(await memo.get('b', make)).toBe(2)
    expect(await memo.get('a', make)).toBe(1)
    expect(await memo.get('c', make)).toBe(3)
    expect(await Promise.all(forgotten)).toEqual([2])
    expect(await memo.get('b', make)).toBe(4)
    await expect(memo.get('d', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await memo.get('d', make)).toBe(5)
    expect(await Promise.all(memo.clear())).toEqual([4, 5])
  })
})
