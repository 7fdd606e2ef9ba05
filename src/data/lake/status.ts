import { DAY_SECONDS, parseDt, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { datasetDays, statusDays } from './days.ts'
import { gaps, snapshotTimes, type Gap } from './gaps.ts'
import { requireLake, type LakeInfo } from './lake-info.ts'
import type { LakeParts } from './publish.ts'
import { readManifest } from './raw.ts'

/** How a lake is, as `bikeshare status` shows it. Times in epoch seconds, sizes in bytes. */
export interface LakeStatus {
  readonly lake: LakeInfo
  /** The newest snapshot at or before now, and its age in seconds. */
  readonly newest: EpochSeconds | null
  readonly age_seconds: number | null
  /** UTC days with status: first, last, how many there are, and how many have no status in between. */
  readonly days: {
    readonly first: string | null
    readonly last: string | null
    readonly count: number
    readonly missing: number
    readonly open: number
  }
  /** Snapshots, and gaps over 15 minutes, in the 24 hours before now. */
  readonly snapshots_24h: number
  readonly gaps_24h: readonly Gap[]
  /** Stations set aside in the newest raw snapshot, by reason; null when there is no raw snapshot. */
  readonly quarantined: Readonly<Record<string, number>> | null
  /** Documents kept under ingest_errors/, by reason. */
  readonly refused: Readonly<Record<string, number>>
  /** Sizes of the lake's parts, by first part of the key. */
  readonly bytes: Readonly<Record<string, number>>
}

/** Looks at a lake as of `now`. NOT_FOUND when there is none. */
export async function lakeStatus(
  platform: LakeParts,
  o: { readonly city: string; readonly now: EpochSeconds },
): Promise<LakeStatus> {
  const { store } = platform
  const { city, now } = o
  const lake = await requireLake(store, city)
  const days = await statusDays(store, city)
  const closed = new Set(await datasetDays(store, 'station_status', city))
  const newest = await newestSnapshot(platform, city, now)
  const day = { city, from: now - DAY_SECONDS, to: now }
  const [first, last] = [days[0] ?? null, days.at(-1) ?? null]
  const span =
    first === null || last === null ? 0 : (Date.parse(last) - Date.parse(first)) / (DAY_SECONDS * 1000) + 1
  return {
    lake,
    newest,
    age_seconds: newest === null ? null : now - newest,
    days: {
      first,
      last,
      count: days.length,
      missing: span - days.length,
      open: days.filter((ds) => !closed.has(ds)).length,
    },
    snapshots_24h: (await snapshotTimes(platform, day)).length,
    gaps_24h: await gaps(platform, day),
    quarantined: newest === null ? null : await quarantinedAt(store, city, newest),
    refused: await refusedByReason(store, city),
    bytes: await sizes(store),
  }
}

async function newestSnapshot(
  platform: LakeParts,
  city: string,
  now: EpochSeconds,
): Promise<EpochSeconds | null> {
  const days = await statusDays(platform.store, city)
  for (const ds of days.toReversed()) {
    const from = Date.parse(ds) / 1000
    if (from > now) continue
    const times = await snapshotTimes(platform, { city, from, to: Math.min(now, from + DAY_SECONDS - 1) })
    const last = times.at(-1)
    if (last !== undefined) return last
  }
  return null
}

async function quarantinedAt(
  store: ObjectStore,
  city: string,
  at: EpochSeconds,
): Promise<Record<string, number> | null> {
  const manifest = await readManifest(store, { feed: 'station_status', city, at })
  return manifest ? countBy(manifest.quarantined.map(({ reason }) => reason)) : null
}

async function refusedByReason(store: ObjectStore, city: string): Promise<Record<string, number>> {
  const reasons: string[] = []
  const prefix = `ingest_errors/city=${city}/dt=`
  for await (const { key } of store.list(prefix)) {
    if (!key.endsWith('/_error.json') || parseDt(key.slice(prefix.length).split('/')[0] ?? '') === undefined)
      continue
    const object = await store.get(key)
    if (object === undefined) continue
    const error = JSON.parse(new TextDecoder().decode(object.body)) as { reason?: unknown }
    reasons.push(typeof error.reason === 'string' ? error.reason : 'unknown')
  }
  return countBy(reasons)
}

async function sizes(store: ObjectStore): Promise<Record<string, number>> {
  const bytes: Record<string, number> = {}
  for await (const { key, size } of store.list('')) {
    const part = key.split('/')[0] ?? key
    bytes[part] = (bytes[part] ?? 0) + size
  }
  return bytes
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
