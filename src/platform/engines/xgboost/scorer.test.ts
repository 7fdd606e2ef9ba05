import type { Worker } from 'node:worker_threads'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import {
  convertModel,
  openApi,
  syntheticRows,
  trainSmallModel,
} from '../../../../test/support/boosted-model.ts'
import { libraryPath, stumpModel } from '../../../../test/support/stump-model.ts'
import { loadBooster } from './booster.ts'
import { openScorer } from './scorer.ts'
import { startScorerThread } from './scorer-thread.ts'

const COLUMNS = 5
const api = openApi()
const model = trainSmallModel(api, COLUMNS)
const scorer = openScorer({ libraryPath: libraryPath(), threads: 2 })
afterAll(() => scorer.close())

describe('scoring', () => {
  it('gives the known scores of a known tree, and takes NaN as missing', async () => {
    const stump = await scorer.load(stumpModel({ low: 0.2, high: 0.7 }, 0, ['only']))
    const scores = await stump.predict(Float32Array.of(0.4, 0.5, Number.NaN, 9), 4)
    expect([...scores].map((s) => s.toFixed(6))).toEqual(['0.200000', '0.700000', '0.200000', '0.700000'])
    expect(await stump.gain()).toEqual({ only: 1 })
  })

  it('scores a row the same whatever it is sent with', async () => {
    const loaded = await scorer.load(model)
    const { features } = syntheticRows(600, COLUMNS, 5)
    const all = await loaded.predict(features, 600)
    await fc.assert(
      fc.asyncProperty(fc.nat(599), fc.integer({ min: 1, max: 600 }), async (from, count) => {
        const rows = Math.min(count, 600 - from)
        const part = await loaded.predict(features.slice(from * COLUMNS, (from + rows) * COLUMNS), rows)
        expect(part).toEqual(all.slice(from, from + rows))
      }),
      { numRuns: 40 },
    )
  })

  it('gives the scores of the library called directly, for more rows than fit into one call', async () => {
    const rows = 20_000
    const { features } = syntheticRows(rows, COLUMNS, 6)
    const direct = new Float32Array(rows)
    loadBooster(api, model, 1).predict(features, rows, direct)
    const loaded = await scorer.load(model)
    expect(await loaded.predict(features, rows)).toEqual(direct)
  })

  it('answers each of many requests at once with its own rows', async () => {
    const loaded = await scorer.load(model)
    const other = await scorer.load(stumpModel({ low: 0.2, high: 0.7 }, 0, ['only']))
    const { features } = syntheticRows(300, COLUMNS, 7)
    const all = await loaded.predict(features, 300)
    const [single, stumped] = await Promise.all([
      Promise.all(
        Array.from({ length: 300 }, (_, i) =>
          loaded.predict(features.slice(i * COLUMNS, (i + 1) * COLUMNS), 1),
        ),
      ),
      Promise.all(Array.from({ length: 50 }, (_, i) => other.predict(Float32Array.of(i % 2), 1))),
    ])
    expect(single.map(([score]) => score)).toEqual([...all])
    expect(stumped.map(([score]) => score?.toFixed(3))).toEqual(
      Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? '0.200' : '0.700')),
    )
  })

  it('loads all three formats to the same scores', async () => {
    const { features } = syntheticRows(50, COLUMNS, 8)
    const [ubj, json, binary] = await Promise.all(
      (['ubj', 'json', 'deprecated'] as const).map(async (format) => {
        const loaded = await scorer.load(convertModel(api, model, format))
        return loaded.predict(features, 50)
      }),
    )
    expect(json).toEqual(ubj)
    expect(binary).toEqual(ubj)
  })

  it('refuses infinity, a wrong number of features and a damaged model, and goes on', async () => {
    const loaded = await scorer.load(model)
    await expect(loaded.predict(Float32Array.of(1, 2, Infinity, 4, 5), 1)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: 'row 0, feature 2 is infinite',
    })
    await expect(loaded.predict(new Float32Array(8), 2)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: 'expected 5 features a row, got 4',
    })
    await expect(loaded.predict(new Float32Array(9), 2)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: 'expected 5 features a row, got 9 values for 2 rows',
    })
    await expect(scorer.load(model.slice(0, 500))).rejects.toMatchObject({ code: 'CORRUPT' })
    expect(await loaded.predict(new Float32Array(0), 0)).toHaveLength(0)
    expect(await loaded.predict(new Float32Array(5), 1)).toHaveLength(1)
  })

  it('tells the version of the library', async () => {
    expect(await scorer.libraryVersion()).toBe(api.version)
  })

  it('refuses a model that was closed', async () => {
    const loaded = await scorer.load(model)
    await loaded.close()
    await expect(loaded.predict(new Float32Array(5), 1)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('a scoring thread that dies', () => {
  it('rejects what is in flight, and the next request finds its model again', async () => {
    const workers: Worker[] = []
    const fragile = openScorer({
      libraryPath: libraryPath(),
      threads: 1,
      startThread(start) {
        const worker = startScorerThread(start)
        workers.push(worker)
        return worker
      },
    })
    const loaded = await fragile.load(model)
    const { features } = syntheticRows(8000, COLUMNS, 9)
    const before = await loaded.predict(features, 8000)
    const [inFlight] = await Promise.allSettled([loaded.predict(features, 8000), workers[0]?.terminate()])
    expect(inFlight).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } })
    expect(await loaded.predict(features, 8000)).toEqual(before)
    expect(workers).toHaveLength(2)
    await fragile.close()
    await expect(loaded.predict(features, 8000)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('of a library that cannot be loaded says so at every request', async () => {
    const broken = openScorer({ libraryPath: '/nowhere/libxgboost.so', threads: 1 })
    await expect(broken.load(model)).rejects.toMatchObject({ code: 'UNAVAILABLE', message: /libxgboost.so/ })
    await expect(broken.libraryVersion()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await broken.close()
  })
})
