import type { Metric } from '../../../core/contracts/cloudwatch.ts'
import { dsRange, dsOf, type EpochSeconds } from '../../../core/time.ts'
import type { Archive } from './archive.ts'
import type { Block } from './block.ts'
import { blockKey, coverOf, dayPrefix, foldersFor, isBlockKey, mergedId } from './keys.ts'
import type { PutObject } from './put-object.ts'
import { addToSeries, metricKey, seriesKey, type Series, type StoredDatum } from './series.ts'

/** The data of a namespace in a span of time. */
export interface Window {
  /** Series of a metric, one a unit (and two where data came both whole and in parts), with data of `[from, to)` alone. */
  series(metric: Pick<Metric, 'MetricName' | 'Dimensions'>): Series[]
  /** Metrics that have any data. */
  metrics(): Pick<Metric, 'MetricName' | 'Dimensions'>[]
}

/**
 * Opens `[from, to)`. Puts are read before the blocks that may hold them by now: a put that is merged meanwhile is seen
 * in the one or the other, and one that is in both counts once.
 */
export async function openWindow(
  archive: Archive,
  span: {
    readonly namespace: string
    readonly from: EpochSeconds
    readonly to: EpochSeconds
    /** No put has a newer datum; undefined when nothing is known of that. */
    readonly newest: EpochSeconds | undefined
  },
): Promise<Window> {
  const { namespace, from, to } = span
  const puts = await openPuts(archive, namespace, from, to, span.newest)
  const blocks = new Map<string, Block>()
  await Promise.all(
    dsRange(from, to - 1).map(async (ds) => {
      const block = await archive.block(blockKey(namespace, ds))
      if (block) blocks.set(ds, block)
    }),
  )
  const loose = looseData(puts, blocks, from, to)

  return {
    series(metric) {
      const wanted = metricKey(metric)
      const found = new Map<string, Series>()
      for (const [, block] of [...blocks].sort(([a], [b]) => (a < b ? -1 : 1)))
        for (const place of block.placesOf(wanted)) {
          const part = slice(block.seriesAt(place), from, to)
          const key = seriesKey(part.name)
          found.set(key, append(found.get(key), part))
        }
      for (const [key, { name, data }] of loose.get(wanted) ?? [])
        found.set(key, addToSeries(found.get(key) ?? { name, t: [], v: [] }, data))
      return [...found.values()].filter(({ t }) => t.length > 0)
    },
    metrics() {
      const found = new Map<string, Pick<Metric, 'MetricName' | 'Dimensions'>>()
      for (const block of blocks.values())
        for (const name of block.names)
          if (name.last >= from && name.first < to) found.set(metricKey(name), name)
      for (const [key, series] of loose) for (const { name } of series.values()) found.set(key, name)
      return [...found.values()].map(({ MetricName, Dimensions }) => ({ MetricName, Dimensions }))
    },
  }
}

async function openPuts(
  archive: Archive,
  namespace: string,
  from: EpochSeconds,
  to: EpochSeconds,
  newest: EpochSeconds | undefined,
): Promise<PutObject[]> {
  const listings = await Promise.all(
    foldersFor(from, to, newest).map((ds) => archive.list(dayPrefix(namespace, ds))),
  )
  const keys = listings.flat().flatMap(({ key }) => {
    const cover = coverOf(key)
    return isBlockKey(key) || cover.to < from || cover.from >= to ? [] : [key]
  })
  const puts = await Promise.all(keys.map((key) => archive.put(key)))
  return puts.filter((put) => put !== undefined)
}

type Loose = Map<string, Map<string, { name: Series['name']; data: StoredDatum[] }>>

/** Data of puts that no block has, by metric and series. */
function looseData(
  puts: readonly PutObject[],
  blocks: ReadonlyMap<string, Block>,
  from: EpochSeconds,
  to: EpochSeconds,
): Loose {
  const loose: Loose = new Map()
  for (const put of puts) {
    const id = mergedId(put.key)
    for (const datum of put.data) {
      if (datum.t < from || datum.t >= to) continue
      if (put.parts && blocks.get(dsOf(datum.t))?.merged.has(id)) continue
      const metric = metricKey(datum.series)
      const series = loose.get(metric) ?? new Map<string, { name: Series['name']; data: StoredDatum[] }>()
      loose.set(metric, series)
      const entry = series.get(datum.key) ?? { name: datum.series, data: [] }
      series.set(datum.key, entry)
      entry.data.push(datum)
    }
  }
  return loose
}

function append(before: Series | undefined, next: Series): Series {
  if (!before) return next
  return { name: before.name, t: [...before.t, ...next.t], v: [...before.v, ...next.v] }
}

function slice(series: Series, from: EpochSeconds, to: EpochSeconds): Series {
  const begin = firstAtOrAfter(series.t, from)
  const end = firstAtOrAfter(series.t, to)
  if (begin === 0 && end === series.t.length) return series
  return { name: series.name, t: series.t.slice(begin, end), v: series.v.slice(begin, end) }
}

function firstAtOrAfter(times: readonly EpochSeconds[], t: EpochSeconds): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < t) low = middle + 1
    else high = middle
  }
  return low
}
