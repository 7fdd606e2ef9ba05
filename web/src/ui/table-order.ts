/** What a column is sorted by; null and undefined come last, whichever the direction. */
export type SortValue = string | number | boolean | null | undefined

export interface SortOrder {
  readonly column: string
  readonly descending: boolean
}

/** Reads `column` or `-column`; undefined when no such column can be sorted. */
export function parseSort(text: string | null, columns: readonly string[]): SortOrder | undefined {
  if (text === null) return undefined
  const descending = text.startsWith('-')
  const column = descending ? text.slice(1) : text
  return columns.includes(column) ? { column, descending } : undefined
}

export function sortText({ column, descending }: SortOrder): string {
  return descending ? `-${column}` : column
}

/** What a click on a column's heading makes of the order: the other way round, or by this column from `first`. */
export function toggleSort(order: SortOrder | undefined, column: string, first: 'up' | 'down'): SortOrder {
  return order?.column === column
    ? { column, descending: !order.descending }
    : { column, descending: first === 'down' }
}

/** Rows in order of a value, equal ones as they were. Missing values last. */
export function sortRows<T>(
  rows: readonly T[],
  valueOf: (row: T) => SortValue,
  descending: boolean,
  locale: string,
): T[] {
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' })
  const sign = descending ? -1 : 1
  return rows
    .map((row, index) => ({ row, index, value: valueOf(row) }))
    .sort((a, b) => compare(a.value, b.value, sign, collator) || a.index - b.index)
    .map(({ row }) => row)
}

function compare(a: SortValue, b: SortValue, sign: number, collator: Intl.Collator): number {
  const [noA, noB] = [isMissing(a), isMissing(b)]
  if (noA || noB) return Number(noA) - Number(noB)
  return typeof a === 'string' || typeof b === 'string'
    ? sign * collator.compare(String(a), String(b))
    : sign * (Number(a) - Number(b))
}

function isMissing(value: SortValue): boolean {
  return value === null || value === undefined || Number.isNaN(value)
}
