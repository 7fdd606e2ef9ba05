import { OperatorError } from '../../../../core/errors.ts'

/** A metric math expression as a tree. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  /** The id of another query, or a word such as REPEAT. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | {
      readonly kind: 'operation'
      readonly operator: Operator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }

export type Operator = '+' | '-' | '*' | '/'

interface Token {
  readonly text: string
  /** From 1. */
  readonly at: number
}

const TOKEN = /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z]\w*)|([-+*/(),[\]]))/y
/** Deeper nesting than a person writes; it keeps the recursion bounded. */
const MAX_DEPTH = 50

/**
 * Reads an expression: numbers, ids, `+ - * /`, unary minus, parentheses, calls `F(a, b)` and lists `[a, b]`. BAD_INPUT, with
 * the place, for anything else.
 */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text)
  const expression = parser.sum(0)
  parser.end()
  return expression
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  sum(depth: number): Expression {
    let left = this.#product(depth)
    for (;;) {
      const operator = this.#take('+', '-')
      if (operator === undefined) return left
      left = { kind: 'operation', operator, left, right: this.#product(depth) }
    }
  }

  end(): void {
    if (this.#next < this.#tokens.length) throw this.#unexpected('the end')
  }

  #product(depth: number): Expression {
    let left = this.#unary(depth)
    for (;;) {
      const operator = this.#take('*', '/')
      if (operator === undefined) return left
      left = { kind: 'operation', operator, left, right: this.#unary(depth) }
    }
  }

  #unary(depth: number): Expression {
    if (depth > MAX_DEPTH) throw refused(this.#text, 'it is nested too deeply')
    if (this.#take('-') !== undefined) return { kind: 'negate', operand: this.#unary(depth + 1) }
    return this.#primary(depth + 1)
  }

  #primary(depth: number): Expression {
    if (this.#take('(') !== undefined) {
      const inner = this.sum(depth)
      this.#expect(')')
      return inner
    }
    if (this.#take('[') !== undefined) return { kind: 'list', items: this.#items(']', depth) }
    const token = this.#tokens[this.#next]
    if (token === undefined || !/^[\w.]/.test(token.text)) throw this.#unexpected('a number, an id or "("')
    this.#next++
    if (/^[\d.]/.test(token.text)) return { kind: 'number', value: Number(token.text) }
    if (this.#take('(') !== undefined)
      return { kind: 'call', name: token.text, args: this.#items(')', depth) }
    return { kind: 'name', name: token.text }
  }

  /** What stands between brackets, up to the closing one. */
  #items(close: ')' | ']', depth: number): Expression[] {
    if (this.#take(close) !== undefined) return []
    const items = [this.sum(depth)]
    while (this.#take(',') !== undefined) items.push(this.sum(depth))
    this.#expect(close)
    return items
  }

  #take<T extends string>(...texts: readonly T[]): T | undefined {
    const taken = texts.find((text) => text === this.#tokens[this.#next]?.text)
    if (taken !== undefined) this.#next++
    return taken
  }

  #expect(text: string): void {
    if (this.#take(text) === undefined) throw this.#unexpected(`"${text}"`)
  }

  #unexpected(wanted: string): OperatorError {
    const token = this.#tokens[this.#next]
    const found = token ? `"${token.text}" at character ${token.at}` : 'the end'
    return refused(this.#text, `${wanted} is wanted where ${found} stands`)
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (!match) {
      const at = from + (/\S/.exec(text.slice(from))?.index ?? 0)
      throw refused(text, `"${text[at]}" at character ${at + 1} is not known`)
    }
    const found = match[1] ?? match[2] ?? match[3] ?? ''
    tokens.push({ text: found, at: TOKEN.lastIndex - found.length + 1 })
  }
  return tokens
}

/** The refusal of an expression. */
export function refused(text: string, why: string): OperatorError {
  return new OperatorError(
    'BAD_INPUT',
    `expression "${text.slice(0, 200)}": ${why}`,
    'There are + - * / with parentheses, FILL, ANOMALY_DETECTION_BAND, and MAX, MIN and SUM of a list.',
  )
}
