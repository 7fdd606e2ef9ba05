import { BATCH_SECONDS, DAY_SECONDS, dsOf, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { LIFECYCLE, type Retention } from '../../data/lake/lifecycle.ts'

/** Days that growth is the mean of. */
const GROWTH_DAYS = 7

/** What one dataset takes. Its rows are counted apart. */
export interface DatasetSize {
  /** Beginning of its keys: `raw/station_status`, `inference`. */
  readonly dataset: string
  readonly files: number
  readonly bytes: number
  /** Means over the last whole UTC days that have data, at most seven, but for its first one; null without any. */
  readonly bytes_per_day: number | null
  readonly files_per_day: number | null
  /** Days it is kept; null when it stays for good. */
  readonly kept_days: number | null
  /** What it comes to once its oldest days go; null when nothing goes, or its growth is not known. */
  readonly bytes_at_rest: number | null
}

/** Top folders whose second folder is a dataset of its own. */
const NESTED = new Set(['raw', 'curated', 'monitoring', 'alarms'])

/** `raw/station_status`, `inference`; the first folder, or the first two where these are datasets. */
export function datasetOf(key: string): string {
  const [first = '', second = '', ...rest] = key.split('/')
  return NESTED.has(first) && rest.length > 0 ? `${first}/${second}` : first
}

/** The UTC day in a key; undefined when it has none. */
export function dayOfKey(key: string): string | undefined {
  const match =
    /\/ds=(\d{4})-(\d\d)-(\d\d)[/.]/.exec(key) ??
    /\/dt=(\d{4})-(\d\d)-(\d\d)-/.exec(key) ??
    /\/(\d{4})\/(\d\d)\/(\d\d)\//.exec(key)
  return match ? match.slice(1).join('-') : undefined
}

interface Tally {
  files: number
  bytes: number
  readonly days: Map<string, { files: number; bytes: number }>
}

/** Measures every dataset of a lake, in order of its name. `now` tells which days are whole. */
export async function measureLake(
  store: ObjectStore,
  now: EpochSeconds,
  retention: Retention,
): Promise<DatasetSize[]> {
  const tallies = new Map<string, Tally>()
  for await (const { key, size } of store.list('')) {
    const dataset = datasetOf(key)
    const tally = tallies.get(dataset) ?? { files: 0, bytes: 0, days: new Map() }
    tallies.set(dataset, tally)
    tally.files += 1
    tally.bytes += size
    const ds = dayOfKey(key)
    if (ds === undefined) continue
    const day = tally.days.get(ds) ?? { files: 0, bytes: 0 }
    tally.days.set(ds, { files: day.files + 1, bytes: day.bytes + size })
  }
  return [...tallies]
    .map(([dataset, tally]) => sizeOf(dataset, tally, now, retention))
    .sort((a, b) => (a.dataset < b.dataset ? -1 : 1))
}

function sizeOf(dataset: string, tally: Tally, now: EpochSeconds, retention: Retention): DatasetSize {
  const days = [...tally.days].sort(([a], [b]) => (a < b ? 1 : -1))
  // The first day may have begun late, and one whose last batch is being made has ended but for that.
  const begun = days.length > 1 ? days.slice(0, -1) : days
  const whole = begun
    .filter(([ds]) => ds < dsOf(now + BATCH_SECONDS))
    .slice(0, GROWTH_DAYS)
    .map(([, day]) => day)
  const mean = (of: (day: { files: number; bytes: number }) => number): number | null =>
    whole.length === 0 ? null : whole.reduce((sum, day) => sum + of(day), 0) / whole.length
  const perDay = mean(({ bytes }) => bytes)
  const rule = LIFECYCLE.find(
    ({ prefix, keeps }) => prefix.startsWith(`${dataset}/`) && keeps !== 'those of registered models',
  )
  const kept = rule && tally.days.size > 0 ? retention[rule.setting] : null
  return {
    dataset,
    files: tally.files,
    bytes: tally.bytes,
    bytes_per_day: perDay,
    files_per_day: mean(({ files }) => files),
    kept_days: kept,
    bytes_at_rest: kept === null || perDay === null ? null : perDay * (kept + 1),
  }
}

/** Seconds of the month that costs are for: AWS counts 730 hours. */
export const MONTH_HOURS = 730
/** The same in days. */
export const MONTH_DAYS = (MONTH_HOURS * 3600) / DAY_SECONDS
