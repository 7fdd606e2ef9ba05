/** What a column holds. `time` is epoch seconds. */
export type Kind = 'text' | 'whole' | 'number' | 'truth' | 'time'
export type Cell = string | number | boolean | null

/** A column of a download. */
export interface TableColumn {
  readonly name: string
  readonly kind: Kind
  /** `s`, `ms`, `degrees`; null for what has none. It stands in the header of a CSV. */
  readonly unit: string | null
  readonly values: readonly Cell[]
}

/** How one column of rows is made. */
export interface ColumnOf<Row> {
  readonly name: string
  readonly kind: Kind
  readonly unit?: string
  readonly value: (row: Row) => Cell
}

/** Rows as columns. */
export function columnsOf<Row>(rows: readonly Row[], columns: readonly ColumnOf<Row>[]): TableColumn[] {
  return columns.map(({ name, kind, unit = null, value }) => ({ name, kind, unit, values: rows.map(value) }))
}
