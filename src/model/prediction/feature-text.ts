import { createHash } from 'node:crypto'
import { FEATURE_NAMES } from '../../core/contracts/features.ts'

/** Nine significant digits tell any two float32 numbers apart. */
const FLOAT32_DIGITS = 9
const HASH_DIGITS = 16

/** What requests and predictions need of feature rows; each row's text is made once, however many endpoints ask for it. */
export interface FeatureTexts {
  /** Row as text/csv: reading it back as float32 gives the same bits. Missing is an empty field. */
  line(row: number): string
  /** sha256 of the row's 25 float32 as sent (little-endian, one NaN for all), first 16 hex digits. */
  hash(row: number): string
}

/** Over row-major float32 rows in the order of `FEATURE_NAMES`. */
export function featureTexts(features: Float32Array): FeatureTexts {
  const width = FEATURE_NAMES.length
  const lines: string[] = []
  const hashes: string[] = []
  const rowOf = (row: number): Float32Array => features.subarray(row * width, (row + 1) * width)
  return {
    line: (row) => (lines[row] ??= lineOf(rowOf(row))),
    hash: (row) => (hashes[row] ??= hashOf(rowOf(row))),
  }
}

function lineOf(row: Float32Array): string {
  let line = ''
  for (const [column, value] of row.entries()) {
    if (column > 0) line += ','
    if (Number.isInteger(value)) line += String(value)
    else if (!Number.isNaN(value)) line += value.toPrecision(FLOAT32_DIGITS)
  }
  return line
}

function hashOf(row: Float32Array): string {
  // Engines differ in the bits of a NaN, and every machine that runs this is little-endian.
  const canonical = Float32Array.from(row, (value) => (Number.isNaN(value) ? Number.NaN : value))
  return createHash('sha256').update(new Uint8Array(canonical.buffer)).digest('hex').slice(0, HASH_DIGITS)
}
