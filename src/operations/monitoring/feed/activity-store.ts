import { z } from 'zod'
import { activityKey } from '../../../core/keys.ts'
import { loadSql } from '../../../core/sql.ts'
import { DAY_SECONDS, dayFloor, HOUR_SECONDS, parseDs, type EpochSeconds } from '../../../core/time.ts'
import { isCompacted } from '../../../data/lake/status-day.ts'
import { statusDays } from '../../../data/lake/days.ts'
import type { Platform } from '../../../platform/ports.ts'
import type { Activity } from './frozen.ts'

const ACTIVITY_SQL = loadSql(import.meta.url, './activity.sql')

/** By station, bit h of the first number: it changed in hour h of the day; of the second: it was seen. */
const daySchema = z.strictObject({
  activity_version: z.literal(1),
  stations: z.record(z.string(), z.tuple([z.int(), z.int()])),
})

type Parts = Pick<Platform, 'store' | 'warehouse'>

/**
 * In which hours of `[from, until)` which stations changed. A closed day is looked at once and kept; the hours of a day that
 * is not compacted yet are read from its snapshots.
 */
export async function readActivity(
  platform: Parts,
  city: string,
  from: EpochSeconds,
  until: EpochSeconds,
): Promise<Activity> {
  const activity = new Map<string, Map<EpochSeconds, boolean>>()
  const take = (station: string, hour: EpochSeconds, changed: boolean): void => {
    if (hour < from || hour >= until) return
    let hours = activity.get(station)
    if (hours === undefined) activity.set(station, (hours = new Map()))
    hours.set(hour, changed)
  }
  for (const ds of await statusDays(platform.store, city)) {
    const midnight = parseDs(ds)
    if (midnight + DAY_SECONDS <= from || midnight >= until) continue
    const kept = await dayActivity(platform, city, ds, until)
    for (const [station, [changed, seen]] of Object.entries(kept))
      for (let hour = 0; hour < 24; hour++)
        if ((seen >> hour) & 1) take(station, midnight + hour * HOUR_SECONDS, ((changed >> hour) & 1) === 1)
  }
  return activity
}

type DayActivity = Record<string, [changed: number, seen: number]>

async function dayActivity(
  platform: Parts,
  city: string,
  ds: string,
  until: EpochSeconds,
): Promise<DayActivity> {
  const key = activityKey(city, ds)
  const kept = await readKept(platform.store, key)
  if (kept) return kept
  const midnight = parseDs(ds)
  const end = Math.min(midnight + DAY_SECONDS, until)
  const rows = await platform.warehouse.rows<{ station_id: string; hour: number; changed: number }>({
    name: 'activity',
    sql: ACTIVITY_SQL,
    tables: {
      status: { dataset: 'station_status', city, dsFrom: ds, dsTo: ds, since: midnight, until: end - 1 },
    },
    params: { from: midnight, until: end },
  })
  const day: DayActivity = {}
  for (const { station_id, hour, changed } of rows) {
    const bit = 1 << ((hour - midnight) / HOUR_SECONDS)
    const [before, seen] = day[station_id] ?? [0, 0]
    day[station_id] = [before | (changed ? bit : 0), seen | bit]
  }
  // Only what can no longer grow is kept.
  if (dayFloor(until) > midnight && (await isCompacted(platform.store, city, ds)))
    await platform.store.put(key, `${JSON.stringify({ activity_version: 1, stations: day })}\n`)
  return day
}

async function readKept(store: Platform['store'], key: string): Promise<DayActivity | undefined> {
  const object = await store.get(key)
  if (object === undefined) return undefined
  try {
    return daySchema.parse(JSON.parse(new TextDecoder().decode(object.body))).stations
  } catch {
    return undefined
  }
}
