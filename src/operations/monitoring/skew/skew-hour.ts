import { z } from 'zod'
import { skewKey } from '../../../core/keys.ts'
import { loadSql } from '../../../core/sql.ts'
import { dsOf, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { onlineFeatures } from '../../../data/features/online.ts'
import { featureTexts } from '../../../model/prediction/feature-text.ts'
import type { Platform } from '../../../platform/ports.ts'
import { grouped } from '../grouped.ts'
import { knownAt } from '../../../data/features/known-at.ts'

const SENT_SQL = loadSql(import.meta.url, './sent-hashes.sql')

const batchSchema = z.strictObject({
  endpoint: z.string(),
  slot: z.int(),
  predictions: z.int().nonnegative(),
  /** Of these, made from features that the lake does not give for the slot. */
  skewed: z.int().nonnegative(),
})
const fileSchema = z.strictObject({ skew_version: z.literal(1), batches: z.array(batchSchema) })
/** How many predictions of a batch were made from other features than the lake's. */
export type BatchSkew = z.infer<typeof batchSchema>

interface Sent {
  readonly endpoint: string
  readonly slot: EpochSeconds
  readonly station_id: string
  readonly features_hash: string
  readonly made_at: EpochSeconds
}

/** Which city, and its calendar. */
export interface SkewCity {
  readonly city: string
  readonly timezone: string
  readonly country: string | null
}

/**
 * The skew of the batches of the hour that ends at `end` (slots in `[end - 1 h, end)`). Looked at once and kept. An hour
 * without a live prediction has none, and is looked at again.
 */
export async function skewHour(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  city: SkewCity,
  end: EpochSeconds,
): Promise<readonly BatchSkew[]> {
  const key = skewKey(city.city, end)
  const kept = await readKept(platform.store, key)
  if (kept) return kept
  const batches = await compareHour(platform, city, end)
  if (batches.length > 0) await platform.store.put(key, `${JSON.stringify({ skew_version: 1, batches })}\n`)
  return batches
}

async function compareHour(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  options: SkewCity,
  end: EpochSeconds,
): Promise<BatchSkew[]> {
  const { city } = options
  const [from, until] = [end - HOUR_SECONDS, end]
  const sent = await platform.warehouse.rows<Sent>({
    name: 'sent-hashes',
    sql: SENT_SQL,
    tables: { predictions: { dataset: 'predictions', city, dsFrom: dsOf(from), dsTo: dsOf(until - 1) } },
    params: { from, until },
  })
  const made = [...grouped(sent, (row) => row.slot)].flatMap(([slot, ofSlot]) =>
    [...grouped(ofSlot, (row) => row.made_at)].map(([madeAt, rows]) => ({ slot, madeAt, rows })),
  )
  // Side by side: a warehouse that is far away takes as long for six statements as for one.
  const compared = await Promise.all(
    made.map(async ({ slot, madeAt, rows }) => {
      const skewed = await fewestSkewed(platform, options, slot, madeAt, rows)
      return [...grouped(rows, (row) => row.endpoint)].map(([endpoint, own]) => ({
        endpoint,
        slot,
        predictions: own.length,
        skewed: skewed.get(endpoint) ?? 0,
      }))
    }),
  )
  return compared.flat()
}

/** Skewed predictions by endpoint, against the lake as it was in the way that explains most of them. */
async function fewestSkewed(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  city: SkewCity,
  slot: EpochSeconds,
  madeAt: EpochSeconds,
  sent: readonly Sent[],
): Promise<ReadonlyMap<string, number>> {
  const fewest = new Map<string, number>()
  for (const asKnown of await knownAt(platform.store, city.city, slot, madeAt)) {
    const { stationIds, features } = await onlineFeatures(platform, { ...city, slot, asKnown })
    const texts = featureTexts(features)
    const hashes = new Map(stationIds.map((station, row) => [station, texts.hash(row)]))
    for (const [endpoint, rows] of grouped(sent, (row) => row.endpoint)) {
      const skewed = rows.filter((row) => hashes.get(row.station_id) !== row.features_hash).length
      fewest.set(endpoint, Math.min(skewed, fewest.get(endpoint) ?? Infinity))
    }
    if ([...fewest.values()].every((skewed) => skewed === 0)) break
  }
  return fewest
}

async function readKept(store: Platform['store'], key: string): Promise<BatchSkew[] | undefined> {
  const object = await store.get(key)
  if (object === undefined) return undefined
  try {
    return fileSchema.parse(JSON.parse(new TextDecoder().decode(object.body))).batches
  } catch {
    return undefined
  }
}
