import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanText, describeValue, isStationId } from './text.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 500 })
    .map((units) => String.fromCharCode(...units)),
)

describe('cleaning a text', () => {
  it('changes nothing the second time, stays in bounds and leaves no control character or half pair', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 250 }), (text, max) => {
        const cleaned = cleanText(text, max)
        expect(cleanText(cleaned, max)).toBe(cleaned)
        expect(cleaned.length).toBeLessThanOrEqual(max)
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u)
        expect(cleaned.trim()).toBe(cleaned)
      }),
    )
  })

  it('keeps names in any script', () => {
    for (const name of ['Vesey St & Church St', 'Église', 'תחנה מרכזית', '駅 🚲', '👨‍👩‍👧'])
      expect(cleanText(name)).toBe(name)
  })
})

describe('a station id', () => {
  it('that is taken survives JSON and UTF-8 unchanged', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(isStationId(text))
        expect(JSON.parse(Buffer.from(JSON.stringify(text)).toString('utf8'))).toBe(text)
        expect(Buffer.from(text).toString('utf8')).toBe(text)
      }),
    )
  })
})

describe('describing a value', () => {
  it('is short and printable for anything at all', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true }), (value) => {
        const text = describeValue(value)
        expect(text.length).toBeLessThan(120)
        expect(text).not.toMatch(/\p{Cc}/u)
      }),
    )
    expect(describeValue('x'.repeat(10_000_000))).toHaveLength(60 + '"…" (10000000 characters)'.length)
  })
})
