import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StateValue, TreatMissingData } from '../../../core/contracts/cloudwatch.ts'
import { judgeDatapoints, type Standing } from './judge-datapoints.ts'

type Outcome = StateValue | 'retained'

/** `0 - X`: 0 is within the threshold, X breaches it, - is missing; the newest to the right. */
const rangeOf = (text: string): Standing[] =>
  text.split(' ').map((mark) => (mark === '-' ? 'missing' : mark === 'X' ? 'breaching' : 'within'))

function judge(text: string, m: number, treat: TreatMissingData, n = 3): Outcome {
  const rule = { EvaluationPeriods: n, DatapointsToAlarm: m, TreatMissingData: treat }
  return judgeDatapoints(rangeOf(text), rule).state ?? 'retained'
}

const filledOf = (text: string, m: number): number =>
  judgeDatapoints(rangeOf(text), { EvaluationPeriods: 3, DatapointsToAlarm: m, TreatMissingData: 'missing' })
    .filled

// Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data", its two tables.
type Row = readonly [
  range: string,
  filled: number,
  missing: Outcome,
  ignore: Outcome,
  breaching: Outcome,
  notBreaching: Outcome,
]
const THREE_OF_THREE: readonly Row[] = [
  ['0 - X - X', 0, 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 2, 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 3, 'INSUFFICIENT_DATA', 'retained', 'ALARM', 'OK'],
  ['0 X X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 2, 'ALARM', 'retained', 'ALARM', 'OK'],
]
const TWO_OF_THREE: readonly Row[] = [
  ['0 - X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 1, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 2, 'ALARM', 'retained', 'ALARM', 'OK'],
]

describe.each<[name: string, m: number, table: readonly Row[]]>([
  ['3 of 3', 3, THREE_OF_THREE],
  ['2 of 3', 2, TWO_OF_THREE],
])("CloudWatch's documented examples, %s", (_, m, table) => {
  it.each(table)('%s', (text, filled, missing, ignore, breaching, notBreaching) => {
    expect(filledOf(text, m)).toBe(filled)
    expect({
      missing: judge(text, m, 'missing'),
      ignore: judge(text, m, 'ignore'),
      breaching: judge(text, m, 'breaching'),
      notBreaching: judge(text, m, 'notBreaching'),
    }).toEqual({ missing, ignore, breaching, notBreaching })
  })
})

describe('the premature alarm, as documented', () => {
  it.each(['- - - - X', '- - - X -'])('is not raised by %s for 3 of 3', (text) => {
    expect(judge(text, 3, 'missing')).toBe('retained')
  })

  it.each(['- - - X 0', '- - X - 0'])('is over with the next datapoint within the threshold: %s', (text) => {
    expect(judge(text, 3, 'missing')).toBe('OK')
  })

  it.each(['- - X - -', '- X X - -', '- X - - X'])(
    'is a real one once the breach is old enough: %s',
    (text) => {
      expect(judge(text, 3, 'missing')).toBe('ALARM')
    },
  )

  it('never lets a breach among missing datapoints pass for OK', () => {
    expect(judge('- - - - X', 2, 'missing')).toBe('retained')
    expect(judge('- - - - X', 2, 'ignore')).toBe('retained')
  })
})

describe('an alarm of one period', () => {
  it('believes a datapoint for two more periods, then no longer', () => {
    expect(judge('- - X', 1, 'missing', 1)).toBe('ALARM')
    expect(judge('X - -', 1, 'missing', 1)).toBe('ALARM')
    expect(judge('- - -', 1, 'missing', 1)).toBe('INSUFFICIENT_DATA')
  })
})

describe('any range', () => {
  const standing = fc.constantFrom<Standing>('breaching', 'within', 'missing')
  const alarm = fc
    .integer({ min: 1, max: 6 })
    .chain((n) => fc.record({ n: fc.constant(n), m: fc.integer({ min: 1, max: n }) }))
    .chain(({ n, m }) =>
      fc.record({
        n: fc.constant(n),
        m: fc.constant(m),
        range: fc.array(standing, { minLength: n + 2, maxLength: n + 2 }),
        treat: fc.constantFrom<TreatMissingData>('breaching', 'notBreaching', 'ignore', 'missing'),
      }),
    )
  const stateOf = (range: Standing[], n: number, m: number, treat: TreatMissingData): Outcome =>
    judgeDatapoints(range, { EvaluationPeriods: n, DatapointsToAlarm: m, TreatMissingData: treat }).state ??
    'retained'

  it('is in ALARM exactly when M of the newest N breach, when nothing is missing', () => {
    fc.assert(
      fc.property(alarm, ({ range, n, m, treat }) => {
        const whole = range.map((s) => (s === 'missing' ? 'within' : s))
        const breaching = whole.slice(-n).filter((s) => s === 'breaching').length
        expect(stateOf(whole, n, m, treat)).toBe(breaching >= m ? 'ALARM' : 'OK')
      }),
    )
  })

  it('says OK without one datapoint within the threshold only where missing ones are taken as such', () => {
    fc.assert(
      fc.property(alarm, ({ range, n, m, treat }) => {
        const none = range.map((s) => (s === 'within' ? 'missing' : s))
        expect(treat !== 'notBreaching' && stateOf(none, n, m, treat) === 'OK').toBe(false)
      }),
    )
  })

  it('is in INSUFFICIENT_DATA only when all of it is missing, and that is to be said', () => {
    fc.assert(
      fc.property(alarm, ({ range, n, m, treat }) => {
        const empty = range.every((s) => s === 'missing')
        expect(stateOf(range, n, m, treat) === 'INSUFFICIENT_DATA').toBe(empty && treat === 'missing')
      }),
    )
  })

  it('never leaves ALARM because one more datapoint breaches', () => {
    fc.assert(
      fc.property(alarm, fc.nat(), ({ range, n, m, treat }, at) => {
        const worse = range.map((s, i) => (i === at % range.length && s === 'within' ? 'breaching' : s))
        fc.pre(stateOf(range, n, m, treat) === 'ALARM')
        expect(stateOf(worse, n, m, treat)).toBe('ALARM')
      }),
    )
  })
})
