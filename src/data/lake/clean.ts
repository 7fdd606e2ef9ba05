import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { liveStatusKey } from '../../core/keys.ts'
import { DAY_SECONDS, dsOf, parseDs, parseDt, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { datasetDays } from './days.ts'
import { snapshotTimes } from './gaps.ts'
import { STAGING_PREFIX, type LakeParts } from './publish.ts'
import { liveDays, liveTimes } from './status-day.ts'

/** Days that are kept, as configured. */
export interface Retention {
  readonly raw_days: number
  readonly datacapture_days: number
  readonly ingest_errors_days: number
  readonly inference_days: number
}

/** Something to be removed, and why. */
export interface Removal {
  readonly key: string
  readonly bytes: number
  readonly why: string
}

/** What a clean-up would remove, or has. */
export interface CleanResult {
  readonly removed: readonly Removal[]
  readonly bytes: number
}

/** How a lake is cleaned. */
export interface CleanOptions {
  readonly city: string
  readonly now: EpochSeconds
  readonly retention: Retention
  /** Only say what would go. */
  readonly dryRun: boolean
  /** A folder of temporary files on this machine; of those older than a day by the wall clock only killed runs know. */
  readonly temp?: { readonly folder: string; readonly wallNow: EpochSeconds }
}

/**
 * Removes what is past its retention and what stopped runs left: staged files, live files of compacted days, old temporary
 * files. Raw status stays as long as its day is not compacted, and the newest raw information always. Run again it finds
 * nothing more.
 */
export async function cleanLake(platform: LakeParts, options: CleanOptions): Promise<CleanResult> {
  const { store } = platform
  const removed: Removal[] = []
  for await (const removal of removals(platform, options)) removed.push(removal)
  if (!options.dryRun) for (const { key } of removed) await store.delete(key)
  if (options.temp) removed.push(...(await cleanTemp(options.temp, options.dryRun)))
  return { removed, bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0) }
}

async function* removals(platform: LakeParts, options: CleanOptions): AsyncIterable<Removal> {
  const { store } = platform
  const { city, now, retention } = options
  for await (const { key, size } of store.list(STAGING_PREFIX))
    yield { key, bytes: size, why: 'left by a stopped run' }
  yield* liveOfCompactedDays(platform, city)

  const before = (days: number): string => dsOf(now - days * DAY_SECONDS)
  const compacted = new Set(await datasetDays(store, 'station_status', city))
  const information = await newestDt(store, `raw/station_information/city=${city}/dt=`)
  const rules: readonly {
    prefix: string
    days: number
    day: RegExp
    keep?: (key: string, ds: string) => boolean
  }[] = [
    {
      prefix: `raw/station_status/city=${city}/dt=`,
      days: retention.raw_days,
      day: DT_DAY,
      keep: (_, ds) => !compacted.has(ds),
    },
    {
      prefix: `raw/station_information/city=${city}/dt=`,
      days: retention.raw_days,
      day: DT_DAY,
      keep: (key) => key.includes(`/dt=${information}/`),
    },
    { prefix: `raw/weather_hourly/city=${city}/dt=`, days: retention.raw_days, day: DT_DAY },
    { prefix: `ingest_errors/city=${city}/dt=`, days: retention.ingest_errors_days, day: DT_DAY },
    { prefix: 'inference/', days: retention.inference_days, day: DS_DAY },
    { prefix: 'datacapture/', days: retention.datacapture_days, day: SLASHED_DAY },
  ]
  for (const { prefix, days, day, keep } of rules) {
    const limit = before(days)
    for await (const { key, size } of store.list(prefix)) {
      const ds = dayOf(key, day)
      if (ds !== undefined && ds < limit && !keep?.(key, ds))
        yield { key, bytes: size, why: `older than ${days} days` }
    }
  }
}

/** Where a key has its day. */
const DT_DAY = /\/dt=(\d{4})-(\d\d)-(\d\d)-/
const DS_DAY = /\/ds=(\d{4})-(\d\d)-(\d\d)\//
const SLASHED_DAY = /\/(\d{4})\/(\d\d)\/(\d\d)\//

function dayOf(key: string, pattern: RegExp): string | undefined {
  const match = pattern.exec(key)
  return match ? `${match[1]}-${match[2]}-${match[3]}` : undefined
}

async function* liveOfCompactedDays(platform: LakeParts, city: string): AsyncIterable<Removal> {
  const compacted = new Set(await datasetDays(platform.store, 'station_status', city))
  for (const ds of await liveDays(platform.store, city)) {
    if (!compacted.has(ds)) continue
    const from = parseDs(ds)
    const present = new Set(await snapshotTimes(platform, { city, from, to: from + DAY_SECONDS - 1 }))
    for (const time of await liveTimes(platform.store, city, ds)) {
      if (!present.has(time)) continue
      const key = liveStatusKey(city, time)
      for await (const { size } of platform.store.list(key))
        yield { key, bytes: size, why: 'its day is compacted' }
    }
  }
}

async function newestDt(store: ObjectStore, prefix: string): Promise<string | undefined> {
  let newest: string | undefined
  for await (const { key } of store.list(prefix)) {
    const dt = key.slice(prefix.length).split('/')[0] ?? ''
    if (parseDt(dt) !== undefined) newest = dt
  }
  return newest
}

async function cleanTemp(
  temp: { readonly folder: string; readonly wallNow: EpochSeconds },
  dryRun: boolean,
): Promise<Removal[]> {
  const removed: Removal[] = []
  const names = await readdir(temp.folder).catch(() => [])
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
    const path = join(temp.folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found === undefined || temp.wallNow - found.mtimeMs / 1000 < DAY_SECONDS) continue
    if (!dryRun) await rm(path, { recursive: true, force: true })
    removed.push({ key: path, bytes: found.size, why: 'left by a stopped run' })
  }
  return removed
}
