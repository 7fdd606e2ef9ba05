import { InferenceError } from './inference-error.ts'
import { cellName, noRows, quoted, wrongWidth, type Rows } from './rows.ts'

/**
 * Rows of `{"dataframe_split": {"columns": […], "data": [[…], …]}}`, as pandas writes it (its `index` is read over): the
 * columns are exactly `names` in their order, null is missing. Throws InferenceError 400 that names what was wrong and where.
 */
export function parseDataframeRows(text: string, names: readonly string[]): Rows {
  const frame = frameOf(parseJson(text))
  checkColumns(frame['columns'], names)
  const data = frame['data']
  if (!Array.isArray(data)) throw new InferenceError(400, 'dataframe_split.data is not an array of rows')
  if (data.length === 0) throw noRows()
  // Checked before memory is taken: an empty array costs two bytes, its row would cost a hundred.
  for (const [row, values] of data.entries()) {
    if (!Array.isArray(values)) throw new InferenceError(400, `row ${row + 1} is not an array of values`)
    if (values.length !== names.length) throw wrongWidth(row, values.length, names)
  }
  const features = new Float32Array(data.length * names.length)
  let at = 0
  for (const [row, values] of (data as unknown[][]).entries())
    for (const [column, value] of values.entries()) features[at++] = toFloat(value, row, column, names)
  return { count: data.length, features }
}

function parseJson(text: string): unknown {
  if (text.trim() === '') throw noRows()
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it nests too deeply'
    throw new InferenceError(400, `the body is not JSON: ${reason.slice(0, 200)}`, error)
  }
}

function frameOf(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw new InferenceError(400, 'the body is not a JSON object with "dataframe_split"')
  const unknown = Object.keys(value).find((key) => key !== 'dataframe_split')
  if (unknown !== undefined)
    throw new InferenceError(400, `${quoted(unknown)} is not known; the body has "dataframe_split" alone`)
  const frame = value['dataframe_split']
  if (!isObject(frame))
    throw new InferenceError(400, '"dataframe_split" is not an object with "columns" and "data"')
  const extra = Object.keys(frame).find((key) => !['columns', 'data', 'index'].includes(key))
  if (extra !== undefined)
    throw new InferenceError(400, `dataframe_split has "columns" and "data", not ${quoted(extra)}`)
  return frame
}

function checkColumns(columns: unknown, names: readonly string[]): void {
  if (!Array.isArray(columns))
    throw new InferenceError(400, 'dataframe_split.columns is not an array of names')
  for (let i = 0; i < Math.max(columns.length, names.length); i++) {
    const found: unknown = columns[i]
    const due = names[i]
    if (found === due) continue
    const is = i < columns.length ? shown(found) : 'absent'
    throw new InferenceError(
      400,
      due === undefined
        ? `column ${i + 1} is ${is}, but the model takes ${names.length} columns`
        : `column ${i + 1} is ${is}, but the feature contract has "${due}" there`,
    )
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : quoted(JSON.stringify(value))
}

function toFloat(value: unknown, row: number, column: number, names: readonly string[]): number {
  if (value === null) return Number.NaN
  const where = (): string => cellName(row, column, names)
  if (typeof value !== 'number')
    throw new InferenceError(
      400,
      `${where()}: ${quoted(JSON.stringify(value))} is not a number; a missing value is null`,
    )
  if (!Number.isFinite(Math.fround(value)))
    throw new InferenceError(400, `${where()}: the value is infinite in float32; send a finite number`)
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
