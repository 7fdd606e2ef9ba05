import { liveStatusKey } from '../../core/keys.ts'
import { DAY_SECONDS, parseDs, type EpochSeconds } from '../../core/time.ts'
import { datasetDays } from './days.ts'
import { snapshotTimes } from './gaps.ts'
import { cleanLeftovers, type LocalLeftovers } from './leftovers.ts'
import { expiredFolders, type Retention } from './lifecycle.ts'
import { STAGING_PREFIX, type LakeParts } from './publish.ts'
import type { Removal } from './removal.ts'
import { liveDays, liveTimes } from './status-day.ts'

/** What one rule removes, or has. */
export interface RuleTotal {
  readonly rule: string
  readonly why: string
  readonly files: number
  readonly bytes: number
}

/** What a clean-up would remove, or has. */
export interface CleanResult {
  readonly removed: readonly Removal[]
  /** In the order of the rules; rules without anything to remove are left out. */
  readonly rules: readonly RuleTotal[]
  readonly bytes: number
}

/** How a lake is cleaned. */
export interface CleanOptions {
  readonly city: string
  readonly now: EpochSeconds
  readonly retention: Retention
  /** Only say what would go. */
  readonly dryRun: boolean
  /** Folders on this machine in which killed runs leave files, judged by the wall clock. */
  readonly local?: { readonly folders: readonly LocalLeftovers[]; readonly wallNow: EpochSeconds }
}

/**
 * Removes what is past its retention (see `LIFECYCLE`) and what stopped runs left: staged files, live files of compacted
 * days, old temporary files, trainings that nobody went on with. Stopped anywhere and run again it ends the same; run once
 * more it finds nothing.
 */
export async function cleanLake(platform: LakeParts, options: CleanOptions): Promise<CleanResult> {
  const { store } = platform
  const removed: Removal[] = []
  for await (const removal of removals(platform, options)) removed.push(removal)
  if (!options.dryRun) for (const { key } of removed) await store.delete(key)
  if (options.local) removed.push(...(await cleanLeftovers(options.local, options.dryRun)))
  return {
    removed,
    rules: totals(removed),
    bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

async function* removals(platform: LakeParts, options: CleanOptions): AsyncIterable<Removal> {
  const { store } = platform
  for await (const { key, size } of store.list(STAGING_PREFIX))
    yield { key, bytes: size, rule: 'staged files', why: 'left by a stopped run' }
  yield* liveOfCompactedDays(platform, options.city)
  for await (const { rule, days, folder } of expiredFolders(store, options))
    for await (const { key, size } of store.list(folder))
      yield { key, bytes: size, rule: rule.name, why: `older than ${days} days (${rule.setting})` }
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
        yield { key, bytes: size, rule: 'live files', why: 'its day is compacted' }
    }
  }
}

function totals(removed: readonly Removal[]): RuleTotal[] {
  const byRule = new Map<string, RuleTotal>()
  for (const { rule, why, bytes } of removed) {
    const sum = byRule.get(rule)
    byRule.set(rule, { rule, why, files: (sum?.files ?? 0) + 1, bytes: (sum?.bytes ?? 0) + bytes })
  }
  return [...byRule.values()]
}
