import { describe, expect, it } from 'vitest'
import { acceptedType, contentTypeOf } from './media-type.ts'

describe('a content type', () => {
  it('is text/csv or application/json, with UTF-8 or ASCII', () => {
    expect(contentTypeOf('text/csv')).toBe('text/csv')
    expect(contentTypeOf('Text/CSV; charset="UTF-8"; header=absent')).toBe('text/csv')
    expect(contentTypeOf('application/json;charset=us-ascii')).toBe('application/json')
  })

  it('is refused with 415 when it is another, missing, or in another character set', () => {
    expect(() => contentTypeOf('text/libsvm')).toThrow(/"text\/libsvm" is not read/)
    expect(() => contentTypeOf(undefined)).toThrow(/content type is missing/)
    expect(() => contentTypeOf('text/csv; charset=utf-16')).toThrow(
      expect.objectContaining({ status: 415, message: expect.stringContaining('"utf-16"') }),
    )
  })
})

describe('an Accept header', () => {
  it('is answered in the format that it prefers, or in the request’s own', () => {
    expect(acceptedType(undefined, 'application/json')).toBe('application/json')
    expect(acceptedType('*/*', 'text/csv')).toBe('text/csv')
    expect(acceptedType('application/json', 'text/csv')).toBe('application/json')
    expect(acceptedType('text/csv;q=0.3, application/json', 'text/csv')).toBe('application/json')
    expect(acceptedType('image/png, text/*', 'application/json')).toBe('text/csv')
    expect(acceptedType('application/jsonlines, */*;q=0.1', 'text/csv')).toBe('text/csv')
  })

  it('is refused with 406 when nothing in it can be written', () => {
    for (const header of ['image/png', 'text/csv;q=0', 'text/csv;q=x', ';;,,'])
      expect(() => acceptedType(header, 'text/csv')).toThrow(expect.objectContaining({ status: 406 }))
  })
})
