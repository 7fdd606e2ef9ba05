import { z } from 'zod'
import { OperatorError } from '../../../core/errors.ts'
import { feedKey } from '../../../core/keys.ts'
import { dsRange, parseDt, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../../platform/ports.ts'

const feedSchema = z.strictObject({
  feed_version: z.literal(1),
  city: z.string(),
  /** Over `(from, at]`. */
  from: z.int(),
  at: z.int(),
  /** The newest snapshot, and its age in seconds; null when there is none in a day. */
  newest: z.int().nullable(),
  age_seconds: z.int().nullable(),
  snapshots: z.int().nonnegative(),
  /** Share of the 5-minute slots with a known state. */
  coverage: z.number(),
  /** Stations in the newest snapshot; null without one. */
  stations: z.int().nullable(),
  gaps: z.array(
    z.strictObject({
      from: z.int(),
      to: z.int(),
      seconds: z.int(),
      cause: z.enum(['feed', 'network', 'ours', 'unknown']),
    }),
  ),
  /** Status documents that were refused, by reason. */
  refused: z.record(z.string(), z.int()),
  /** Stations set aside over all snapshots, by reason; null for a lake without raw documents. */
  quarantined: z.record(z.string(), z.int()).nullable(),
  /** Snapshots in the lake within three minutes of the feed's update; null for a lake without raw documents. */
  ingest: z.strictObject({ snapshots: z.int(), in_time: z.int(), share: z.number() }).nullable(),
  /** Installed stations that have not reported for a day; null without a snapshot. */
  silent: z.array(z.strictObject({ station_id: z.string(), last_reported: z.int() })).nullable(),
  /** Stations that stand still against their habit; null when too little is known of it. */
  frozen: z
    .strictObject({
      judged: z.int(),
      share: z.number(),
      stations: z.array(z.strictObject({ station_id: z.string(), since: z.int(), chance: z.number() })),
    })
    .nullable(),
})
/** feed.json: health of a city's feed over 24 hours. */
export type FeedRecord = z.infer<typeof feedSchema>

/** Writes the record of a time; the same again changes nothing. */
export async function writeFeed(store: ObjectStore, record: FeedRecord): Promise<void> {
  await store.put(feedKey(record.city, record.at), `${JSON.stringify(record)}\n`)
}

/** The records of a city with `at` in `[from, to]`, in order. CORRUPT when one is damaged. */
export async function readFeed(
  store: ObjectStore,
  { city, from, to }: { readonly city: string; readonly from: EpochSeconds; readonly to: EpochSeconds },
): Promise<FeedRecord[]> {
  const records: FeedRecord[] = []
  for (const ds of dsRange(from, to))
    for await (const { key } of store.list(`monitoring/feed/city=${city}/ds=${ds}/`)) {
      const at = parseDt(/\/dt=([^/]+)\/feed\.json$/.exec(key)?.[1] ?? '')
      if (at === undefined || at < from || at > to) continue
      const object = await store.get(key)
      try {
        records.push(feedSchema.parse(JSON.parse(new TextDecoder().decode(object?.body))))
      } catch (error) {
        throw new OperatorError(
          'CORRUPT',
          `${key} is damaged`,
          'Delete it: the next run makes it again.',
          error,
        )
      }
    }
  return records
}
