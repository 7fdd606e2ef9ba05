import { describe, expect, it } from 'vitest'
import type { Message, Texts } from './define.ts'

const modules = import.meta.glob<Record<string, unknown>>(['./*.ts', '!./*.test.ts'], { eager: true })
const catalogues = Object.entries(modules).flatMap(([file, exports]) =>
  Object.values(exports).flatMap((value) => (isTexts(value) ? [{ file, texts: value }] : [])),
)

function isTexts(value: unknown): value is Texts {
  return typeof value === 'object' && value !== null && 'en' in value && 'fr' in value
}

function forms(message: Message): string[] {
  return typeof message === 'string' ? [message] : Object.values(message)
}

function holes(message: Message): string[] {
  const names = forms(message).flatMap((text) =>
    [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
  )
  return [...new Set(names)].sort()
}

describe('the catalogue of texts', () => {
  it('has the views in it', () => {
    expect(catalogues.length).toBeGreaterThan(6)
  })

  it.each(catalogues)(
    '$file says everything in both languages, of the same parameters',
    ({ texts: { en, fr } }) => {
      expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort())
      const differing = Object.keys(en).filter(
        (key) => holes(en[key] ?? '').join() !== holes(fr[key] ?? '').join(),
      )
      expect(differing).toEqual([])
      const unlike = Object.keys(en).filter((key) => typeof en[key] !== typeof fr[key])
      expect(unlike).toEqual([])
    },
  )

  it.each(catalogues)('$file has no empty text', ({ texts: { en, fr } }) => {
    const empty = [...Object.values(en), ...Object.values(fr)]
      .flatMap(forms)
      .filter((text) => text.trim() === '')
    expect(empty).toEqual([])
  })
})
