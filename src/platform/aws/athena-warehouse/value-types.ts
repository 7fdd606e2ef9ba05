import type { ColumnInfo } from '@aws-sdk/client-athena'
import type { NamedType, SqlValue } from '../../ports.ts'

/** Athena's names of types by DuckDB's; a type that has no twin is read as its text. */
const TYPES: Readonly<Record<string, string>> = {
  varchar: 'VARCHAR',
  char: 'VARCHAR',
  string: 'VARCHAR',
  bigint: 'BIGINT',
  integer: 'INTEGER',
  int: 'INTEGER',
  smallint: 'SMALLINT',
  tinyint: 'TINYINT',
  double: 'DOUBLE',
  float: 'FLOAT',
  real: 'FLOAT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
  // What DuckDB says of a column of nothing but nulls.
  unknown: 'INTEGER',
}

/** The column of a result by DuckDB's names. */
export function typeOf({ Name = '', Type = '', Precision, Scale }: ColumnInfo): NamedType {
  const base = Type.toLowerCase()
  if (base === 'decimal') return { name: Name, type: `DECIMAL(${Precision ?? 38},${Scale ?? 0})` }
  return { name: Name, type: TYPES[base] ?? 'VARCHAR' }
}

const WHOLE = new Set(['BIGINT', 'INTEGER', 'SMALLINT', 'TINYINT'])

/** A value of an answer, which is text; numbers and times as in ColumnBatch, but null is null. */
export function valueOf(text: string | undefined, type: string): SqlValue {
  if (text === undefined) return null
  if (WHOLE.has(type) || type === 'DOUBLE' || type.startsWith('DECIMAL')) return Number(text)
  if (type === 'FLOAT') return Math.fround(Number(text))
  if (type === 'BOOLEAN') return text === 'true'
  if (type === 'TIMESTAMP') return Date.parse(`${text.replace(' ', 'T')}Z`) / 1000
  return text
}
