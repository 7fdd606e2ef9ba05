import { rawPrefix, type RawFeed } from '../../core/keys.ts'
import { dtOf, HOUR_SECONDS, parseDt, STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { AsKnown } from './online.ts'
import { readManifest } from '../lake/raw.ts'
import type { ObjectStore } from '../../platform/ports.ts'

/** A document fetched this shortly before a prediction may have been stored only after it was made. */
const STORING_SECONDS = 30
/** Weather is fetched once an hour; what is older than this is as good as none. */
const WEATHER_SECONDS = 6 * HOUR_SECONDS

/**
 * What a lake could have known when a prediction for a slot was made: a snapshot of before the slot is often fetched only
 * after it. First the likeliest; then what it was without documents that had only just been fetched. A lake without raw
 * documents knew all there is.
 */
export async function knownAt(
  store: ObjectStore,
  city: string,
  slot: EpochSeconds,
  madeAt: EpochSeconds,
): Promise<AsKnown[]> {
  const weather = await weatherUntil(store, city, madeAt)
  const status = await statusUntil(store, city, slot, madeAt)
  return status.flatMap((statusUntil) => weather.map((weatherUntil) => ({ statusUntil, weatherUntil })))
}

async function statusUntil(
  store: ObjectStore,
  city: string,
  slot: EpochSeconds,
  madeAt: EpochSeconds,
): Promise<EpochSeconds[]> {
  const times = await rawTimes(store, 'station_status', city, slot - STATE_MAX_AGE_SECONDS, slot)
  if (times.length === 0) return [slot]
  const known: EpochSeconds[] = []
  for (const at of times.toReversed()) {
    const fetchedAt = (await readManifest(store, { feed: 'station_status', city, at }))?.fetched_at ?? at
    if (fetchedAt > madeAt) continue
    known.push(at)
    if (fetchedAt <= madeAt - STORING_SECONDS || known.length === 2) break
  }
  return known.length > 0 ? known : [slot - STATE_MAX_AGE_SECONDS]
}

async function weatherUntil(store: ObjectStore, city: string, madeAt: EpochSeconds): Promise<EpochSeconds[]> {
  const [last, before] = (
    await rawTimes(store, 'weather_hourly', city, madeAt - WEATHER_SECONDS, madeAt)
  ).toReversed()
  if (last === undefined) return [madeAt]
  return last <= madeAt - STORING_SECONDS || before === undefined ? [last] : [last, before]
}

/** Times of the raw documents of a feed in `[from, to]`, in order. */
export async function rawTimes(
  store: ObjectStore,
  feed: RawFeed,
  city: string,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<EpochSeconds[]> {
  const root = rawPrefix(feed, city, from).slice(0, -(dtOf(from).length + 1))
  const times = new Set<EpochSeconds>()
  for (let hour = Math.floor(from / HOUR_SECONDS) * HOUR_SECONDS; hour <= to; hour += HOUR_SECONDS)
    for await (const { key } of store.list(`${root}${dtOf(hour).slice(0, 'YYYY-MM-DD-HH-'.length)}`)) {
      const at = parseDt(key.slice(root.length).split('/')[0] ?? '')
      if (at !== undefined && at >= from && at <= to && key.endsWith('/_manifest.json')) times.add(at)
    }
  return [...times].sort((a, b) => a - b)
}
