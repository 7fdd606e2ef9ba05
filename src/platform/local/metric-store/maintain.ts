import { isOperatorError, type OperatorError } from '../../../core/errors.ts'
import { DAY_SECONDS, dsOf, parseDs, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../ports.ts'
import type { Archive } from './archive.ts'
import { Block } from './block.ts'
import { compress, mergeDistributions, type Distribution } from './distribution.ts'
import { blockKey, dayPrefix, isBlockKey, mergedId } from './keys.ts'
import { daysOf, namespacesOf } from './list-metrics.ts'
import type { PutObject } from './put-object.ts'
import { addToSeries, seriesKey, type Series, type StoredDatum } from './series.ts'

/** CloudWatch's retention: data of so many seconds are kept for so many days after their own. */
const RETENTION = [
  { resolution: 60, days: 15 },
  { resolution: 300, days: 63 },
  { resolution: 3600, days: 455 },
] as const
/** An open day's puts are merged once there are so many. */
const MANY_PUTS = 32
/** Values that an aggregated datum keeps one by one; see DistributionBuilder. */
const EXACT_VALUES = 64

export interface MaintainParts {
  readonly store: ObjectStore
  readonly archive: Archive
  /** Old days that nothing is to be done for, with their resolution; what one run finds, the next need not look for. */
  readonly settled: Map<string, number>
}

/**
 * Merges the puts of closed days, and of open ones once they are many, into the block of each day they have data of;
 * aggregates blocks to 5 minutes after 15 days and to hours after 63; deletes them after 455. A block is written before what
 * is in it is deleted, and only over the block it was made from. What is damaged stays as it is, and the first such error
 * is thrown once all the rest is done.
 */
export async function maintainMetrics(parts: MaintainParts, now: EpochSeconds): Promise<void> {
  const problems: OperatorError[] = []
  const guard = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!isOperatorError(error, 'CORRUPT') && !isOperatorError(error, 'WRITE_CONFLICT')) throw error
      problems.push(error)
    }
  }
  for (const namespace of await namespacesOf(parts.store)) {
    const days = (await daysOf(parts.store, namespace)).filter(
      (ds) => parts.settled.get(dayPrefix(namespace, ds)) !== dueAt(ds, now),
    )
    for (const ds of days) await guard(() => mergePuts(parts, namespace, ds, now))
    // Aggregated data cannot be told from those of a put that is still there: first all puts must be merged.
    if (problems.some(({ code }) => code === 'WRITE_CONFLICT')) continue
    for (const ds of days) await guard(() => age(parts, namespace, ds, now))
  }
  // Of a conflict nothing is to be told: another process does the same there.
  const damage = problems.find(({ code }) => code === 'CORRUPT')
  if (damage) throw damage
}

/** The resolution that the data of a day are kept at; undefined for a day past retention. */
function dueAt(ds: string, now: EpochSeconds): number | undefined {
  const age = Math.floor((now - parseDs(ds)) / DAY_SECONDS) - 1
  return RETENTION.find(({ days }) => age < days)?.resolution
}

async function mergePuts(
  { store, archive }: MaintainParts,
  namespace: string,
  ds: string,
  now: EpochSeconds,
): Promise<void> {
  const keys = (await archive.list(dayPrefix(namespace, ds)))
    .map(({ key }) => key)
    .filter((key) => !isBlockKey(key))
  const closed = parseDs(ds) + DAY_SECONDS <= now
  if (keys.length === 0 || (!closed && keys.length < MANY_PUTS)) return
  const puts: PutObject[] = []
  let damage: unknown
  for (const key of keys)
    try {
      const put = await archive.put(key)
      if (put) puts.push(put)
    } catch (error) {
      if (!isOperatorError(error, 'CORRUPT')) throw error
      damage ??= error
    }
  for (const [day, data] of byDay(puts)) await mergeInto(store, blockKey(namespace, day), data)
  for (const { key } of puts) {
    await store.delete(key)
    archive.forget(key)
  }
  if (damage !== undefined) throw damage
}

interface DayData {
  /** Puts of parts. */
  readonly merged: string[]
  /** Each with the `mergedId` of its put. */
  readonly data: (StoredDatum & { readonly put: string })[]
}

function byDay(puts: readonly PutObject[]): Map<string, DayData> {
  const days = new Map<string, DayData>()
  for (const { key, parts, data } of puts) {
    const put = mergedId(key)
    for (const datum of data) {
      const ds = dsOf(datum.t)
      const day = days.get(ds) ?? { merged: [], data: [] }
      days.set(ds, day)
      day.data.push({ ...datum, put })
      if (parts && day.merged.at(-1) !== put) day.merged.push(put)
    }
  }
  return days
}

async function mergeInto(store: ObjectStore, key: string, day: DayData): Promise<void> {
  const object = await store.get(key)
  const block = object && Block.decode(key, object.body)
  const series = new Map<string, Series>()
  for (const [i, name] of (block?.names ?? []).entries())
    series.set(seriesKey(name), block?.seriesAt(i) ?? { name, t: [], v: [] })
  const added = new Map<string, StoredDatum[]>()
  for (const datum of day.data) {
    if (datum.series.parts && block?.merged.has(datum.put)) continue
    const data = added.get(datum.key)
    if (data) data.push(datum)
    else added.set(datum.key, [datum])
  }
  for (const [id, data] of added) {
    const [first] = data
    if (first) series.set(id, addToSeries(series.get(id) ?? { name: first.series, t: [], v: [] }, data))
  }
  const body = Block.encode({
    resolution: block?.resolution ?? RETENTION[0].resolution,
    merged: [...new Set([...(block?.merged ?? []), ...day.merged])],
    series: [...series].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each),
  })
  await store.put(key, body, object ? { ifMatch: object.etag } : { ifAbsent: true })
}

async function age(
  { store, settled }: MaintainParts,
  namespace: string,
  ds: string,
  now: EpochSeconds,
): Promise<void> {
  const key = blockKey(namespace, ds)
  const resolution = dueAt(ds, now)
  if (resolution === undefined) {
    await store.delete(key)
    return
  }
  if (resolution === RETENTION[0].resolution) return
  const object = await store.get(key)
  if (object) {
    const block = Block.decode(key, object.body)
    if (block.resolution < resolution) {
      const series = block.names.map((_, i) => aggregated(block.seriesAt(i), resolution))
      // Puts so old are refused: none comes that the names of merged ones would be needed for.
      const body = Block.encode({ resolution, merged: [], series })
      await store.put(key, body, { ifMatch: object.etag })
    }
  }
  settled.set(dayPrefix(namespace, ds), resolution)
}

/** A series with one datum for every `resolution` seconds that has any. */
function aggregated({ name, t, v }: Series, resolution: number): Series {
  const periods = new Map<EpochSeconds, Distribution[]>()
  for (const [i, time] of t.entries()) {
    const begin = Math.floor(time / resolution) * resolution
    const data = periods.get(begin)
    if (data) data.push(v[i] ?? Number.NaN)
    else periods.set(begin, [v[i] ?? Number.NaN])
  }
  return {
    name: { ...name, parts: true },
    t: [...periods.keys()],
    v: [...periods.values()].map((data) => compress(mergeDistributions(data), EXACT_VALUES)),
  }
}
