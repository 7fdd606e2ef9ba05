import { identifier } from './literals.ts'
import { isWord, meaningful, plainSql, sqlTokens } from './sql-tokens.ts'

/** A table that a statement names, and the SELECT that it is. */
export interface NamedSelect {
  readonly name: string
  readonly select: string
}

/** Puts tables in front of a query, as the first of its common table expressions. */
export function withTables(sql: string, tables: readonly NamedSelect[]): string {
  const query = plainSql(sql)
  if (tables.length === 0) return query
  const list = tables.map(({ name, select }) => `${identifier(name)} AS (\n${select}\n)`).join(',\n')
  const rest = /^with\b/i.test(query) ? `,\n${query.slice('with'.length)}` : `\n${query}`
  return `WITH ${list}${rest}`
}

/** One name that the rows of a statement are in the order of. */
export interface OrderKey {
  readonly name: string
  readonly descending: boolean
}

/** A query and the order of its rows, apart. */
export interface Ordered {
  readonly query: string
  /** Undefined: an order that cannot be told from the names of its columns alone, or a LIMIT. */
  readonly keys: readonly OrderKey[] | undefined
}

/** Takes the last ORDER BY off a query, where the order is one of plain column names. */
export function splitOrder(sql: string): Ordered {
  const tokens = sqlTokens(plainSql(sql))
  let depth = 0
  let order: number | undefined
  for (const [i, { text, kind }] of tokens.entries()) {
    if (kind === 'symbol') depth += text === '(' ? 1 : text === ')' ? -1 : 0
    if (depth !== 0) continue
    if (isWord(tokens[i], 'order') && isWord(meaningful(tokens.slice(i + 1))[0], 'by')) order = i
    if (isWord(tokens[i], 'limit', 'offset', 'fetch')) return { query: plainSql(sql), keys: undefined }
  }
  if (order === undefined) return { query: plainSql(sql), keys: [] }
  const query = tokens
    .slice(0, order)
    .map(({ text }) => text)
    .join('')
  const text = meaningful(tokens.slice(order))
    .slice(2)
    .map((token) => token.text)
    .join(' ')
  const keys = text.split(',').map(orderKey)
  return keys.some((key) => key === undefined)
    ? { query: plainSql(sql), keys: undefined }
    : { query, keys: keys.filter((key) => key !== undefined) }
}

function orderKey(text: string): OrderKey | undefined {
  const [, name, direction] = /^\s*([A-Za-z_]\w*)(?:\s+(asc|desc))?\s*$/i.exec(text) ?? []
  return name === undefined
    ? undefined
    : { name: name.toLowerCase(), descending: direction?.toLowerCase() === 'desc' }
}
