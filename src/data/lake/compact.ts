import { liveStatusKey, rawPrefix } from '../../core/keys.ts'
import type { Reporter } from '../../core/report.ts'
import { DAY_SECONDS, dtOf, isoOf, parseDs, parseDt, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { parseStatus } from '../gbfs/normalise.ts'
import { clearStaging, type LakeParts } from './publish.ts'
import { readRaw, type RawId } from './raw.ts'
import type { CuratedSnapshot } from './status-columns.ts'
import { liveDays, liveTimes, mergeStatusDay } from './status-day.ts'
import { writeViews } from './views-file.ts'

/** A day that was compacted, with how many live files went into it. */
export interface CompactedDay {
  readonly ds: string
  readonly snapshots: number
}

/**
 * Turns the live files of every day that ended by `before` into the day's single file, then removes them. A live file that
 * appears meanwhile, or came after its day was compacted, is merged as well. Stopped between any two steps and run again
 * it ends the same; two at a time do no harm.
 */
export async function compactDays(
  platform: LakeParts,
  options: { readonly city: string; readonly before: EpochSeconds; readonly report: Reporter },
): Promise<CompactedDay[]> {
  const { city, before, report } = options
  const days: CompactedDay[] = []
  for (const ds of await liveDays(platform.store, city)) {
    if (parseDs(ds) + DAY_SECONDS > before) continue
    if (days.length === 0) await clearStaging(platform.store)
    days.push({ ds, snapshots: await compactDay(platform, city, ds, report) })
  }
  await writeViews(platform.store, city)
  return days
}

async function compactDay(platform: LakeParts, city: string, ds: string, report: Reporter): Promise<number> {
  const { store } = platform
  let removed = 0
  let late: CuratedSnapshot[] = await rawOnly(store, city, ds)
  for (;;) {
    const { present } = await mergeStatusDay(platform, city, ds, late)
    late = []
    for (const time of await liveTimes(store, city, ds)) {
      if (present.has(time)) {
        await store.delete(liveStatusKey(city, time))
        removed++
        continue
      }
      const snapshot = await fromRaw(store, { feed: 'station_status', city, at: time })
      if (snapshot) late.push(snapshot)
      else
        report.warn(`The live file of ${isoOf(time)} came after its day and has no raw document: it stays.`)
    }
    if (late.length === 0) return removed
  }
}

/** Snapshots of a day that have a raw document and no live file: an ingest that was stopped in between. */
async function rawOnly(store: ObjectStore, city: string, ds: string): Promise<CuratedSnapshot[]> {
  const live = new Set(await liveTimes(store, city, ds))
  const prefix = rawPrefix('station_status', city, parseDs(ds))
  const before = prefix.slice(0, -dtOf(0).length - 1)
  const found: CuratedSnapshot[] = []
  for await (const { key } of store.list(`${before}${ds}-`)) {
    if (!key.endsWith('/data.json.gz')) continue
    const at = parseDt(key.slice(before.length).split('/')[0] ?? '')
    if (at === undefined || live.has(at)) continue
    const snapshot = await fromRaw(store, { feed: 'station_status', city, at })
    if (snapshot) found.push(snapshot)
  }
  return found
}

async function fromRaw(store: ObjectStore, id: RawId): Promise<CuratedSnapshot | undefined> {
  const body = await readRaw(store, id)
  return body && parseStatus(body)
}
