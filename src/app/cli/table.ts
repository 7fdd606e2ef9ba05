/** Rows as aligned text columns; numbers to the right. The first row is the head. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const texts = rows.map((row) => row.map((cell) => (cell === null ? '–' : String(cell))))
  const widths = head.map((title, i) => Math.max(width(title), ...texts.map((row) => width(row[i] ?? ''))))
  const numeric = head.map((_, i) => rows.length > 0 && rows.every((row) => isNumeric(row[i] ?? null)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const pad = ' '.repeat(Math.max(0, (widths[i] ?? 0) - width(cell)))
        return numeric[i] ? pad + cell : cell + pad
      })
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((w) => '─'.repeat(w))), ...texts.map(line)].join('\n')
}

/** A figure with `digits` decimals; a dash when it is missing. */
export function figure(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? '–' : value.toFixed(digits)
}

function isNumeric(cell: string | number | null): boolean {
  return cell === null || typeof cell === 'number' || /^–$|^-?[\d,.]+( %)?$/.test(cell)
}

function width(text: string): number {
  return Array.from(text).length
}

/** A size for people: `1.4 GB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit] ?? ''}`
}

/** A span for people: `4 min`, `2.5 h`, `3 d`. */
export function spanText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`
  return `${Math.round(seconds / 86_400)} d`
}
