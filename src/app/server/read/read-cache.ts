import type { Series } from '../../../core/contracts/api/common.ts'
import { openModelCache, type ModelCache } from '../../../model/explanation/model-cache.ts'
import type { StoredObject } from '../../../platform/ports.ts'
import type { CitySource } from '../city-source.ts'
import { openInterner, type Interner } from './interner.ts'
import { openMemo, type Memo } from './memo.ts'

/** Bytes of blocks of status, and of predictions, that a city keeps in memory. */
const MOST_STATUS_BYTES = 48 * 1024 * 1024
const MOST_PREDICTION_BYTES = 64 * 1024 * 1024
const MOST_LINE_BYTES = 32 * 1024 * 1024
const MOST_RECORD_BYTES = 16 * 1024 * 1024
const MOST_SNAPSHOTS = 48
const MOST_LISTS = 5000
const MOST_ANSWERS = 1000

/** Lines that were read together. */
interface ReadLines {
  readonly bytes: number
  readonly series: readonly Series[]
}

/** An object of the lake; undefined when it was gone. */
export interface StoredRecord {
  readonly bytes: number
  readonly object: StoredObject | undefined
}

/** What reads of one city keep in memory between them; everything in it can be read again from the lake. */
export interface ReadCache {
  /** Numbers of stations, by which the columns of blocks go. */
  readonly stations: Interner
  /** Listings, days' times, records: small things by their name. */
  readonly lists: Memo<unknown>
  readonly snapshots: Memo<unknown>
  readonly status: Memo<{ readonly bytes: number }>
  readonly predictions: Memo<{ readonly bytes: number }>
  /** Objects of the lake as they were listed, by key. */
  readonly records: Memo<StoredRecord>
  /** Lines of charts. */
  readonly lines: Memo<ReadLines>
  /** Whole parts of answers. */
  readonly answers: Memo<unknown>
  /** Models, and what scores have meant. */
  readonly models: ModelCache
}

const caches = new WeakMap<object, ReadCache>()

/** The cache of a city; it goes when the city's platform goes. */
export function cacheOf({ platform }: CitySource): ReadCache {
  const { warehouse } = platform
  const known = caches.get(warehouse)
  if (known) return known
  const weigh = ({ bytes }: { readonly bytes: number }): number => bytes
  const cache: ReadCache = {
    stations: openInterner(),
    lists: openMemo({ most: MOST_LISTS }),
    snapshots: openMemo({ most: MOST_SNAPSHOTS }),
    status: openMemo({ most: MOST_STATUS_BYTES, weigh }),
    predictions: openMemo({ most: MOST_PREDICTION_BYTES, weigh }),
    records: openMemo<StoredRecord>({ most: MOST_RECORD_BYTES, weigh }),
    lines: openMemo<ReadLines>({ most: MOST_LINE_BYTES, weigh }),
    answers: openMemo({ most: MOST_ANSWERS }),
    models: openModelCache(platform),
  }
  caches.set(warehouse, cache)
  return cache
}

/** Forgets all that was read of a city, and frees its models: before its platform is closed. */
export async function closeReads({ platform }: CitySource): Promise<void> {
  const known = caches.get(platform.warehouse)
  caches.delete(platform.warehouse)
  await known?.models.close()
}

/** As `memo.get` for a small thing of type `T` kept under a key that nobody else uses. */
export function kept<T>(memo: Memo<unknown>, key: string, token: string, make: () => Promise<T>): Promise<T> {
  return memo.get(key, token, make) as Promise<T>
}
