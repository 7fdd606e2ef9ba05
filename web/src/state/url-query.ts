import { FILTERS, LANGUAGES, TABS, THEMES, type Language, type ViewState } from './parts.ts'

const LATEST = 4_102_444_800
const CITY = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/
const SORT = /^-?[a-z][a-z0-9_]{0,40}$/
const ID = /^[a-z0-9][a-zA-Z0-9_.-]{0,120}$/

/** State of a page whose address says nothing. */
export function defaultViewState(lang: Language): ViewState {
  return {
    city: null,
    stage: 'staging',
    target: 'bikes',
    at: null,
    tab: 'city',
    when: 'now',
    station: null,
    incident: null,
    plan: null,
    filter: 'all',
    sort: null,
    search: '',
    days: 7,
    lang,
    theme: 'auto',
  }
}

type Readers = { readonly [K in keyof ViewState]: (text: string) => ViewState[K] | undefined }

function oneOf<T extends string>(values: readonly T[]): (text: string) => T | undefined {
  return (text) => values.find((value) => value === text)
}

function matching(pattern: RegExp): (text: string) => string | undefined {
  return (text) => (pattern.test(text) ? text : undefined)
}

function integer(low: number, high: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN
    return value >= low && value <= high ? value : undefined
  }
}

/** How each part is read from the address; undefined for what cannot be meant. */
const READ: Readers = {
  city: matching(CITY),
  stage: oneOf(['staging', 'prod']),
  target: oneOf(['bikes', 'docks']),
  at: integer(1, LATEST),
  tab: oneOf(TABS),
  when: oneOf(['now', 'later']),
  station: (text) => (text.length > 0 && text.length <= 200 ? text : undefined),
  incident: matching(ID),
  plan: matching(ID),
  filter: oneOf(FILTERS),
  sort: matching(SORT),
  search: (text) => text.slice(0, 100),
  days: integer(1, 60),
  lang: oneOf(LANGUAGES),
  theme: oneOf(THEMES),
}

function readPart<K extends keyof ViewState>(
  state: ViewState,
  key: K,
  query: URLSearchParams,
): Pick<ViewState, K> | undefined {
  const text = query.get(key)
  const value = text === null ? undefined : READ[key](text)
  return value === undefined ? undefined : { ...pick(state, key), [key]: value }
}

function pick<K extends keyof ViewState>(state: ViewState, key: K): Pick<ViewState, K> {
  return { [key]: state[key] } as Pick<ViewState, K>
}

/** Reads `?city=…&tab=…`; never throws, whatever it says. */
export function parseViewState(search: string, lang: Language): ViewState {
  const query = new URLSearchParams(search)
  let state = defaultViewState(lang)
  for (const key of Object.keys(READ) as (keyof ViewState)[])
    state = { ...state, ...readPart(state, key, query) }
  return state
}

/** The query of a state, with `?` in front; what is as by default is left out, so that addresses stay short. */
export function viewStateQuery(state: ViewState, lang: Language): string {
  const defaults = defaultViewState(lang)
  const query = new URLSearchParams()
  for (const key of Object.keys(READ) as (keyof ViewState)[]) {
    const value = state[key]
    if (value !== null && value !== defaults[key]) query.set(key, String(value))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
