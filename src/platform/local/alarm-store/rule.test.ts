import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StateValue } from '../../../core/contracts/cloudwatch.ts'
import { alarmsOf, parseRule, RuleError, ruleHolds } from './rule.ts'

const STATES: Readonly<Record<string, StateValue>> = {
  a: 'ALARM',
  b: 'OK',
  c: 'INSUFFICIENT_DATA',
  'd e': 'ALARM',
}
const holds = (text: string): boolean => ruleHolds(parseRule(text), (name) => STATES[name])

describe('an alarm rule', () => {
  it.each([
    ['ALARM("a")', true],
    ['ALARM(a)', true],
    ['OK("a")', false],
    ['INSUFFICIENT_DATA(c)', true],
    ['ALARM("d e")', true],
    ['ALARM("nobody")', false],
    ['NOT OK("nobody")', true],
    ['TRUE', true],
    ['FALSE', false],
    ['NOT TRUE', false],
    ['ALARM(a) AND OK(b)', true],
    ['ALARM(a) AND ALARM(b)', false],
    ['ALARM(b) OR ALARM(a)', true],
    ['NOT (ALARM(a) AND ALARM(b))', true],
    // NOT before AND before OR.
    ['NOT ALARM(b) AND ALARM(a)', true],
    ['TRUE OR FALSE AND FALSE', true],
    ['(TRUE OR FALSE) AND FALSE', false],
    ['NOT NOT ALARM(a)', true],
    ['  ALARM ( "a" )\nAND\n( OK ( b ) )  ', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected)
  })

  it.each([
    '',
    '   ',
    'ALARM',
    'ALARM(',
    'ALARM()',
    'ALARM("a"',
    'ALARM("a) AND TRUE',
    'ALARM(a) ALARM(b)',
    'ALARM(a) AND',
    'AND ALARM(a)',
    'alarm(a)',
    'ALARM(a))',
    'ALARM(a, b)',
    'ALARM(a) XOR OK(b)',
    '"TRUE"',
  ])('refuses %j', (text) => {
    expect(() => parseRule(text)).toThrow(RuleError)
  })

  it.each([
    ['parentheses', `${'('.repeat(200_000)}TRUE`],
    ['negations', 'NOT '.repeat(200_000)],
  ])('refuses endless %s', (_, text) => {
    expect(() => parseRule(text)).toThrow('nested')
  })

  it('names its alarms once, in order', () => {
    expect(alarmsOf(parseRule('ALARM(b) OR (NOT OK("a") AND INSUFFICIENT_DATA(b)) OR TRUE'))).toEqual([
      'b',
      'a',
    ])
  })

  it('says what boolean algebra says', () => {
    interface Node {
      readonly text: string
      readonly value: boolean
    }
    const { node } = fc.letrec<{ node: Node }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Node>(
          { text: 'TRUE', value: true },
          { text: 'FALSE', value: false },
          { text: 'ALARM(a)', value: true },
          { text: 'ALARM("b")', value: false },
        ),
        tie('node').map(({ text, value }) => ({ text: `NOT (${text})`, value: !value })),
        fc
          .tuple(tie('node'), tie('node'))
          .map(([x, y]) => ({ text: `(${x.text}) AND (${y.text})`, value: x.value && y.value })),
        fc
          .tuple(tie('node'), tie('node'))
          .map(([x, y]) => ({ text: `(${x.text}) OR (${y.text})`, value: x.value || y.value })),
      ),
    }))
    fc.assert(
      fc.property(node, ({ text, value }) => {
        expect(holds(text)).toBe(value)
      }),
    )
  })
})
