import { z } from 'zod'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import { dtOf, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore, Platform } from '../../platform/ports.ts'

const PREFIX = 'alarms/silences/'
/** The name that stands for every alarm. */
export const EVERY_ALARM = '*'

const silenceSchema = z.strictObject({
  id: z.string(),
  /** An alarm's name, or `*`. */
  alarm: z.string().min(1),
  from: z.int(),
  until: z.int(),
  by: z.string().min(1),
  why: z.string().min(1),
  /** Set when somebody ended it before its time. */
  ended: z.strictObject({ at: z.int(), by: z.string().min(1) }).nullable(),
})

/** A time in which an alarm's actions are not taken; its evaluation goes on. Silences stay as a record. */
export type Silence = z.infer<typeof silenceSchema>

/** Longest silence: what lasts longer should be mended, or its alarm changed. */
export const MAX_SILENCE_SECONDS = 7 * 86_400

/** Begins a silence; the same again is once. USAGE for one that is too long, or without a reason. */
export async function addSilence(
  store: ObjectStore,
  {
    alarm,
    from,
    seconds,
    by,
    why,
  }: { alarm: string; from: EpochSeconds; seconds: number; by: string; why: string },
): Promise<Silence> {
  const until = Math.round(from + seconds)
  if (!(until > from) || seconds > MAX_SILENCE_SECONDS)
    throw new OperatorError('USAGE', `a silence of ${seconds} s cannot be had`, 'Take up to 7 days.')
  if (why.trim() === '' || by.trim() === '')
    throw new OperatorError('USAGE', 'a silence needs who and why', 'Give --by and --why.')
  const facts = { alarm, from, until, by, why }
  const id = `${dtOf(from)}-${sha256(canonicalJson(facts)).slice(0, 8)}`
  const silence: Silence = { id, ...facts, ended: null }
  await write(store, silence)
  return silence
}

/** Ends every silence of `alarm` that is in force; gives those. */
export async function endSilences(
  store: ObjectStore,
  { alarm, now, by }: { alarm: string; now: EpochSeconds; by: string },
): Promise<Silence[]> {
  const ended = (await readSilences(store))
    .filter((silence) => silence.alarm === alarm && isInForce(silence, now))
    .map((silence) => ({ ...silence, ended: { at: now, by } }))
  for (const silence of ended) await write(store, silence)
  return ended
}

/** Every silence there ever was, by its beginning. CORRUPT for one that is damaged. */
export async function readSilences(store: ObjectStore): Promise<Silence[]> {
  const silences: Silence[] = []
  for await (const { key } of store.list(PREFIX)) {
    const object = await store.get(key)
    if (object) silences.push(parse(key, object.body))
  }
  return silences
}

/** True when a silence holds at a time. */
export function isInForce({ from, until, ended }: Silence, at: EpochSeconds): boolean {
  return from <= at && at < until && (ended === null || at < ended.at)
}

/** The silence of an alarm that holds longest at a time; undefined when none does. */
export function silenceOf(
  silences: readonly Silence[],
  alarm: string,
  at: EpochSeconds,
): Silence | undefined {
  return silences
    .filter((silence) => (silence.alarm === alarm || silence.alarm === EVERY_ALARM) && isInForce(silence, at))
    .toSorted((a, b) => b.until - a.until)[0]
}

/**
 * Has the cloud's own alarms take no actions while a silence of theirs holds, and take them when it is over. Where alarms have
 * none, `sendAlarmActions` heeds the silences.
 */
export async function heedSilences(
  { alarms, store }: Pick<Platform, 'alarms' | 'store'>,
  now: EpochSeconds,
): Promise<void> {
  if (!alarms.muteActions) return
  const silences = await readSilences(store)
  await alarms.muteActions((alarm) => silenceOf(silences, alarm, now) !== undefined)
}

async function write(store: ObjectStore, silence: Silence): Promise<void> {
  await store.put(`${PREFIX}${silence.id}.json`, `${JSON.stringify(silence, null, 2)}\n`)
}

function parse(key: string, body: Uint8Array): Silence {
  try {
    return silenceSchema.parse(JSON.parse(new TextDecoder().decode(body)))
  } catch (error) {
    throw new OperatorError('CORRUPT', `${key} is damaged: ${messageOf(error)}`, 'Delete the file.', error)
  }
}
