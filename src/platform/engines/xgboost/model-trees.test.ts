import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replaceFirstTrees } from './model-trees.ts'

const tree = (id: number, name: string): string =>
  `{"id":${id},"name":${JSON.stringify(name)},"v":[1.0,{"a":[]}]}`
const model = (names: readonly string[], around: string): string =>
  `{"feature_names":${JSON.stringify([around])},"model":{"trees":[${names.map((n, i) => tree(i, n)).join(',')}]},"end":1.0}`

describe('replacing trees', () => {
  it('takes the first ones from the other model and leaves all else as it is, whatever the names hold', () => {
    const names = fc.array(fc.string(), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(names, names, fc.string(), fc.nat(), (own, other, around, n) => {
        fc.pre(!around.includes('trees'))
        const count = n % (Math.min(own.length, other.length) + 1)
        const mixed = [...other.slice(0, count), ...own.slice(count)]
        expect(replaceFirstTrees(model(own, around), count, model(other, 'x'))).toBe(model(mixed, around))
      }),
    )
  })

  it('refuses to take more trees than there are', () => {
    expect(() => replaceFirstTrees(model(['a'], ''), 2, model(['b', 'c'], ''))).toThrow(RangeError)
    expect(() => replaceFirstTrees(model(['a', 'b'], ''), 2, model(['c'], ''))).toThrow(RangeError)
  })
})
