import { z } from 'zod'
import { feedHourKey } from '../../../core/keys.ts'
import { HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { readManifest } from '../../../data/lake/raw.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import { rawTimes } from '../../../data/features/known-at.ts'

/** A snapshot is in the lake in time this long after the feed's update, in seconds. */
export const IN_TIME_SECONDS = 180
/** Hours younger than this are counted again: a late snapshot may come. */
const SETTLED_SECONDS = 2 * HOUR_SECONDS

const hourSchema = z.strictObject({
  hour_version: z.literal(1),
  snapshots: z.int().nonnegative(),
  /** Fetched within three minutes of the feed's update. */
  in_time: z.int().nonnegative(),
  /** Stations set aside, by reason, over all snapshots. */
  quarantined: z.record(z.string(), z.int().nonnegative()),
})

/** What raw manifests tell of an hour's snapshots. */
export type FetchedHour = z.infer<typeof hourSchema>

/**
 * What was fetched of the snapshots with `last_updated` in the 24 hours before and with `at`; the hours are counted once and
 * kept. Null when the lake has no raw document of that time, as after an import.
 */
export async function fetchedWithin(
  store: ObjectStore,
  city: string,
  at: EpochSeconds,
): Promise<FetchedHour | null> {
  const sum: FetchedHour = { hour_version: 1, snapshots: 0, in_time: 0, quarantined: {} }
  for (let end = at - 23 * HOUR_SECONDS; end <= at; end += HOUR_SECONDS) {
    const hour = await fetchedHour(store, city, end, at)
    sum.snapshots += hour.snapshots
    sum.in_time += hour.in_time
    for (const [reason, stations] of Object.entries(hour.quarantined))
      sum.quarantined[reason] = (sum.quarantined[reason] ?? 0) + stations
  }
  return sum.snapshots === 0 ? null : sum
}

async function fetchedHour(
  store: ObjectStore,
  city: string,
  end: EpochSeconds,
  at: EpochSeconds,
): Promise<FetchedHour> {
  const key = feedHourKey(city, end)
  const kept = await readKept(store, key)
  if (kept) return kept
  const hour: FetchedHour = { hour_version: 1, snapshots: 0, in_time: 0, quarantined: {} }
  for (const time of await rawTimes(store, 'station_status', city, end - HOUR_SECONDS + 1, end)) {
    const manifest = await readManifest(store, { feed: 'station_status', city, at: time })
    if (manifest === undefined || manifest.fetched_at > at) continue
    hour.snapshots++
    if (manifest.fetched_at - time <= IN_TIME_SECONDS) hour.in_time++
    for (const { reason } of manifest.quarantined)
      hour.quarantined[reason] = (hour.quarantined[reason] ?? 0) + 1
  }
  if (at - end >= SETTLED_SECONDS && hour.snapshots > 0) await store.put(key, `${JSON.stringify(hour)}\n`)
  return hour
}

async function readKept(store: ObjectStore, key: string): Promise<FetchedHour | undefined> {
  const object = await store.get(key)
  if (object === undefined) return undefined
  try {
    return hourSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
  } catch {
    return undefined
  }
}
