import { isoOf } from '../../../core/time.ts'
import type { Cell, Kind, TableColumn } from './table.ts'

/** With these a spreadsheet takes a text for a formula. */
const FORMULA = /^[=+\-@\t\r]/

/**
 * A table as CSV (RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read it as such). Headers say the unit, times
 * are ISO 8601 in UTC, a missing value is empty. A text that a spreadsheet would run gets an apostrophe before it.
 */
export function csvOf(columns: readonly TableColumn[]): string {
  const header = columns.map(({ name, unit }) => quoted(unit === null ? name : `${name} (${unit})`)).join(',')
  const rows = columns[0]?.values.length ?? 0
  const lines = Array.from({ length: rows }, (_, i) =>
    columns.map(({ kind, values }) => cellText(values[i] ?? null, kind)).join(','),
  )
  return `\uFEFF${[header, ...lines].join('\r\n')}\r\n`
}

function cellText(cell: Cell, kind: Kind): string {
  if (cell === null) return ''
  if (kind === 'time' && typeof cell === 'number') return isoOf(cell)
  if (typeof cell !== 'string') return String(cell)
  return quoted(FORMULA.test(cell.trimStart()) || FORMULA.test(cell) ? `'${cell}` : cell)
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
