import { TABLE_SCHEMAS, type TableName } from '../../core/contracts/tables.ts'
import type { Column } from '../../platform/ports.ts'

type Value = string | number | boolean | null

/** Rows as the columns of a dataset; what a row lacks is null. */
export function tableColumns(table: TableName, rows: readonly object[]): Column[] {
  return TABLE_SCHEMAS[table].map(({ name, type }) => ({
    name,
    type,
    values: rows.map((row) => (row as Readonly<Record<string, Value>>)[name] ?? null),
  }))
}
