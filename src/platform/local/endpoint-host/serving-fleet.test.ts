import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseVariant } from './serving-fleet.ts'

const variants = fc
  .array(fc.nat(20), { minLength: 1, maxLength: 10 })
  .filter((weights) => weights.some((weight) => weight > 0))
  .map((weights) => weights.map((weight, i) => ({ name: `V${i}`, weight })))
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('choosing a variant', () => {
  it('gives each its share of the weights', () => {
    fc.assert(
      fc.property(variants, chance, (variants, random) => {
        const total = variants.reduce((sum, { weight }) => sum + weight, 0)
        const chosen = chooseVariant(variants, undefined, () => random)
        const before = variants
          .slice(0, variants.indexOf(chosen))
          .reduce((sum, { weight }) => sum + weight, 0)
        expect(chosen.weight).toBeGreaterThan(0)
        if (variants.length > 1) {
          expect(random * total).toBeGreaterThanOrEqual(before - 1e-9)
          expect(random * total).toBeLessThanOrEqual(before + chosen.weight + 1e-9)
        }
      }),
    )
  })

  it('takes the one that is named, whatever its weight', () => {
    fc.assert(
      fc.property(variants, chance, (variants, random) => {
        for (const { name } of variants) expect(chooseVariant(variants, name, () => random).name).toBe(name)
      }),
    )
  })
})
