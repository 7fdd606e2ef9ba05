import type { SqlValue } from '../../ports.ts'
import { sqlTokens } from './sql-tokens.ts'

/** A text as a literal; nothing but its quotes needs care in Athena's SQL. */
export const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A name as an identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A value as a literal: a whole number is BIGINT, any other DOUBLE, as a parameter is on one machine. */
export function literal(value: SqlValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'string') return textLiteral(value)
  if (Number.isSafeInteger(value)) return `BIGINT '${value}'`
  return Number.isFinite(value)
    ? `DOUBLE '${value}'`
    : Number.isNaN(value)
      ? 'nan()'
      : `${value < 0 ? '-' : ''}infinity()`
}

/**
 * Puts literals in the place of `$name` parameters. Athena's own parameters are positions, without types, which no value here
 * gains from: a literal is as safe, since it is written from a value and not from text.
 */
export function bindParameters(sql: string, params: Readonly<Record<string, SqlValue>>): string {
  return sqlTokens(sql)
    .map(({ kind, text }) => {
      if (kind !== 'parameter') return text
      const value = params[text.slice(1)]
      if (value === undefined) throw new Error(`No value was given for the parameter ${text}`)
      return literal(value)
    })
    .join('')
}
