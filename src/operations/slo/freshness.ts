import { z } from 'zod'
import { dsRange, parseDt, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { FRESHNESS_OBJECTIVE } from './objectives.ts'

/** How soon the feed's snapshots were in the lake. */
export interface Freshness {
  readonly objective: number
  /** Snapshots that came in the span, and those of them that were in the lake within three minutes. */
  readonly snapshots: number
  readonly in_time: number
  /** Null when nothing is known. */
  readonly share: number | null
  readonly met: boolean | null
}

/** What one look at the feed's health counted. */
export interface FreshnessCount {
  readonly snapshots: number
  readonly in_time: number
}

/** Adds up looks at the feed. */
export function judgeFreshness(counts: readonly FreshnessCount[]): Freshness {
  const snapshots = counts.reduce((sum, count) => sum + count.snapshots, 0)
  const inTime = counts.reduce((sum, count) => sum + count.in_time, 0)
  const share = snapshots === 0 ? null : inTime / snapshots
  return {
    objective: FRESHNESS_OBJECTIVE,
    snapshots,
    in_time: inTime,
    share,
    met: share === null ? null : share >= FRESHNESS_OBJECTIVE,
  }
}

const hourSchema = z.looseObject({ snapshots: z.int().nonnegative(), in_time: z.int().nonnegative() })

/** Reads what was counted of the feed, hour by hour, for the hours that end in `(from, until]`. */
export async function readFreshness(
  store: ObjectStore,
  city: string,
  from: EpochSeconds,
  until: EpochSeconds,
): Promise<Freshness> {
  const counts: FreshnessCount[] = []
  for (const ds of dsRange(from, until))
    for await (const { key } of store.list(`monitoring/feed_hours/city=${city}/ds=${ds}/`)) {
      const end = parseDt(/\/dt=([^/]+)\//.exec(key)?.[1] ?? '')
      if (end === undefined || end <= from || end > until) continue
      const hour = hourSchema.safeParse(JSON.parse(new TextDecoder().decode((await store.get(key))?.body)))
      if (hour.success) counts.push(hour.data)
    }
  return judgeFreshness(counts)
}
