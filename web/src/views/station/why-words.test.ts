import { describe, expect, it } from 'vitest'
import type { Reason, ReasonPart } from '../../../../src/core/contracts/explanation.ts'
import type { PastPrediction } from '../../../../src/core/contracts/api/station.ts'
import { translator } from '../../text/define.ts'
import { formatOf } from '../../text/format.ts'
import { stationTexts } from '../../text/station.ts'
import { countVerdicts } from './judged.ts'
import { partWords, whySentence, type Words } from './why-words.ts'

const words = (lang: 'en' | 'fr'): Words => ({
  t: translator(stationTexts, lang),
  format: formatOf(lang, 'UTC'),
  lang,
})

const PARTS: readonly ReasonPart[] = [
  { key: 'count_now', params: { what: 'bikes', count: 5 } },
  { key: 'changed', params: { what: 'bikes', change: -4, minutes: 15 } },
  { key: 'mean', params: { what: 'docks', mean: 0.42, minutes: 15 } },
  { key: 'neighbours', params: { what: 'bikes', level: 0.08, direction: 'emptying' } },
  { key: 'neighbours', params: { what: 'docks', level: 0.5, direction: null } },
  { key: 'time', params: { weekday: 0, hour: 8, minute: 40, kind: 'weekday' } },
  { key: 'time', params: { weekday: 6, hour: 18, minute: 0, kind: 'holiday' } },
  { key: 'weather', params: { sky: 'rain', temp_c: 8.4, precip_mm: null, wind_kph: null } },
  { key: 'weather_unknown', params: {} },
]

describe('the reasons of a prediction in words', () => {
  it('are English', () => {
    expect(PARTS.map((part) => partWords(part, words('en')))).toEqual([
      '5 bikes left',
      '4 bikes fewer than 15 minutes ago',
      '0.4 docks on average in the last 15 minutes',
      'neighbours have bikes at 8% of their places and are emptying',
      'neighbours have 50% of their docks free',
      'Monday 08:40',
      'Sunday 18:00, a holiday',
      'rain, 8°C',
      'the weather is not known',
    ])
  })

  it('are French', () => {
    expect(PARTS.slice(0, 2).map((part) => partWords(part, words('fr')))).toEqual([
      'restent 5 vélos',
      '4 vélos de moins qu’il y a 15 minutes',
    ])
    expect(PARTS.slice(5, 6).map((part) => partWords(part, words('fr')))).toEqual(['lundi 08:40'])
  })

  it('make a sentence of those that weigh', () => {
    const reason = (parts: ReasonPart[], weighty: boolean): Reason => ({
      group: 'state',
      contribution: 1,
      weighty,
      parts,
      features: [],
    })
    const reasons = [
      reason(PARTS.slice(0, 2), true),
      reason(PARTS.slice(5, 6), true),
      reason(PARTS.slice(7, 8), false),
    ]
    expect(whySentence(reasons, words('en'))).toBe(
      '5 bikes left; 4 bikes fewer than 15 minutes ago; Monday 08:40.',
    )
    expect(whySentence([], words('en'))).toBe('')
  })
})

describe('what became of predictions', () => {
  const past = (stockout: boolean, happened: boolean | null): PastPrediction => ({
    slot: 0,
    score: 0.5,
    threshold: 0.2,
    stockout,
    count_now: 5,
    variant: 'v',
    model_version: 'm',
    count_then: null,
    happened,
  })

  it('is counted by what was said and what came', () => {
    const all = [
      past(true, true),
      past(true, false),
      past(true, null),
      past(false, true),
      past(false, false),
      past(false, null),
    ]
    expect(countVerdicts(all)).toEqual({ hit: 1, false_alarm: 1, pending: 1, miss: 1, quiet: 1, unknown: 1 })
  })
})
