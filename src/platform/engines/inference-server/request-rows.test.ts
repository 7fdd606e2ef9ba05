import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FEATURE_NAMES } from '../../../core/contracts/features.ts'
import { InferenceError } from './inference-error.ts'
import type { MediaType } from './media-type.ts'
import { MAX_BODY_BYTES, parseRequestRows } from './request-rows.ts'

const THREE = ['a', 'b', 'c']

function parse(body: string | Uint8Array, type: MediaType = 'text/csv', names: readonly string[] = THREE) {
  const rows = parseRequestRows(typeof body === 'string' ? Buffer.from(body) : body, type, names)
  return { count: rows.count, values: [...rows.features] }
}

function refusal(body: string | Uint8Array, type: MediaType = 'text/csv', names = THREE): string {
  try {
    parse(body, type, names)
  } catch (error) {
    if (error instanceof InferenceError) return `${error.status} ${error.message}`
    throw error
  }
  throw new Error('it was taken')
}

const frame = (columns: unknown, data: unknown): string =>
  JSON.stringify({ dataframe_split: { columns, data } })
const NAN = Number.NaN
/** Neither JSON nor String writes it. */
const withoutNegativeZero = (x: number): number => x + 0

describe('a text/csv body', () => {
  it('is rows of numbers, an empty field being missing', () => {
    expect(parse('1,2.5,-3\n,,\n4e2, +5 ,.5')).toEqual({
      count: 3,
      values: [1, 2.5, -3, NAN, NAN, NAN, 400, 5, 0.5],
    })
  })

  it('may end its rows by CRLF, end with a newline or begin with a byte order mark', () => {
    const expected = { count: 2, values: [1, 2, 3, 4, NAN, NAN] }
    expect(parse('1,2,3\r\n4,,\r\n')).toEqual(expected)
    expect(parse('1,2,3\n4,,')).toEqual(expected)
    expect(parse('\ufeff1,2,3\n4,,\n')).toEqual(expected)
  })

  it('gives the float32 nearest to every decimal number, as Number does', () => {
    const decimal = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.float({ noNaN: true, noDefaultInfinity: true }).map((x) => x.toPrecision(9)),
      fc
        .tuple(fc.integer(), fc.nat(400), fc.integer({ min: -40, max: 40 }))
        .map(([a, b, e]) => `${a}.${b}e${e}`),
      fc.bigInt({ min: 0n, max: 10n ** 30n }).map((n) => `0.000${n}`),
    )
    fc.assert(
      fc.property(decimal, (text) => {
        const due = Math.fround(Number(text))
        fc.pre(Number.isFinite(due))
        expect(parse(text, 'text/csv', ['a']).values).toEqual([due])
      }),
      { numRuns: 2000 },
    )
  })

  it('is refused by row and column when a field is not a number', () => {
    expect(refusal('1,2,3\n4,bikes,6')).toBe(
      '400 row 2, column 2 (b): "bikes" is not a number; a missing value is an empty field',
    )
    const texts = ['0x10', '1_000', 'NaN', 'nan', '1 2', '--1', '1e', '.', '-', '"1"', '٣', '1\r2', '\u0000']
    expect(
      texts.filter((text) => !/^400 row 1, column 3 \(c\): .* is not a number/.test(refusal(`1,2,${text}`))),
    ).toEqual([])
  })

  it('is refused by row and column when a value is infinite in float32', () => {
    const texts = ['inf', '-Infinity', '+INF', '1e39', '-3.5e38', '1e400', `1${'0'.repeat(60)}`]
    expect(
      texts.filter((text) => !/^400 row 1, column 2 \(b\): .* is infinite/.test(refusal(`1,${text},3`))),
    ).toEqual([])
    expect(parse('3.4028234e38,-3.4028234e38,1e-60').values).toEqual([
      Math.fround(3.4028234e38),
      Math.fround(-3.4028234e38),
      0,
    ])
  })

  it('is refused when a row has too few or too many values', () => {
    expect(refusal('1,2,3\n1,2\n1,2,3')).toMatch(/^400 row 2 has 2 values, the model takes 3: a to c/)
    expect(refusal('1,2,3,4')).toMatch(/^400 row 1 has 4 values/)
    expect(refusal('1,2,3\n\n1,2,3')).toMatch(/^400 row 2 has 1 value, /)
    expect(refusal('\n'.repeat(100_000))).toMatch(/^400 row 1 has 1 value, /)
  })

  it('is told that it takes no header when it has one', () => {
    expect(refusal('a,b,c\n1,2,3')).toContain('"a" is not a number (the body takes no header)')
  })

  it('of nothing, or of more than 6,291,456 bytes, is refused', () => {
    for (const body of ['', '\n', '\r\n', '\ufeff'])
      expect(refusal(body)).toMatch(/^400 the body holds no rows/)
    expect(refusal(new Uint8Array(MAX_BODY_BYTES + 1))).toBe(
      '413 the body has 6291457 bytes, the limit is 6291456; send fewer rows a request',
    )
    expect(parse(Buffer.from(`1,2,3\n`.repeat(1_048_576))).count).toBe(1_048_576)
  })
})

describe('a dataframe_split body', () => {
  const refused = (body: string): string => refusal(body, 'application/json')

  it('is rows of numbers under the names of the contract, null being missing', () => {
    expect(parse(frame(THREE, [[1, 2.5, null]]), 'application/json')).toEqual({
      count: 1,
      values: [1, 2.5, NAN],
    })
    const pandas = '{"dataframe_split":{"index":[7,9],"columns":["a","b","c"],"data":[[1,2,3],[4,5,6]]}}'
    expect(parse(pandas, 'application/json').count).toBe(2)
  })

  it('is refused at the first name that differs from the contract', () => {
    const data = [[1, 2, 3]]
    expect(refused(frame(['a', 'c', 'b'], data))).toBe(
      '400 column 2 is "c", but the feature contract has "b" there',
    )
    expect(refused(frame(['a', 'b'], data))).toBe(
      '400 column 3 is absent, but the feature contract has "c" there',
    )
    expect(refused(frame(['a', 'b', 'c', 'd'], data))).toBe(
      '400 column 4 is "d", but the model takes 3 columns',
    )
    expect(refused(frame(['a', 2, 'c'], data))).toContain('column 2 is "2"')
  })

  it('is refused by row and column when a value is no finite number', () => {
    expect(
      refused(
        frame(THREE, [
          [1, 2, 3],
          [1, '2', 3],
        ]),
      ),
    ).toMatch(/^400 row 2, column 2 \(b\): .* is not a number/)
    expect(refused(frame(THREE, [[1, true, 3]]))).toMatch(/^400 row 1, column 2 \(b\)/)
    expect(refused('{"dataframe_split":{"columns":["a","b","c"],"data":[[1,2,1e39]]}}')).toMatch(
      /^400 row 1, column 3 \(c\): the value is infinite/,
    )
    expect(refused(frame(THREE, [[1, 2]]))).toMatch(/^400 row 1 has 2 values/)
    expect(refused(frame(THREE, [7]))).toBe('400 row 1 is not an array of values')
  })

  it('is refused when it is not JSON, not UTF-8 or not a data frame', () => {
    expect(refused('{"dataframe_split":')).toMatch(/^400 the body is not JSON/)
    expect(refused('['.repeat(200_000))).toMatch(/^400 the body is not JSON/)
    expect(refusal(Uint8Array.of(0x7b, 0xff, 0x7d), 'application/json')).toBe('400 the body is not UTF-8')
    for (const body of ['[]', '3', 'null', '"x"'])
      expect(refused(body)).toMatch(/^400 the body is not a JSON object/)
    expect(refused('{"instances":[]}')).toMatch(/^400 "instances" is not known/)
    expect(refused('{"dataframe_split":[]}')).toMatch(/^400 "dataframe_split" is not an object/)
    expect(refused('{}')).toMatch(/^400 "dataframe_split" is not an object/)
    expect(refused(frame(THREE, []))).toMatch(/^400 the body holds no rows/)
    expect(refused(' \n')).toMatch(/^400 the body holds no rows/)
  })
})

describe('any body at all', () => {
  const types = fc.constantFrom<MediaType>('text/csv', 'application/json')
  const piece = fc.constantFrom(
    ',',
    '\n',
    '\r\n',
    '1',
    '-2.5',
    '1e9',
    'inf',
    'NaN',
    ' ',
    '"',
    'x',
    '{',
    '}',
    '[',
    ']',
  )
  const field = fc.constantFrom('1', '-2.5', '1e9', '', 'inf', 'x')
  const line = fc.array(field, { minLength: 2, maxLength: 4 }).map((fields) => fields.join(','))
  const bodies = fc.oneof(
    fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => Buffer.from(lines.join('\n'))),
    fc.uint8Array({ maxLength: 200 }),
    fc.array(piece, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .record({ columns: fc.oneof(fc.constant(THREE), fc.jsonValue()), data: fc.jsonValue() })
      .map(({ columns, data }) => Buffer.from(frame(columns, data))),
  )

  it('is whole rows of finite or missing values, or an error with status 400 or 413', () => {
    let taken = 0
    fc.assert(
      fc.property(bodies, types, (body, type) => {
        try {
          const { count, values } = parse(body, type)
          expect(count).toBeGreaterThan(0)
          expect(values).toHaveLength(count * 3)
          expect(values.every((value) => Number.isNaN(value) || Number.isFinite(value))).toBe(true)
          taken++
        } catch (error) {
          if (!(error instanceof InferenceError)) throw error
          expect([400, 413]).toContain(error.status)
        }
      }),
      { numRuns: 5000 },
    )
    expect(taken).toBeGreaterThan(0)
  })

  it('of the contract’s features comes back as it was written, in both formats', () => {
    const value = fc.option(fc.float({ noNaN: true, noDefaultInfinity: true }).map(withoutNegativeZero), {
      nil: null,
    })
    const table = fc.array(
      fc.array(value, { minLength: FEATURE_NAMES.length, maxLength: FEATURE_NAMES.length }),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(table, (rows) => {
        const due = rows.flat().map((x) => x ?? NAN)
        const csv = rows.map((row) => row.map((x) => (x === null ? '' : String(x))).join(',')).join('\n')
        expect(parse(csv, 'text/csv', FEATURE_NAMES).values).toEqual(due)
        const json = frame([...FEATURE_NAMES], rows)
        expect(parse(json, 'application/json', FEATURE_NAMES).values).toEqual(due)
      }),
    )
  })
})
