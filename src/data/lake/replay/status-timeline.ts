import { dsOf, type EpochSeconds } from '../../../core/time.ts'
import { statusDays } from '../days.ts'
import type { LakeParts } from '../publish.ts'
import type { CuratedSnapshot } from '../status-columns.ts'
import { streamStatus } from '../status-day.ts'

/** The status of a lake by time, a day at a time in memory. */
export interface StatusTimeline {
  /** Time of the first snapshot; undefined when there is none. */
  firstAt(): Promise<EpochSeconds | undefined>
  /** The newest snapshot at or before `at`; undefined when there is none. */
  newestAt(at: EpochSeconds): Promise<CuratedSnapshot | undefined>
}

/** Opens the timeline. Days are listed once: a lake that grows meanwhile is served as it was. */
export async function openStatusTimeline(lake: LakeParts, city: string): Promise<StatusTimeline> {
  const days = await statusDays(lake.store, city)
  let loaded: { ds: string; snapshots: Promise<CuratedSnapshot[]> } | undefined
  let before: { ds: string; last: CuratedSnapshot | undefined } | undefined

  const load = (ds: string): Promise<CuratedSnapshot[]> => {
    if (loaded?.ds !== ds) loaded = { ds, snapshots: collect(lake, city, ds) }
    return loaded.snapshots
  }
  /** The last snapshot before a day, kept apart so that the day itself stays loaded. */
  const lastBefore = async (ds: string): Promise<CuratedSnapshot | undefined> => {
    if (before?.ds === ds) return before.last
    const earlier = days.findLast((day) => day < ds)
    const last = earlier === undefined ? undefined : (await collect(lake, city, earlier)).at(-1)
    before = { ds, last }
    return last
  }
  return {
    async firstAt() {
      const [first] = days
      return first === undefined ? undefined : (await load(first))[0]?.last_updated
    },
    async newestAt(at) {
      const ds = dsOf(at)
      if (days.includes(ds)) {
        const snapshots = await load(ds)
        const found = newestIn(snapshots, at)
        if (found !== undefined) return found
      }
      return lastBefore(ds)
    },
  }
}

async function collect(lake: LakeParts, city: string, ds: string): Promise<CuratedSnapshot[]> {
  const snapshots: CuratedSnapshot[] = []
  for await (const snapshot of streamStatus(lake, city, ds)) snapshots.push(snapshot)
  return snapshots
}

/** Binary search: the last snapshot with `last_updated` not after `at`. */
function newestIn(snapshots: readonly CuratedSnapshot[], at: EpochSeconds): CuratedSnapshot | undefined {
  let [low, high] = [0, snapshots.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((snapshots[middle]?.last_updated ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  return snapshots[low - 1]
}
