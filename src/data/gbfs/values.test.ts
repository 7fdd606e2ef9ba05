import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoOf } from '../../core/time.ts'
import { decimalOf, flagOf, integerOf, timeOf } from './values.ts'

describe('reading values', () => {
  it('takes a whole number in each spelling to the same number', () => {
    fc.assert(
      fc.property(fc.integer(), (n) => {
        for (const spelling of [n, String(n), `${n}.0`, ` ${n} `, BigInt(n)])
          expect(integerOf(spelling)).toBe(n)
      }),
    )
  })

  it('takes nothing else for a whole number', () => {
    for (const value of [
      1.5,
      '1.5',
      '',
      ' ',
      '1e3',
      '0x10',
      '12a',
      '٣',
      Number.NaN,
      Number.POSITIVE_INFINITY,
      null,
      true,
      [],
      [1],
      {},
      '9'.repeat(40),
    ]) {
      expect([value, integerOf(value)]).toEqual([value, undefined])
    }
  })

  it('knows one zero', () => {
    for (const zero of [-0, '-0', '-0.0']) {
      expect(Object.is(integerOf(zero), 0)).toBe(true)
      expect(Object.is(decimalOf(zero), 0)).toBe(true)
    }
  })

  it('takes POSIX seconds and RFC 3339 to the same time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000_000_000 }), fc.integer({ min: -14, max: 14 }), (t, h) => {
        const offset = `${h < 0 ? '-' : '+'}${String(Math.abs(h)).padStart(2, '0')}:00`
        const local = isoOf(t + h * 3600).replace('Z', offset)
        for (const spelling of [t, String(t), t + 0.7, isoOf(t), isoOf(t).replace('Z', '.7z'), local]) {
          expect(timeOf(spelling)).toBe(t)
        }
      }),
    )
  })

  it('takes no time without its offset, and no date that does not exist as a format', () => {
    for (const value of [
      '2023-07-17T13:34:13',
      '2023-07-17',
      '2023-13-17T13:34:13Z',
      'now',
      '',
      null,
      {},
      true,
    ]) {
      expect([value, timeOf(value)]).toEqual([value, undefined])
    }
  })

  it('takes 0, 1, true and false for flags, also as text, and nothing else', () => {
    expect([0, '0', 'false', false, 0n].map(flagOf)).toEqual(Array.from({ length: 5 }, () => false))
    expect([1, '1', 'true', true, 1n].map(flagOf)).toEqual(Array.from({ length: 5 }, () => true))
    expect([2, -1, 'yes', '', null, undefined, [], {}].map(flagOf)).toEqual(Array.from({ length: 8 }))
  })
})
