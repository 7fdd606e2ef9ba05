import { afterAll, describe, expect, it } from 'vitest'
import { openApi, syntheticRows, trainSmallModel } from '../../../../test/support/boosted-model.ts'
import { libraryPath, stumpModel } from '../../../../test/support/stump-model.ts'
import { openScorer } from './scorer.ts'

const COLUMNS = 5
const WIDTH = COLUMNS + 1
const model = trainSmallModel(openApi(), COLUMNS)
const scorer = openScorer({ libraryPath: libraryPath(), threads: 2 })
afterAll(() => scorer.close())

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0)
const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin))
const logit = (p: number): number => Math.log(p / (1 - p))

describe('contributions', () => {
  it('of a known tree are what the split adds to the mean of its leaves', async () => {
    const stump = await scorer.load(stumpModel({ low: 0.2, high: 0.7 }, 1, ['other', 'only']))
    const made = await stump.contributions(Float32Array.of(9, 0.4, 9, 0.9, 9, Number.NaN), 3)
    const mean = (logit(0.2) + logit(0.7)) / 2
    for (const [row, score] of [0.2, 0.7, 0.2].entries()) {
      expect(made[row * 3]).toBe(0)
      expect(made[row * 3 + 1]).toBeCloseTo(logit(score) - mean, 5)
      expect(made[row * 3 + 2]).toBeCloseTo(mean, 5)
    }
  })

  it('of a row add up to the margin of its score, with NaN among the features', async () => {
    const loaded = await scorer.load(model)
    const rows = 130
    const { features } = syntheticRows(rows, COLUMNS, 5)
    expect(features.some(Number.isNaN)).toBe(true)
    const scores = await loaded.predict(features, rows)
    const made = await loaded.contributions(features, rows)
    expect(made).toHaveLength(rows * WIDTH)
    for (let row = 0; row < rows; row++) {
      const score = scores[row] ?? Number.NaN
      const margin = sum(made.subarray(row * WIDTH, (row + 1) * WIDTH))
      expect(Math.abs(margin - logit(score))).toBeLessThan(1e-4)
      expect(sigmoid(margin)).toBeCloseTo(score, 5)
    }
  })

  it('come to each of many requests at once as they do alone, and to scores as well', async () => {
    const loaded = await scorer.load(model)
    const rows = 60
    const { features } = syntheticRows(rows, COLUMNS, 6)
    const [alone, scores] = [await loaded.contributions(features, rows), await loaded.predict(features, rows)]
    const each = Array.from({ length: rows }, (_, i) => features.slice(i * COLUMNS, (i + 1) * COLUMNS))
    const [explained, scored, whole] = await Promise.all([
      Promise.all(each.map((row) => loaded.contributions(row, 1))),
      Promise.all(each.map((row) => loaded.predict(row, 1))),
      loaded.contributions(features, rows),
    ])
    expect(explained.flatMap((row) => [...row])).toEqual([...alone])
    expect(scored.map(([score]) => score)).toEqual([...scores])
    expect(whole).toEqual(alone)
  })

  it('are refused for infinity, a wrong number of features and a closed model', async () => {
    const loaded = await scorer.load(model)
    const row = Float32Array.of(1, 2, Infinity, 4, 5)
    await expect(loaded.contributions(row, 1)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: 'row 0, feature 2 is infinite',
    })
    await expect(loaded.contributions(new Float32Array(8), 2)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(await loaded.contributions(new Float32Array(0), 0)).toHaveLength(0)
    await loaded.close()
    await expect(loaded.contributions(new Float32Array(5), 1)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
