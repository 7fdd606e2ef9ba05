import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availabilityOf } from './budget.ts'
import { monthOf, parseMonth } from './month.ts'
import { badRuns, judgePeriods, type PeriodFigures } from './periods.ts'
import { judgeQuality } from './quality-objectives.ts'
import { slowBurns } from './slow-burn.ts'

const FROM = Date.UTC(2026, 10, 1) / 1000
const UNTIL = Date.UTC(2026, 11, 1) / 1000
const BATCHES = 30 * 144

/** A month in which every batch came, but for what `change` says. */
function figures(change: (f: Record<keyof PeriodFigures, Map<number, number>>) => void = () => {}) {
  const all = {
    invocations: new Map<number, number>(),
    errors: new Map<number, number>(),
    latency: new Map<number, number>(),
    heartbeat: new Map<number, number>(),
  }
  for (let slot = FROM; slot < UNTIL; slot += 600) {
    all.heartbeat.set(slot, 1)
    all.invocations.set(slot, 6)
    all.errors.set(slot, 0)
    all.latency.set(slot, 20_000)
  }
  change(all)
  return all
}
const judge = (f: PeriodFigures, now = UNTIL) => {
  const periods = judgePeriods({ from: FROM, until: Math.min(UNTIL, now), now }, f)
  return availabilityOf(periods, { now, dueUntil: UNTIL })
}

describe('availability', () => {
  it('is whole when every batch came, and the budget is half a per cent of the minutes in which traffic was due', () => {
    const whole = judge(figures())
    expect(whole).toMatchObject({
      availability: 1,
      met: true,
      bad_periods: 0,
      spent_minutes: 0,
      fast_burns: [],
    })
    expect(whole.budget_minutes).toBeCloseTo(0.005 * BATCHES * 5, 9)
  })

  it('is null, with no budget, where nothing was due', () => {
    expect(availabilityOf([], { now: UNTIL, dueUntil: UNTIL })).toMatchObject({
      availability: null,
      met: null,
      budget_minutes: null,
      spent_minutes: null,
      left_minutes: null,
    })
  })

  it('counts an error, a slow p95, a heartbeat of 0 and one that is missing, each by its reason', () => {
    const month = judge(
      figures((f) => {
        f.errors.set(FROM, 1)
        f.latency.set(FROM + 1200, 300_001)
        f.latency.set(FROM + 2400, 300_000)
        f.heartbeat.set(FROM + 3600, 0)
        f.heartbeat.delete(FROM + 4800)
      }),
    )
    expect(month.bad_by_reason).toEqual({ '5xx': 1, latency: 1, heartbeat: 2 })
    expect(month.bad_periods).toBe(4)
    expect(month.spent_minutes).toBe(20)
  })

  it('is broken from the 22nd bad period of 4,320 on', () => {
    const withBad = (n: number) =>
      judge(
        figures((f) => {
          for (let i = 0; i < n; i++) f.heartbeat.set(FROM + i * 6000, 0)
        }),
      )
    expect(withBad(21)).toMatchObject({ met: true })
    expect(withBad(22)).toMatchObject({ met: false })
    expect(withBad(22).left_minutes).toBeLessThan(0)
  })

  it('counts a period without a batch only when requests came in it', () => {
    const extra = judge(
      figures((f) => {
        f.invocations.set(FROM + 300, 2)
        f.errors.set(FROM + 300, 1)
        f.errors.set(FROM + 900, 1)
      }),
    )
    expect(extra.periods).toBe(BATCHES + 1)
    expect(extra.bad_periods).toBe(1)
  })

  it('does not judge a batch before its ten minutes are over, and gives it its share of the budget', () => {
    const nothing = figures((f) => f.heartbeat.clear())
    expect(judge(nothing, FROM + 599).periods).toBe(0)
    const one = judge(nothing, FROM + 600)
    expect(one.periods).toBe(1)
    expect(one.budget_minutes).toBeCloseTo(0.005 * BATCHES * 5, 9)
  })

  it('has the same budget whenever it is asked for in a month', () => {
    const f = figures()
    fc.assert(
      fc.property(fc.integer({ min: 600, max: 30 * 86_400 }), (age) => {
        expect(judge(f, FROM + age).budget_minutes).toBeCloseTo(0.005 * BATCHES * 5, 6)
      }),
      { numRuns: 30 },
    )
  })
})

describe('burns', () => {
  const bad = (...slots: number[]) =>
    figures((f) => slots.forEach((slot) => f.heartbeat.set(FROM + slot * 600, 0)))

  it('are fast from two bad batches in a row on: fifteen minutes', () => {
    expect(judge(bad(3)).fast_burns).toEqual([])
    expect(judge(bad(3, 5)).fast_burns).toEqual([])
    expect(judge(bad(3, 4)).fast_burns).toEqual([
      { from: FROM + 1800, until: FROM + 2700, periods: 2, reasons: ['heartbeat'] },
    ])
  })

  it('go on while the last period judged is bad', () => {
    expect(judge(bad(3, 4), FROM + 5 * 600).burning_now).toBe(true)
    expect(judge(bad(3, 4), FROM + 6 * 600).burning_now).toBe(false)
  })

  it('have rates that say how long the budget lasts', () => {
    const now = FROM + 10 * 86_400
    const rates = judge(
      figures((f) => {
        for (let i = 0; i < 18; i++) f.heartbeat.set(now - 600 * (i + 1), 0)
      }),
      now,
    ).burn_rates
    // Half of the last 36 batches, against half a per cent.
    expect(rates[0]).toMatchObject({ window: '6h', burning: true })
    expect(rates[0]?.rate).toBeCloseTo(100, 9)
    expect(rates[1]?.rate).toBeCloseTo(18 / 432 / 0.005, 9)
  })

  it('are slow when a quality warning of the endpoint stands for more than two hours', () => {
    const alarm = (name: string, since: number, state: 'ALARM' | 'OK' = 'ALARM') => ({
      alarm: { AlarmName: name, AlarmDescription: '', AlarmRule: '' },
      StateValue: state,
      StateReason: '',
      StateUpdatedTimestamp: since,
    })
    const found = slowBurns(
      [
        alarm('prod-quality-f1-24h-warn', UNTIL - 7201),
        alarm('prod-quality-prauc-24h-warn', UNTIL - 7200),
        alarm('prod-docks-quality-f1-24h-warn', UNTIL - 9000),
        alarm('prod-feature-drift-warn', UNTIL - 9000),
        alarm('prod-quality-prauc-24h-warn', UNTIL - 9000, 'OK'),
      ],
      'bikeshare-prod',
      UNTIL,
    )
    expect(found).toEqual([{ alarm: 'prod-quality-f1-24h-warn', since: UNTIL - 7201, seconds: 7201 }])
  })

  it('never overlap, and hold every bad period once', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (bads) => {
        const periods = bads.map((isBad, i) => ({ from: i * 600, bad: isBad ? (['5xx'] as const) : [] }))
        const runs = badRuns(periods)
        expect(runs.reduce((sum, run) => sum + run.periods, 0)).toBe(bads.filter(Boolean).length)
        runs.slice(1).forEach((run, i) => expect(run.from).toBeGreaterThan(runs[i]?.until ?? Infinity))
      }),
    )
  })
})

describe('quality objectives', () => {
  it('hold when at least 95 of 100 batches reach the bound, and are null without one', () => {
    const series = (good: number) =>
      Array.from({ length: 100 }, (_, i) => ({ value: i < good ? 0.9 : 0.8, bound: 0.85 }))
    expect(judgeQuality('F1-24h', series(95))).toMatchObject({ met: true, good_share: 0.95, latest: 0.8 })
    expect(judgeQuality('F1-24h', series(94))).toMatchObject({ met: false })
    expect(judgeQuality('F1-24h', [])).toMatchObject({ met: null, good_share: null, latest: null })
  })

  it('of onset asks for more than persistence has', () => {
    const equal = [{ value: 0.1, bound: 0.1 }]
    expect(judgeQuality('onset above persistence', equal, true).met).toBe(false)
    expect(judgeQuality('PR-AUC-24h', equal).met).toBe(true)
  })
})

describe('a month', () => {
  it('is a calendar month in UTC', () => {
    expect(monthOf(FROM)).toEqual({ name: '2026-11', from: FROM, until: UNTIL })
    expect(parseMonth('2024-02').until - parseMonth('2024-02').from).toBe(29 * 86_400)
    expect(monthOf(parseMonth('2026-12').until - 1).name).toBe('2026-12')
  })

  it.each(['2026-13', '2026-1', '2026', 'november', '2026-00'])('is not "%s"', (text) => {
    expect(() => parseMonth(text)).toThrow('is not a month')
  })
})
