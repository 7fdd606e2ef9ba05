import type { TrinoColumn } from './trino-client.ts'

/** A column as GetQueryResults describes it. */
export interface ColumnInfo {
  readonly CatalogName: string
  readonly SchemaName: string
  readonly TableName: string
  readonly Name: string
  readonly Label: string
  readonly Type: string
  readonly Precision: number
  readonly Scale: number
  readonly Nullable: string
  readonly CaseSensitive: boolean
}

/** Precision of the types that have a fixed one. */
const PRECISION: Readonly<Record<string, number>> = {
  boolean: 0,
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  float: 17,
  double: 17,
  date: 0,
  timestamp: 3,
  varchar: 2_147_483_647,
}

/** A column of Trino's as Athena names it: `real` is `float`, and what stands in brackets goes into Precision and Scale. */
export function columnInfo({ name, type }: TrinoColumn): ColumnInfo {
  const [, base = type, first, second] = /^(\w+)(?:\((\d+)(?:,\s*(\d+))?\))?$/.exec(type) ?? []
  const athena = base === 'real' ? 'float' : base
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: athena,
    Precision:
      base === 'decimal' || base === 'varchar' ? Number(first ?? 2_147_483_647) : (PRECISION[athena] ?? 0),
    Scale: base === 'decimal' ? Number(second ?? 0) : 0,
    Nullable: 'UNKNOWN',
    CaseSensitive: athena === 'varchar',
  }
}

/** A value of Trino's answer as text, null for null. */
export function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (Object.is(value, -0)) return '-0.0'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A file of results as Athena writes it: every value in quotes, a null as nothing. */
export function resultCsv(names: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const quoted = (value: string | null): string => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)
  return [names, ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('')
}
