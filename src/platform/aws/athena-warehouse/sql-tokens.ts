/** A piece of an SQL text. `word` is a name, a keyword or a number; `parameter` is `$name`. */
export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'text' | 'parameter' | 'symbol' | 'space' | 'comment'
  readonly text: string
}

const PATTERNS: readonly (readonly [SqlToken['kind'], RegExp])[] = [
  ['comment', /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ['space', /\s+/y],
  ['text', /'(?:[^']|'')*(?:'|$)/y],
  ['quoted', /"(?:[^"]|"")*(?:"|$)/y],
  ['parameter', /\$[A-Za-z_]\w*/y],
  ['word', /[\p{L}\p{N}_]+/uy],
]

/** Cuts an SQL text into pieces; together they are the text. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = []
  let at = 0
  while (at < sql.length) {
    const token = tokenAt(sql, at)
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

function tokenAt(sql: string, at: number): SqlToken {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at
    const text = pattern.exec(sql)?.[0]
    if (text) return { kind, text }
  }
  return { kind: 'symbol', text: sql.slice(at, at + 1) }
}

/** The pieces that mean something. */
export const meaningful = (tokens: readonly SqlToken[]): SqlToken[] =>
  tokens.filter(({ kind }) => kind !== 'space' && kind !== 'comment')

/** The text without comments, and without semicolons at its end. */
export function plainSql(sql: string): string {
  const text = sqlTokens(sql)
    .map((token) => (token.kind === 'comment' ? ' ' : token.text))
    .join('')
  return text.trim().replace(/[\s;]+$/, '')
}

/** True for a word, whatever its case. */
export const isWord = (token: SqlToken | undefined, ...words: readonly string[]): boolean =>
  token?.kind === 'word' && words.includes(token.text.toLowerCase())
