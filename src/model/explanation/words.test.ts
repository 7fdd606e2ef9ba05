import { describe, expect, it } from 'vitest'
import { FEATURE_NAMES, type FeatureName, type Target } from '../../core/contracts/features.ts'
import { WORDS, type WordsSubject } from './words.ts'

type Values = Partial<Record<FeatureName, number>>

const subject = (
  values: Values,
  { adds = {}, before = {}, target = 'bikes' }: { adds?: Values; before?: Values; target?: Target } = {},
): WordsSubject => ({
  target,
  count_now: 5,
  minute: 40,
  value: (name) => values[name] ?? null,
  contribution: (name) => adds[name] ?? 0,
  before: (name) => before[name] ?? null,
})

describe('words of the last hour', () => {
  it('are the change that says most to the model', () => {
    const values = { roll15_net_bikes: -4, roll60_net_bikes: 2, delta_bikes_5m: 0 }
    expect(WORDS.trend(subject(values, { adds: { roll15_net_bikes: 0.4, roll60_net_bikes: -0.1 } }))).toEqual(
      [{ key: 'changed', params: { what: 'bikes', change: -4, minutes: 15 } }],
    )
    expect(WORDS.trend(subject(values, { adds: { delta_bikes_5m: -0.9 } }))).toEqual([
      { key: 'steady', params: { what: 'bikes', minutes: 5 } },
    ])
  })

  it('are the mean where that says more, with the change beside it', () => {
    const adds = { roll15_bikes_mean: 1, roll30_net_bikes: 0.2 }
    const values = { roll15_bikes_mean: 1.333_33, roll30_net_bikes: -2 }
    expect(WORDS.trend(subject(values, { adds }))).toEqual([
      { key: 'mean', params: { what: 'bikes', mean: 1.3, minutes: 15 } },
      { key: 'changed', params: { what: 'bikes', change: -2, minutes: 30 } },
    ])
    expect(WORDS.trend(subject({ ...values, roll30_net_bikes: 0 }, { adds }))).toHaveLength(1)
  })

  it('say of docks what docks did in five minutes', () => {
    const values = { delta_docks_5m: 3, delta_bikes_5m: -3 }
    expect(WORDS.trend(subject(values, { target: 'docks' }))).toEqual([
      { key: 'changed', params: { what: 'docks', change: 3, minutes: 5 } },
    ])
  })

  it('say that nothing is known', () => {
    expect(WORDS.trend(subject({}))).toEqual([{ key: 'trend_unknown', params: {} }])
  })
})

describe('words of neighbours', () => {
  const moved = (target: Target, now: number, then?: number): unknown => {
    const name = `nbr_${target}_weighted` as const
    const [part] = WORDS.neighbours(
      subject({ [name]: now }, { target, before: then === undefined ? {} : { [name]: then } }),
    )
    return part?.key === 'neighbours' ? part.params.direction : part?.key
  }

  it('are emptying when bikes leave, whichever is counted', () => {
    expect(moved('bikes', 0.2, 0.4)).toBe('emptying')
    expect(moved('bikes', 0.4, 0.2)).toBe('filling')
    expect(moved('docks', 0.4, 0.2)).toBe('emptying')
    expect(moved('docks', 0.2, 0.4)).toBe('filling')
    expect(moved('bikes', 0.4, 0.41)).toBe('steady')
    expect(moved('bikes', 0.4)).toBeNull()
  })

  it('say that there is none', () => {
    expect(WORDS.neighbours(subject({}))).toEqual([{ key: 'neighbours_unknown', params: {} }])
  })
})

describe('words of time and weather', () => {
  const day = (values: Values): unknown => WORDS.time(subject({ hour: 8, dow: 1, ...values }))[0]?.params

  it('tell weekday, weekend and holiday apart', () => {
    expect(day({ is_weekend: 0, is_holiday: 0 })).toEqual({
      weekday: 1,
      hour: 8,
      minute: 40,
      kind: 'weekday',
    })
    expect(day({ dow: 6, is_weekend: 1 })).toMatchObject({ weekday: 6, kind: 'weekend' })
    expect(day({ is_weekend: 1, is_holiday: 1 })).toMatchObject({ kind: 'holiday' })
  })

  it('tell rain from snow, and leave out what is missing', () => {
    const sky = (values: Values): unknown => WORDS.weather(subject(values))[0]
    expect(sky({ temp_c: 8, precip_mm: 2, snow_mm: 0, wind_kph: 20 })).toEqual({
      key: 'weather',
      params: { sky: 'rain', temp_c: 8, precip_mm: 2, wind_kph: 20 },
    })
    expect(sky({ precip_mm: 2, snow_mm: 2 })).toMatchObject({ params: { sky: 'snow', temp_c: null } })
    expect(sky({ precip_mm: 0 })).toMatchObject({ params: { sky: 'dry' } })
    expect(sky({ temp_c: 3 })).toMatchObject({ params: { sky: null, temp_c: 3 } })
    expect(sky({})).toEqual({ key: 'weather_unknown', params: {} })
  })

  it('hold no value that is not in the features', () => {
    const unknown = subject({})
    expect(FEATURE_NAMES.every((name) => unknown.value(name) === null)).toBe(true)
    expect(WORDS.time(unknown)).toEqual([])
  })
})
