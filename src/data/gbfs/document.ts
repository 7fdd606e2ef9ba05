import { OperatorError } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { shownUrl } from './feed-url.ts'
import { cleanText, describeValue } from './text.ts'
import { integerOf, LATEST_TIME, timeOf } from './values.ts'

/** A feed with more stations than this is refused: the largest city known has about 2,500. */
export const MAX_STATIONS = 50_000

const CHECK_ADDRESS =
  'Open the address in a browser to see what it answers, and give the GBFS discovery document (gbfs.json) as the feed.'

/** Fields of a JSON object, nothing known about them. */
export type Fields = Readonly<Record<string, unknown>>

/** What every GBFS document carries around its `data`. */
export interface Envelope {
  readonly last_updated: EpochSeconds
  readonly ttl: number
  readonly version: string
}

/** True for a JSON object (neither null nor an array). */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The JSON object of a body. `source` is the address or the file it came from, for the error.
 * Throws BAD_INPUT for HTML, a truncated or otherwise broken text, and JSON that is no object.
 */
export function parseObject(body: Uint8Array, source: string, hint = CHECK_ADDRESS): Fields {
  if (body.length === 0) throw badFeed(source, 'an empty document', 'Look again in a minute.')
  if (body[0] === 0x1f && body[1] === 0x8b) {
    throw badFeed(source, 'still gzip-compressed', 'Decompress it first, or name it .json.gz.')
  }
  let text: string
  try {
    text = new TextDecoder().decode(body)
  } catch (error) {
    throw badFeed(source, `too long to be read (${body.length} bytes)`, hint, error)
  }
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch (error) {
    throw badFeed(source, describeBroken(text, body.length, error), hint, error)
  }
  if (!isFields(root)) throw badFeed(source, `${describeValue(root)} rather than a JSON object`, hint)
  return root
}

/**
 * The envelope around `data`, by the fields found. Paris writes lastUpdatedOther for last_updated; a missing ttl is 0 (always
 * refresh); a missing version is 1.0, the only one that had no such field. Throws BAD_INPUT without a usable last_updated.
 */
export function envelopeOf(root: Fields, source: string): Envelope {
  const raw = root['last_updated'] ?? root['lastUpdatedOther']
  const lastUpdated = timeOf(raw)
  if (lastUpdated === undefined || lastUpdated <= 0 || lastUpdated > LATEST_TIME) {
    const what =
      lastUpdated !== undefined && lastUpdated > LATEST_TIME ? ', which looks like milliseconds' : ''
    throw badFeed(
      source,
      `without a usable last_updated (${describeValue(raw)}${what})`,
      'GBFS asks for seconds since 1970 (1.x, 2.x) or an RFC 3339 time with its offset (3.x); tell the operator of the feed.',
    )
  }
  const ttl = integerOf(root['ttl'])
  return {
    last_updated: lastUpdated,
    ttl: ttl === undefined || ttl < 0 ? 0 : Math.min(ttl, 86_400),
    version: versionOf(root),
  }
}

/** The version as declared, at most 16 characters; "1.0" when none is. */
export function versionOf(root: Fields): string {
  const version = root['version']
  if (typeof version === 'number') return String(version)
  return (typeof version === 'string' ? cleanText(version, 16) : '') || '1.0'
}

/** `data.stations` of a document. Throws BAD_INPUT when there is none, or when it is longer than 50,000. */
export function stationsOf(root: Fields, source: string): readonly unknown[] {
  const data = root['data']
  const stations = isFields(data) ? data['stations'] : undefined
  if (!Array.isArray(stations)) {
    const found = isFields(data) ? `data has ${listNames(data)}` : `data is ${describeValue(data)}`
    throw badFeed(source, `without data.stations (${found})`, CHECK_ADDRESS)
  }
  if (stations.length > MAX_STATIONS) {
    throw badFeed(source, `${stations.length} stations long, more than ${MAX_STATIONS}`, CHECK_ADDRESS)
  }
  return stations
}

/** BAD_INPUT: `source` is `problem`. */
export function badFeed(source: string, problem: string, hint: string, cause?: unknown): OperatorError {
  return new OperatorError('BAD_INPUT', `${shownSource(source)} is ${problem}`, hint, cause)
}

/** The first few field names, for an error. */
export function listNames(fields: Fields): string {
  const names = Object.keys(fields)
  if (names.length === 0) return 'no fields'
  const shown = names.slice(0, 8).map((name) => cleanText(name, 40))
  return shown.join(', ') + (names.length > shown.length ? `, and ${names.length - shown.length} more` : '')
}

function shownSource(source: string): string {
  return /^https?:/i.test(source) ? `The answer of ${shownUrl(source)}` : cleanText(source, 300)
}

function describeBroken(text: string, bytes: number, error: unknown): string {
  const start = text.slice(0, 400).trimStart()
  const shown = cleanText(start, 60)
  if (/^<(?:!doctype html|html|head|body)/i.test(start) || /<html/i.test(start)) {
    return `an HTML page (though with status 200) that starts with "${shown}"`
  }
  if (start.startsWith('<')) return `XML rather than JSON, and starts with "${shown}"`
  if (start === '') return 'blank'
  const why = cleanText(error instanceof Error ? error.message : String(error), 120)
  const cut = /[{[]/.test(start[0] ?? '') && !/[}\]]\s*$/.test(text.slice(-100))
  return cut ? `cut off after ${bytes} bytes (${why})` : `not valid JSON (${why}), and starts with "${shown}"`
}
