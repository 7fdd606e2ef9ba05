import { z } from 'zod'
import {
  historyEntrySchema,
  type Change,
  type HistoryEntry,
  type Served,
} from '../../core/contracts/history.ts'
import { isOperatorError, messageOf, OperatorError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'

const PREFIX = 'history/'
const HEAD_KEY = `${PREFIX}head.json`
/** What the first line has for the hash of the one before it. */
const GENESIS = '0'.repeat(64)

/** The last line, and the hash of the one that is about to be written: a line that nobody announced was put in. */
const headSchema = z.strictObject({
  seq: z.int().nonnegative(),
  hash: z.string(),
  next: z.string().exactOptional(),
})
type Head = z.infer<typeof headSchema>
interface StoredHead {
  readonly head: Head
  readonly etag: string | undefined
}

const keyOf = (seq: number): string => `${PREFIX}${String(seq).padStart(10, '0')}.json`

/**
 * Appends a change to the history, in an object of its own that is never written again. `from` is what the endpoint's last
 * line says, if there is one. A change whose `to` is just that is not appended again, so that what was broken off may be
 * done again.
 */
export async function appendHistory(store: ObjectStore, change: Change): Promise<HistoryEntry> {
  for (;;) {
    const stored = await readHead(store)
    const entries = await readHistory(store)
    const last = entries.at(-1)
    const own = entries.findLast((entry) => entry.endpoint === change.endpoint)
    if (own && canonicalJson(own.to) === canonicalJson(change.to)) {
      if (last && last.seq > stored.head.seq)
        await writeHead(store, { seq: last.seq, hash: last.hash }, stored)
      return own
    }
    const from = own ? own.to : change.from
    const body = { seq: (last?.seq ?? 0) + 1, ...change, from, previous: last?.hash ?? GENESIS }
    const entry: HistoryEntry = { ...body, hash: hashOf(body) }
    const announced = { seq: body.seq - 1, hash: body.previous, next: entry.hash }
    const etag = await writeHead(store, announced, stored)
    if (etag === undefined) continue
    try {
      await store.put(keyOf(entry.seq), `${canonicalJson(entry)}\n`, { ifAbsent: true })
    } catch (error) {
      // Somebody else appended first: this change comes after theirs.
      if (isOperatorError(error, 'WRITE_CONFLICT')) continue
      throw error
    }
    await writeHead(store, { seq: entry.seq, hash: entry.hash }, { head: announced, etag })
    return entry
  }
}

/** Every line, oldest first. CORRUPT when one cannot be read; whether they are what was written, `verifyHistory` says. */
export async function readHistory(store: ObjectStore): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = []
  for await (const { key } of store.list(PREFIX)) {
    if (key === HEAD_KEY) continue
    const read = await readEntry(store, key)
    if ('problem' in read)
      throw new OperatorError('CORRUPT', read.problem, '`bikeshare history --verify` looks at every line.')
    entries.push(read)
  }
  return entries
}

/** What an endpoint served at `at`; null when it was not there, undefined when the history does not reach back so far. */
export function servedAt(
  entries: readonly HistoryEntry[],
  endpoint: string,
  at: EpochSeconds,
): Served | null | undefined {
  const own = entries.filter((entry) => entry.endpoint === endpoint)
  const last = own.findLast((entry) => entry.at <= at)
  return last ? last.to : own[0] ? own[0].from : undefined
}

/**
 * Everything that is wrong with the history, in words; empty when it is as it was written. Finds a line that was altered,
 * removed (the last one too), added or moved, and one that does not continue what its endpoint served before.
 */
export async function verifyHistory(store: ObjectStore): Promise<string[]> {
  const problems: string[] = []
  const serving = new Map<string, string>()
  let expected = 1
  let previous = GENESIS
  for await (const { key } of store.list(PREFIX)) {
    if (key === HEAD_KEY) continue
    const entry = await readEntry(store, key)
    if ('problem' in entry) {
      problems.push(entry.problem)
      expected++
      previous = ''
      continue
    }
    for (; key > keyOf(expected); expected++, previous = '') problems.push(`line ${expected} is missing`)
    const { hash, ...body } = entry
    if (hashOf(body) !== hash) problems.push(`line ${expected} was altered: its hash is of something else`)
    if (entry.seq !== expected) problems.push(`line ${expected} says it is line ${entry.seq}`)
    if (previous !== '' && entry.previous !== previous)
      problems.push(`line ${expected} does not follow the line before it`)
    const before = serving.get(entry.endpoint)
    if (before !== undefined && before !== canonicalJson(entry.from))
      problems.push(`line ${expected}: ${entry.endpoint} did not serve before what the line says it did`)
    serving.set(entry.endpoint, canonicalJson(entry.to))
    previous = hash
    expected++
  }
  return [...problems, ...(await headProblems(store, expected - 1, previous))]
}

async function headProblems(store: ObjectStore, lines: number, lastHash: string): Promise<string[]> {
  let head: Head
  try {
    head = (await readHead(store)).head
  } catch (error) {
    return [messageOf(error)]
  }
  if (head.seq > lines) return [`missing at the end: ${head.seq - lines} of ${head.seq} lines`]
  if (lastHash === '') return []
  if (head.seq === lines)
    return head.hash === lastHash || lines === 0
      ? []
      : [`line ${lines} is not the line that was written last`]
  // A kill between a line and the head leaves the head one behind, with the line announced.
  return head.seq === lines - 1 && head.next === lastHash
    ? []
    : [`added behind the last line (${head.seq}): ${lines - head.seq}`]
}

const hashOf = (body: Omit<HistoryEntry, 'hash'>): string => sha256(canonicalJson(body))

async function readEntry(store: ObjectStore, key: string): Promise<HistoryEntry | { problem: string }> {
  const object = await store.get(key)
  try {
    return historyEntrySchema.parse(JSON.parse(new TextDecoder().decode(object?.body)))
  } catch (error) {
    return { problem: `${key} is damaged: ${messageOf(error)}` }
  }
}

async function readHead(store: ObjectStore): Promise<StoredHead> {
  const object = await store.get(HEAD_KEY)
  if (!object) return { head: { seq: 0, hash: GENESIS }, etag: undefined }
  try {
    const head = headSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
    return { head, etag: object.etag }
  } catch (error) {
    throw new OperatorError('CORRUPT', `${HEAD_KEY} is damaged`, undefined, error)
  }
}

/** Writes the head over the one that was read; gives its tag, or undefined when somebody else wrote meanwhile. */
async function writeHead(store: ObjectStore, head: Head, over: StoredHead): Promise<string | undefined> {
  const condition = over.etag === undefined ? { ifAbsent: true } : { ifMatch: over.etag }
  try {
    return (await store.put(HEAD_KEY, `${JSON.stringify(head)}\n`, condition)).etag
  } catch (error) {
    if (isOperatorError(error, 'WRITE_CONFLICT')) return undefined
    throw error
  }
}
