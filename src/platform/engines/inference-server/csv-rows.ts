import { InferenceError } from './inference-error.ts'
import { latin1, NumberField, type FieldKind } from './number-field.ts'
import { cellName, noRows, quoted, wrongWidth, type Rows } from './rows.ts'

const COMMA = 0x2c
const NEWLINE = 0x0a
const RETURN = 0x0d

/**
 * Rows of text/csv without a header: numbers separated by commas, rows by LF or CRLF, with or without one at the end; an
 * empty field is missing. `names` are the columns. Throws InferenceError 400 that names the row and column.
 */
export function parseCsvRows(body: Uint8Array, names: readonly string[]): Rows {
  const columns = names.length
  const end = endOfRows(body)
  const start = startOfRows(body)
  if (start >= end) throw noRows()
  const features = new Float32Array(capacity(body, start, end, columns))
  const field = new NumberField()
  let row = 0
  let column = 0
  let at = 0
  let from = start
  for (let i = start; i <= end; i++) {
    const byte = i === end ? NEWLINE : body[i]
    if (byte !== COMMA && byte !== NEWLINE) continue
    const to = byte === NEWLINE && i > from && body[i - 1] === RETURN ? i - 1 : i
    if (column < columns) {
      const kind = field.read(body, from, to)
      if (kind === 'text' || kind === 'infinite')
        throw notANumber(kind, latin1(body, from, to), row, column, names)
      if (at < features.length) features[at] = field.value
      at++
    }
    column++
    from = i + 1
    if (byte === NEWLINE) {
      if (column !== columns) throw wrongWidth(row, column, names)
      row++
      column = 0
    }
  }
  return { count: row, features }
}

/** A byte order mark is no part of the first field. */
function startOfRows(body: Uint8Array): number {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0
}

/** The end of the body without the newline that ends its last row. */
function endOfRows(body: Uint8Array): number {
  let end = body.length
  if (end > 0 && body[end - 1] === NEWLINE) end--
  if (end > 0 && body[end - 1] === RETURN) end--
  return end
}

/**
 * Values to make room for. A whole row is at least as many bytes as it has columns, so that a body of nothing but newlines
 * asks for no more memory than its own size.
 */
function capacity(body: Uint8Array, start: number, end: number, columns: number): number {
  let rows = 1
  for (let i = body.indexOf(NEWLINE, start); i !== -1 && i < end; i = body.indexOf(NEWLINE, i + 1)) rows++
  return Math.min(rows, Math.floor((end - start + 1) / columns)) * columns
}

function notANumber(
  kind: FieldKind,
  text: string,
  row: number,
  column: number,
  names: readonly string[],
): InferenceError {
  const where = cellName(row, column, names)
  if (kind === 'infinite')
    return new InferenceError(400, `${where}: ${quoted(text)} is infinite in float32; send a finite number`)
  const header =
    row === 0 && names.includes(text.trim().replaceAll('"', '')) ? ' (the body takes no header)' : ''
  return new InferenceError(
    400,
    `${where}: ${quoted(text)} is not a number${header}; a missing value is an empty field`,
  )
}
