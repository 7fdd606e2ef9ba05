import { describe, expect, it } from 'vitest'
import { defineTexts, translator } from './define.ts'

const texts = defineTexts({
  en: {
    plain: 'Nothing here.',
    named: 'Station {name}',
    counted: { one: '{count} station', other: '{count} stations', zero: 'no station' },
  },
  fr: {
    plain: 'Rien ici.',
    named: 'Station {name}',
    counted: { one: '{count} station', other: '{count} stations', zero: 'aucune station' },
  },
})

describe('a text', () => {
  const en = translator(texts, 'en')
  const fr = translator(texts, 'fr')

  it('is in the language asked for', () => {
    expect([en('plain'), fr('plain')]).toEqual(['Nothing here.', 'Rien ici.'])
  })

  it('takes the form of its number, by the rules of the language', () => {
    expect([0, 1, 1.5, 2].map((count) => en('counted', { count }))).toEqual([
      'no station',
      '1 station',
      '1.5 stations',
      '2 stations',
    ])
    expect(fr('counted', { count: 1.5 })).toBe('1,5 station')
  })

  it('writes numbers as the language does', () => {
    expect(fr('counted', { count: 12_345 })).toMatch(/^12\s345 stations$/)
  })

  it('leaves what is put in as it is', () => {
    const name = '<img src=x onerror=alert(1)> {count} $& $1'
    expect(en('named', { name })).toBe(`Station ${name}`)
  })
})
