import { sha256 } from '../../../core/hash.ts'
import { DAY_SECONDS, dayFloor, dsOf, HOUR_SECONDS, parseDs, type EpochSeconds } from '../../../core/time.ts'

/** A put's data are at most two weeks old and two hours ahead; so a folder holds data of so many days before its own. */
export const MAX_SPREAD_SECONDS = 14 * DAY_SECONDS + 2 * HOUR_SECONDS

const ROOT = 'metrics/'
const HASH_DIGITS = 32

/** `metrics/NAMESPACE/`, with `/` in a namespace written `%2F`. */
export const namespacePrefix = (namespace: string): string => `${ROOT}${encodeURIComponent(namespace)}/`

/** The folder of every namespace. */
export const ALL_NAMESPACES = ROOT

/** `metrics/NAMESPACE/ds=D/`: what was put with its newest datum of this UTC day, and the day's own block. */
export const dayPrefix = (namespace: string, ds: string): string => `${namespacePrefix(namespace)}ds=${ds}/`

/** The block of a day: all its data in one file. */
export const blockKey = (namespace: string, ds: string): string => `${dayPrefix(namespace, ds)}block.jsonl`

export const isBlockKey = (key: string): boolean => key.endsWith('/block.jsonl')

/** The object of one put, named by the times it covers and its content: the same put twice is one object. */
export function putKey(namespace: string, from: EpochSeconds, to: EpochSeconds, body: string): string {
  return `${dayPrefix(namespace, dsOf(to))}${from}-${to}-${sha256(body).slice(0, HASH_DIGITS)}.jsonl`
}

/** Times that a put's object covers, both included, by its name; one of an earlier version covers its own day. */
export function coverOf(key: string): { from: EpochSeconds; to: EpochSeconds } {
  const m = /\/ds=([\d-]+)\/(?:(\d+)-(\d+)-)?/.exec(key)
  if (m?.[2] !== undefined) return { from: Number(m[2]), to: Number(m[3]) }
  const day = parseDs(m?.[1] ?? '')
  return { from: day, to: day + DAY_SECONDS - 1 }
}

/** Names a put that was merged, in the block that holds it. */
export const mergedId = (key: string): string => /([0-9a-f]{16})[0-9a-f]*\.jsonl$/.exec(key)?.[1] ?? key

/** Days whose folders may hold data of `[from, to)`. */
export function foldersFor(from: EpochSeconds, to: EpochSeconds, newest: EpochSeconds | undefined): string[] {
  const last = Math.min(to - 1 + MAX_SPREAD_SECONDS, newest ?? Number.POSITIVE_INFINITY)
  const days: string[] = []
  for (let day = dayFloor(from); day <= Math.max(last, to - 1); day += DAY_SECONDS) days.push(dsOf(day))
  return days
}
