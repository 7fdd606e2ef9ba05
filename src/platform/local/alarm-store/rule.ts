import type { StateValue } from '../../../core/contracts/cloudwatch.ts'

/** An AlarmRule, parsed. */
export type Rule =
  | { readonly kind: 'state'; readonly state: StateValue; readonly alarm: string }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'not'; readonly rule: Rule }
  | { readonly kind: 'and' | 'or'; readonly rules: readonly Rule[] }

/** An AlarmRule that cannot be read; the message says where. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
}

/** Deeper nesting than anybody writes by hand; it bounds the parser's stack. */
const MAX_DEPTH = 100

/**
 * Reads CloudWatch's AlarmRule: `ALARM("a") AND NOT (OK(b) OR INSUFFICIENT_DATA("c"))`, `TRUE`, `FALSE`. Names may stand in
 * double quotes; NOT binds closer than AND, and AND closer than OR. Throws RuleError.
 */
export function parseRule(text: string): Rule {
  const tokens = tokensOf(text)
  let at = 0
  let depth = 0
  const here = (): string => `at character ${(tokens[at]?.at ?? text.length) + 1}`
  const take = (word: string): boolean => {
    const token = tokens[at]
    if (token?.quoted !== false || token.text !== word) return false
    at += 1
    return true
  }
  const expect = (word: string): void => {
    if (!take(word)) throw new RuleError(`"${word}" is missing ${here()}`)
  }
  const series = (kind: 'and' | 'or', word: string, next: () => Rule): Rule => {
    const rules = [next()]
    while (take(word)) rules.push(next())
    return rules.length === 1 && rules[0] ? rules[0] : { kind, rules }
  }
  const any = (): Rule => series('or', 'OR', all)
  const all = (): Rule => series('and', 'AND', one)
  const one = (): Rule => {
    depth += 1
    if (depth > MAX_DEPTH) throw new RuleError(`it is nested more than ${MAX_DEPTH} deep`)
    try {
      if (take('NOT')) return { kind: 'not', rule: one() }
      if (take('TRUE')) return { kind: 'constant', value: true }
      if (take('FALSE')) return { kind: 'constant', value: false }
      if (take('(')) {
        const rule = any()
        expect(')')
        return rule
      }
      for (const state of ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const) if (take(state)) return named(state)
    } finally {
      depth -= 1
    }
    throw new RuleError(`ALARM, OK, INSUFFICIENT_DATA, NOT, TRUE, FALSE or "(" is missing ${here()}`)
  }
  const named = (state: StateValue): Rule => {
    expect('(')
    const token = tokens[at]
    if (!token || (!token.quoted && /^[()]$/.test(token.text)))
      throw new RuleError(`the name of an alarm is missing ${here()}`)
    at += 1
    expect(')')
    return { kind: 'state', state, alarm: token.text }
  }
  const rule = any()
  if (at < tokens.length) throw new RuleError(`"${tokens[at]?.text}" does not belong ${here()}`)
  return rule
}

interface Token {
  readonly text: string
  readonly quoted: boolean
  readonly at: number
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const pattern = /\s*(?:"([^"]*)"|([()])|([^\s()"]+)|("))/y
  while (pattern.lastIndex < text.trimEnd().length) {
    const start = pattern.lastIndex
    const match = pattern.exec(text)
    if (!match || match[4] !== undefined)
      throw new RuleError(`a quote is not closed after character ${start + 1}`)
    const body = match[1] ?? match[2] ?? match[3] ?? ''
    tokens.push({
      text: body,
      quoted: match[1] !== undefined,
      at: start + match[0].length - match[0].trimStart().length,
    })
  }
  return tokens
}

/** Names of the alarms that a rule looks at, each once. */
export function alarmsOf(rule: Rule): string[] {
  const names = new Set<string>()
  const visit = (r: Rule): void => {
    if (r.kind === 'state') names.add(r.alarm)
    else if (r.kind === 'not') visit(r.rule)
    else if (r.kind !== 'constant') r.rules.forEach(visit)
  }
  visit(rule)
  return [...names]
}

/** Whether a rule holds; an alarm that is not there is in no state. */
export function ruleHolds(rule: Rule, stateOf: (alarm: string) => StateValue | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value
    case 'state':
      return stateOf(rule.alarm) === rule.state
    case 'not':
      return !ruleHolds(rule.rule, stateOf)
    case 'and':
      return rule.rules.every((r) => ruleHolds(r, stateOf))
    default:
      return rule.rules.some((r) => ruleHolds(r, stateOf))
  }
}
