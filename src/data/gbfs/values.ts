import type { EpochSeconds } from '../../core/time.ts'

/** 2100-01-01: a later time is taken for a mistake, most often milliseconds written as seconds. */
export const LATEST_TIME: EpochSeconds = 4_102_444_800

const INTEGER_TEXT = /^[+-]?\d{1,15}(?:\.0*)?$/
const DECIMAL_TEXT = /^[+-]?\d{1,15}(?:\.\d{1,20})?$/
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:?\d{2})$/

/**
 * A whole number: a number, a bigint, or a text that is one without loss ("12", "12.0", but neither "12.5" nor "a dozen").
 * Undefined for anything else.
 */
export function integerOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value + 0 : undefined
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string' && value.length <= 32 && INTEGER_TEXT.test(value.trim())) {
    return Number(value) + 0
  }
  return undefined
}

/** A finite number, also given as text ("37.77"). Undefined for anything else. */
export function decimalOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : undefined
  if (typeof value === 'string' && value.length <= 40 && DECIMAL_TEXT.test(value.trim())) {
    return Number(value) + 0
  }
  return undefined
}

/** A flag: true or false, 1 or 0, also as text. Undefined for anything else. */
export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === 1 || value === 1n) return true
  if (value === 0 || value === 0n) return false
  if (value === '1' || value === 'true') return true
  if (value === '0' || value === 'false') return false
  return undefined
}

/**
 * A time: POSIX seconds (GBFS 1.x and 2.x) or an RFC 3339 text with its offset (3.x); a fraction of a second is dropped.
 * Undefined for anything else, also for a text without an offset, whose hour nobody can know. May be zero or negative.
 */
export function timeOf(value: unknown): EpochSeconds | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.floor(value) + 0 : undefined
  if (typeof value !== 'string') return integerOf(value)
  if (value.length > 40) return undefined
  const text = value.trim()
  if (!RFC_3339.test(text)) return integerOf(text)
  const ms = Date.parse(text.replace(' ', 'T').toUpperCase())
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
}
