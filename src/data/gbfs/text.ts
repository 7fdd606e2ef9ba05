/** Longest station id that is taken, in UTF-16 units; the longest seen in public feeds are 36 (a UUID). */
export const MAX_ID_LENGTH = 128
/** Longest name that is kept, in UTF-16 units; the rest is cut off. */
export const MAX_NAME_LENGTH = 200

const PRINTABLE_ASCII = /^[!-~]+$/
// Invisible, direction-changing or undecodable characters would make two ids look the same, or one look like another.
const UNSAFE_IN_ID = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFD]/u
const SPACE_OTHER_THAN_INNER = /^\s|\s$|[^\S ]/u
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu
const DIRECTION_OR_HALF = /[\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\p{Cs}]/gu

/**
 * True for a text that can be a station's id: 1 to 128 characters, no control, invisible or undecodable ones, no space
 * at either end. Ids are opaque and never altered, so one that is not safe is refused rather than cleaned.
 */
export function isStationId(id: string): boolean {
  if (id.length === 0 || id.length > MAX_ID_LENGTH) return false
  // The one key that a plain object cannot hold.
  if (id === '__proto__') return false
  if (PRINTABLE_ASCII.test(id)) return true
  return !UNSAFE_IN_ID.test(id) && !SPACE_OTHER_THAN_INNER.test(id)
}

/**
 * A text for people from a feed: control characters become one space, marks that change the writing direction and half
 * surrogate pairs go, and at most `max` UTF-16 units stay. Right-to-left letters and emoji are kept. Cleaning twice
 * changes nothing more.
 */
export function cleanText(text: string, max: number = MAX_NAME_LENGTH): string {
  const start = text.slice(0, 8 * max)
  if (start.length <= max && /^[!-~]+(?: [!-~]+)*$/.test(start)) return start
  const cleaned = start.replace(DIRECTION_OR_HALF, '').replace(CONTROL, ' ').trim()
  return cleaned.length <= max
    ? cleaned
    : cleaned
        .slice(0, max)
        .replace(/\p{Cs}$/u, '')
        .trim()
}

/** Any value in a few words, for an error or a quarantine line: never deep, never long, never a control character. */
export function describeValue(value: unknown, max = 60): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') {
    const shown = cleanText(value, max)
    return value.length > 2 * max ? `"${shown}…" (${value.length} characters)` : `"${shown}"`
  }
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return String(value).slice(0, max)
  }
  return `a ${typeof value}`
}
