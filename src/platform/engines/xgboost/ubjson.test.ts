import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUbjson } from './ubjson.ts'

/** UBJ as XGBoost writes it: keys and strings with int64 lengths, arrays with a length, int64 numbers. */
function encode(value: unknown): Buffer {
  const length = (n: number): Buffer => {
    const out = Buffer.alloc(9)
    out.write('L')
    out.writeBigInt64BE(BigInt(n), 1)
    return out
  }
  const text = (s: string): Buffer => Buffer.concat([length(Buffer.byteLength(s)), Buffer.from(s)])
  if (value === null) return Buffer.from('Z')
  if (value === true) return Buffer.from('T')
  if (value === false) return Buffer.from('F')
  if (typeof value === 'number') return length(value)
  if (typeof value === 'string') return Buffer.concat([Buffer.from('S'), text(value)])
  if (Array.isArray(value))
    return Buffer.concat([Buffer.from('[#'), length(value.length), ...value.map(encode)])
  const entries = Object.entries(value as Record<string, unknown>)
  return Buffer.concat([
    Buffer.from('{'),
    ...entries.flatMap(([key, v]) => [text(key), encode(v)]),
    Buffer.from('}'),
  ])
}

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
  ),
})).value

describe('reading UBJ', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.stringify(parseUbjson(encode(value)))).toBe(JSON.stringify(value))
      }),
    )
  })

  it('reads typed arrays', () => {
    const floats = Buffer.from('5b2464234c0000000000000002bf80000040000000', 'hex')
    expect(parseUbjson(floats)).toEqual([-1, 2])
    const ints = Buffer.from('5b246c234c00000000000000017fffffff', 'hex')
    expect(parseUbjson(ints)).toEqual([2147483647])
  })

  it('throws on anything that ends early or goes on', () => {
    fc.assert(
      fc.property(json, fc.nat(), (value, cut) => {
        const whole = encode(value)
        expect(() => parseUbjson(whole.subarray(0, cut % whole.length))).toThrow(Error)
        expect(() => parseUbjson(Buffer.concat([whole, Buffer.from('Z')]))).toThrow(SyntaxError)
      }),
    )
  })

  it('throws on a length beyond the end and on endless nesting, without taking memory for it', () => {
    expect(() => parseUbjson(Buffer.from('5b234c7fffffffffffffff', 'hex'))).toThrow(RangeError)
    expect(() => parseUbjson(Buffer.alloc(100_000, '['))).toThrow(RangeError)
  })
})
