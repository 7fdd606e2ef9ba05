import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { strategySchema } from '../../../../src/core/contracts/release.ts'
import { DEFAULT_STRATEGY, readStrategy, STRATEGY_TYPES, wholeNumber } from './strategy-form.ts'

describe('the form of a strategy', () => {
  it.each(STRATEGY_TYPES)('makes a strategy of the contract from its defaults: %s', (type) => {
    const read = readStrategy({ ...DEFAULT_STRATEGY, type })
    expect('strategy' in read && strategySchema.parse(read.strategy)).toMatchObject({ type })
  })

  it('gives nothing that the contract refuses, whatever is typed', () => {
    const typed = fc.oneof(fc.string({ maxLength: 8 }), fc.integer({ min: -5, max: 20_000 }).map(String))
    const form = fc.record({
      type: fc.constantFrom(...STRATEGY_TYPES),
      canary_percent: typed,
      step_percent: typed,
      wait_minutes: typed,
      ramp: fc.oneof(
        typed,
        fc.array(fc.integer({ min: 0, max: 101 }), { maxLength: 4 }).map((all) => all.join(', ')),
      ),
      bake_minutes: typed,
      max_wait_minutes: typed,
    })
    fc.assert(
      fc.property(form, (fields) => {
        const read = readStrategy(fields)
        expect('problems' in read || strategySchema.safeParse(read.strategy).success).toBe(true)
      }),
    )
  })

  it.each([
    ['', 'ramp_number'],
    ['10, x, 100', 'ramp_number'],
    ['10, 10, 100', 'ramp_grow'],
    ['50, 20, 100', 'ramp_grow'],
    ['10, 50', 'ramp_end'],
  ])('says what is wrong with the ramp “%s”', (ramp, problem) => {
    expect(readStrategy({ ...DEFAULT_STRATEGY, type: 'ab', ramp })).toEqual({ problems: { ramp: problem } })
  })

  it('does not give up before the watch is over', () => {
    const read = readStrategy({
      ...DEFAULT_STRATEGY,
      type: 'shadow',
      bake_minutes: '60',
      max_wait_minutes: '30',
    })
    expect(read).toEqual({ problems: { max_wait_minutes: 'max_wait' } })
  })

  it('looks at the fields of its own strategy alone', () => {
    expect(readStrategy({ ...DEFAULT_STRATEGY, type: 'all-at-once', ramp: 'nonsense' })).toEqual({
      strategy: { type: 'all-at-once', wait_seconds: 0 },
    })
  })
})

it('reads whole numbers within their ends, and nothing else', () => {
  expect(['5', ' 7 ', '0', '11', '', '1e1', '2.0', '٣'].map((text) => wholeNumber(text, 1, 10))).toEqual([
    5,
    7,
    ...Array<undefined>(6),
  ])
})
