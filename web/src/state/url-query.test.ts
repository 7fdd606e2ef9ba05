import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FILTERS, LANGUAGES, TABS, THEMES, type ViewState } from './parts.ts'
import { defaultViewState, parseViewState, viewStateQuery } from './url-query.ts'

const id = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/)
const anyState: fc.Arbitrary<ViewState> = fc.record({
  city: fc.option(fc.constantFrom('nyc', 'san-francisco')),
  stage: fc.constantFrom('staging', 'prod'),
  target: fc.constantFrom('bikes', 'docks'),
  at: fc.option(fc.integer({ min: 1, max: 4_000_000_000 })),
  tab: fc.constantFrom(...TABS),
  when: fc.constantFrom('now', 'later'),
  station: fc.option(fc.string({ minLength: 1, maxLength: 50, unit: 'grapheme' })),
  incident: fc.option(id),
  plan: fc.option(id),
  filter: fc.constantFrom(...FILTERS),
  sort: fc.option(fc.constantFrom('name', '-state')),
  search: fc.string({ maxLength: 50, unit: 'grapheme' }),
  days: fc.integer({ min: 1, max: 60 }),
  lang: fc.constantFrom(...LANGUAGES),
  theme: fc.constantFrom(...THEMES),
})

describe('the state of a view in the address', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        expect(parseViewState(viewStateQuery(state, 'en'), 'en')).toEqual(state)
      }),
    )
  })

  it('is left out where it is as by default', () => {
    expect(viewStateQuery(defaultViewState('fr'), 'fr')).toBe('')
    expect(viewStateQuery({ ...defaultViewState('en'), stage: 'prod' }, 'en')).toBe('?stage=prod')
  })

  it('keeps the language that a reader chose, also when it is not the browser’s', () => {
    expect(viewStateQuery({ ...defaultViewState('fr'), lang: 'en' }, 'fr')).toBe('?lang=en')
  })

  it('falls back to the default for what cannot be meant', () => {
    const junk =
      '?city=../x&stage=x&target=1&at=-5&tab=%00&when=z&incident=../x&plan=a%20b&filter=q&sort=;drop&days=1e9&lang=zz&theme=9'
    expect(parseViewState(junk, 'en')).toEqual(defaultViewState('en'))
  })

  it('takes anything without breaking', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(TABS).toContain(parseViewState(`?tab=city&${text}`, 'en').tab)
      }),
    )
  })
})
