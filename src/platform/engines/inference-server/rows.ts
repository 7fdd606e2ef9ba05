import { InferenceError } from './inference-error.ts'

/** Rows to score: row-major float32, NaN for missing. */
export interface Rows {
  readonly count: number
  readonly features: Float32Array
}

/** `row 3, column 7 (roll60_net_bikes)`, counted from 1. */
export function cellName(row: number, column: number, names: readonly string[]): string {
  const name = names[column]
  return `row ${row + 1}, column ${column + 1}${name === undefined ? '' : ` (${name})`}`
}

/** A row with too few or too many values. */
export function wrongWidth(row: number, found: number, names: readonly string[]): InferenceError {
  return new InferenceError(
    400,
    `row ${row + 1} has ${found} value${found === 1 ? '' : 's'}, the model takes ${names.length}: ` +
      `${names[0] ?? ''} to ${names.at(-1) ?? ''}, in the order of the feature contract`,
  )
}

/** A request without rows. */
export function noRows(): InferenceError {
  return new InferenceError(400, 'the body holds no rows: send one row of features a station')
}

const SHOWN = 40

/** A piece of somebody else's text, short and printable, in quotes. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
}
