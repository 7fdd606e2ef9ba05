import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitInTime } from './split.ts'

describe('the split in time', () => {
  it('of ten days keeps two for validation, and an hour apart', () => {
    const day = 86_400
    expect(splitInTime(0, 10 * day - 600)).toEqual({
      train: { from: 0, until: 8 * day - 3600 },
      validation: { from: 8 * day, until: 10 * day },
    })
  })

  it('never lets a training slot lie within an hour of validation, whatever the range', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(20_000), (start, length) => {
        const [first, last] = [start * 600, (start + length) * 600]
        const split = splitInTime(first, last)
        if (!split) {
          // Fewer than about 40 slots: four fifths of them are gone with the gap.
          expect(length).toBeLessThan(40)
          return
        }
        const { train, validation } = split
        expect(train.from).toBe(first)
        expect(train.until).toBeGreaterThan(first)
        // The last training slot is before the end of its window.
        expect(validation.from - train.until).toBe(3600)
        expect(validation.from % 600).toBe(0)
        expect(validation.until).toBe(last + 600)
        expect(
          Math.abs((validation.until - validation.from) / (last + 600 - first) - 0.2),
        ).toBeLessThanOrEqual(600 / (last + 600 - first))
      }),
    )
  })
})
