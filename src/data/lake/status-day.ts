import { dayKey, DATASETS, liveStatusKey, partitionPrefix } from '../../core/keys.ts'
import { loadSql } from '../../core/sql.ts'
import { parseDt, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { changeDay, type LakeParts } from './publish.ts'
import { sameStations, snapshotsOf, statusColumns, type CuratedSnapshot } from './status-columns.ts'

const DAY_SQL = loadSql(import.meta.url, './status-day.sql')

/** A snapshot that came into a merge: its place in what came in, and its time. */
export interface MergedSnapshot {
  readonly index: number
  readonly last_updated: EpochSeconds
}

/** What a merge made of each snapshot that came in. */
export interface StatusMerge {
  readonly added: readonly MergedSnapshot[]
  readonly unchanged: readonly MergedSnapshot[]
  /** Another content was there first, and stays. */
  readonly conflicts: readonly MergedSnapshot[]
  /** Snapshots of the day after the merge. */
  readonly present: ReadonlySet<EpochSeconds>
}

/** The snapshots of one day, in order; a day at a time in memory is what callers may count on. */
export function streamStatus(
  platform: Pick<LakeParts, 'warehouse'>,
  city: string,
  dsFrom: string,
  dsTo = dsFrom,
): AsyncIterable<CuratedSnapshot> {
  const status = { dataset: 'station_status', city, dsFrom, dsTo } as const
  return snapshotsOf(platform.warehouse.stream({ name: 'status-day', sql: DAY_SQL, tables: { status } }))
}

/** True when the day has its single file, which alone counts from then on. */
export async function isCompacted(store: ObjectStore, city: string, ds: string): Promise<boolean> {
  const key = dayKey('station_status', city, ds)
  for await (const object of store.list(key)) if (object.key === key) return true
  return false
}

/** The live files of a day, by `last_updated`, in order. */
export async function liveTimes(store: ObjectStore, city: string, ds: string): Promise<EpochSeconds[]> {
  const prefix = partitionPrefix('station_status_live', city, ds)
  const times: EpochSeconds[] = []
  for await (const { key } of store.list(prefix)) {
    const time = parseDt(key.slice(prefix.length).replace(/\.parquet$/, ''))
    if (time !== undefined && key.endsWith('.parquet')) times.push(time)
  }
  return times
}

/** The days that still have live files, in order. */
export async function liveDays(store: ObjectStore, city: string): Promise<string[]> {
  const folders = await store.folders(`${DATASETS.station_status_live}/city=${city}/`)
  return folders.filter((name) => name.startsWith('ds=')).map((name) => name.slice(3))
}

/**
 * Adds what comes in to a day that is still open, as live files; a snapshot that is there stays as it is.
 */
export async function addLiveSnapshots(
  platform: LakeParts,
  city: string,
  ds: string,
  incoming: readonly CuratedSnapshot[],
): Promise<StatusMerge> {
  const { byTime, outcome } = await mergeInto(platform, city, ds, incoming)
  for (const { index } of outcome.added) {
    const snapshot = incoming[index]
    if (snapshot)
      await platform.warehouse.writeRows(
        liveStatusKey(city, snapshot.last_updated),
        statusColumns([snapshot]),
      )
  }
  return { ...outcome, present: new Set(byTime.keys()) }
}

/**
 * Writes the day's single file out of what the lake has of the day and what comes in; a snapshot that is there stays as it
 * is. With nothing coming in, it turns the live files of an open day into the day's file. Bytes depend on the rows alone.
 */
export async function mergeStatusDay(
  platform: LakeParts,
  city: string,
  ds: string,
  incoming: readonly CuratedSnapshot[],
): Promise<StatusMerge> {
  const day = { dataset: 'station_status', city, ds } as const
  return changeDay(platform, day, async () => {
    const compacted = await isCompacted(platform.store, city, ds)
    const { byTime, outcome } = await mergeInto(platform, city, ds, incoming)
    const result: StatusMerge = { ...outcome, present: new Set(byTime.keys()) }
    const nothingToDo = byTime.size === 0 || (compacted && outcome.added.length === 0)
    if (nothingToDo) return { result, file: undefined }
    const snapshots = [...byTime.values()].sort((a, b) => a.last_updated - b.last_updated)
    const identity = snapshots.map((s) => `${s.last_updated}:${s.stations.length}`).join(' ')
    return { result, file: { columns: statusColumns(snapshots), identity } }
  })
}

/** The day as it is with what comes in, in memory. */
async function mergeInto(
  platform: LakeParts,
  city: string,
  ds: string,
  incoming: readonly CuratedSnapshot[],
): Promise<{
  byTime: Map<EpochSeconds, CuratedSnapshot>
  outcome: Record<'added' | 'unchanged' | 'conflicts', MergedSnapshot[]>
}> {
  const byTime = new Map<EpochSeconds, CuratedSnapshot>()
  for await (const snapshot of streamStatus(platform, city, ds)) byTime.set(snapshot.last_updated, snapshot)
  const outcome: Record<'added' | 'unchanged' | 'conflicts', MergedSnapshot[]> = {
    added: [],
    unchanged: [],
    conflicts: [],
  }
  for (const [index, snapshot] of incoming.entries()) {
    const { last_updated } = snapshot
    const first = byTime.get(last_updated)
    if (first === undefined) {
      byTime.set(last_updated, snapshot)
      outcome.added.push({ index, last_updated })
    } else {
      const same = sameStations(first.stations, snapshot.stations)
      outcome[same ? 'unchanged' : 'conflicts'].push({ index, last_updated })
    }
  }
  return { byTime, outcome }
}
