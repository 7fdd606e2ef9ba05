import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convertModel, openApi, trainSmallModel } from '../../../../test/support/boosted-model.ts'
import { stumpModel } from '../../../../test/support/stump-model.ts'
import { OperatorError } from '../../../core/errors.ts'
import { loadBooster } from './booster.ts'
import { checkModel } from './model-shape.ts'

const api = openApi()
const COLUMNS = 5
const ubj = trainSmallModel(api, COLUMNS)
const FORMATS = ['ubj', 'json', 'deprecated'] as const
const models = Object.fromEntries(FORMATS.map((format) => [format, convertModel(api, ubj, format)]))
const modelIn = (format: string): Uint8Array => models[format] ?? new Uint8Array()

describe('checking a model file', () => {
  it.each(FORMATS)('takes a sound one in the format %s', (format) => {
    const shape = checkModel(modelIn(format))
    expect(shape).toMatchObject({ objective: 'binary:logistic', booster: 'gbtree', features: COLUMNS })
    expect(shape.trees).toHaveLength(12)
    expect(shape.baseScore).toBeCloseTo(0.5)
  })

  it.each(FORMATS)('refuses one in the format %s that was cut off', (format) => {
    fc.assert(
      fc.property(fc.nat(modelIn(format).length - 200), (length) => {
        expect(() => checkModel(modelIn(format).slice(0, length))).toThrow(/damaged/)
      }),
      { numRuns: 50 },
    )
  })

  it.each(FORMATS)(
    'lets no damage of the format %s reach the library that would end the process',
    (format) => {
      const change = fc.record({
        at: fc.nat(modelIn(format).length - 1),
        byte: fc.integer({ min: 0, max: 255 }),
      })
      const rows = new Float32Array(COLUMNS * 20).map((_, i) => i % 11)
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
          const damaged = modelIn(format).slice()
          for (const { at, byte } of changes) damaged[at] = byte
          try {
            const booster = loadBooster(api, damaged, 1)
            booster.predict(rows, 20, new Float32Array(20))
            booster.free()
          } catch (error) {
            expect(error).toBeInstanceOf(OperatorError)
          }
        }),
        { numRuns: 300 },
      )
    },
  )

  it('says which node of which tree is wrong', () => {
    const damage = (from: string, to: string) =>
      new TextEncoder().encode(
        new TextDecoder().decode(stumpModel({ low: 0.1, high: 0.9 })).replace(from, to),
      )
    expect(() => checkModel(damage('"right_children":[2,', '"right_children":[7,'))).toThrow(
      'tree 0, node 0 points to node 7 of 3',
    )
    expect(() => checkModel(damage('"left_children":[1,', '"left_children":[2,'))).toThrow(
      'tree 0, node 2 is reached twice',
    )
    expect(() => checkModel(damage('"split_indices":[0,', '"split_indices":[25,'))).toThrow(
      'tree 0, node 0 splits by feature 25 of 25',
    )
    expect(() => checkModel(damage('"parents":[2147483647,0,', '"parents":[2147483647,5,'))).toThrow(
      'tree 0, node 1 has node 5 for its parent, not 0',
    )
  })

  it('refuses a sound model of another kind as a mismatch', () => {
    const text = new TextDecoder().decode(stumpModel({ low: 0.1, high: 0.9 }))
    const other = new TextEncoder().encode(text.replace('binary:logistic', 'reg:squarederror'))
    expect(() => checkModel(other)).toThrow(expect.objectContaining({ code: 'MISMATCH' }))
  })

  it('refuses what is no model at all', () => {
    for (const text of ['', 'binf', '{}', '[1]', '<html>', '{"learner":{}}'])
      expect(() => checkModel(new TextEncoder().encode(text))).toThrow(
        expect.objectContaining({ code: 'CORRUPT' }),
      )
  })
})
