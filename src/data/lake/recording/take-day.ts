import { liveStatusKey } from '../../../core/keys.ts'
import { DAY_SECONDS, isoOf, parseDs, type EpochSeconds } from '../../../core/time.ts'
import { judgeBatch } from '../../gbfs/rules.ts'
import type { LakeParts } from '../publish.ts'
import { keepRefused } from '../refused.ts'
import { addLiveSnapshots, isCompacted, liveTimes, mergeStatusDay } from '../status-day.ts'
import type { RecordedDay, RecordedSnapshot } from './recording.ts'

/** What an import made of its snapshots; sums over its days. */
export interface ImportCounts {
  snapshots: number
  stored: number
  unchanged: number
  conflicts: number
  refused: number
  rows: number
  quarantined: Record<string, number>
}

/** Nothing yet. */
export function noCounts(): ImportCounts {
  return { snapshots: 0, stored: 0, unchanged: 0, conflicts: 0, refused: 0, rows: 0, quarantined: {} }
}

/**
 * Takes a recorded day into the lake by the rules of a live feed, and adds to `counts`. A day that is cut by the end of the
 * import (`to`) stays open, so that what comes after it can be added a snapshot at a time.
 */
export async function takeDay(
  platform: LakeParts,
  city: string,
  source: string,
  day: RecordedDay,
  o: { readonly to: EpochSeconds | undefined; readonly counts: ImportCounts },
): Promise<void> {
  const { counts } = o
  const taken: RecordedSnapshot[] = []
  for (const recorded of day.snapshots) {
    const { snapshot } = recorded
    counts.snapshots++
    counts.rows += snapshot.stations.length
    for (const { reason } of snapshot.quarantined)
      counts.quarantined[reason] = (counts.quarantined[reason] ?? 0) + 1
    const verdict = judgeBatch(snapshot)
    if (verdict === undefined) taken.push(recorded)
    else {
      counts.refused++
      await keep(platform, city, source, recorded, verdict)
    }
  }
  if (taken.length === 0) return
  const snapshots = taken.map(({ snapshot }) => snapshot)
  const open = isCut(day.ds, o.to) && !(await isCompacted(platform.store, city, day.ds))
  const merged = await (open ? addLiveSnapshots : mergeStatusDay)(platform, city, day.ds, snapshots)
  counts.stored += merged.added.length
  counts.unchanged += merged.unchanged.length
  counts.conflicts += merged.conflicts.length
  for (const { index } of merged.conflicts) {
    const recorded = taken[index]
    if (recorded === undefined) continue
    const at = isoOf(recorded.snapshot.last_updated)
    const detail = `another content under the same last_updated ${at}; the first stays`
    await keep(platform, city, source, recorded, { reason: 'conflict', detail })
  }
  if (open) return
  for (const time of await liveTimes(platform.store, city, day.ds)) {
    if (merged.present.has(time)) await platform.store.delete(liveStatusKey(city, time))
  }
}

function isCut(ds: string, to: EpochSeconds | undefined): boolean {
  return to !== undefined && to < parseDs(ds) + DAY_SECONDS
}

async function keep(
  platform: LakeParts,
  city: string,
  source: string,
  { snapshot, body }: RecordedSnapshot,
  verdict: Pick<Parameters<typeof keepRefused>[2], 'reason' | 'detail'>,
): Promise<void> {
  await keepRefused(platform.store, city, {
    feed: 'station_status',
    at: snapshot.last_updated,
    body: await body(),
    source,
    quarantined: snapshot.quarantined,
    ...verdict,
  })
}
