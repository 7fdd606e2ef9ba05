import { z } from 'zod'
import { STATION_STATE_FEATURES, WEATHER_FEATURES } from '../../../core/contracts/features.ts'
import { receivedKey } from '../../../core/keys.ts'
import { batchFloor, HOUR_SECONDS, WINDOW_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { snapshotTimes } from '../../../data/lake/gaps.ts'
import type { Platform } from '../../../platform/ports.ts'
import type { DriftBaseline } from './baseline-file.ts'
import { binCount, binOf } from './bins.ts'
import { captureFiles, liveCalls } from './captures.ts'
import type { DriftColumn } from './columns.ts'
import { gapReach } from './gap-reach.ts'
import { WeekHistogram } from './histograms.ts'
import { weekHours } from './week-hour.ts'

const receivedSchema = z.strictObject({
  received_version: z.literal(1),
  /** Version of the model whose bins these are. */
  baseline: z.string(),
  /** Of the capture files that were counted. */
  digest: z.string(),
  requests: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  /** Lines that could not be read. */
  unread: z.int().nonnegative(),
  columns: z.record(z.string(), z.record(z.string(), z.array(z.number().nonnegative()))),
  /** Least and greatest value of every weather feature; absent when it was always missing. */
  weather: z.record(z.string(), z.tuple([z.number(), z.number()])),
})
type ReceivedFile = z.infer<typeof receivedSchema>

/** What an endpoint received in a time, counted into a baseline's bins. */
export interface Received {
  readonly requests: number
  readonly rows: number
  readonly unread: number
  readonly columns: ReadonlyMap<DriftColumn, WeekHistogram>
  readonly weather: Readonly<Record<string, readonly [least: number, greatest: number]>>
}

const WIDTH = STATION_STATE_FEATURES.length
const WEATHER_FROM = 16
const COUNTED = [...STATION_STATE_FEATURES, 'score'] as const

/**
 * What an endpoint received in the 24 hours before `at`, as the sum of its hours. An hour is counted once and kept; it is
 * counted again when capture files came later, or for another baseline. Undefined when nothing was captured in any hour.
 */
export async function receivedWithin(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  o: {
    readonly endpoint: string
    readonly city: string
    readonly variants: readonly string[]
    readonly at: EpochSeconds
    readonly hours: number
  },
  baseline: DriftBaseline,
): Promise<Received | undefined> {
  const total = emptyColumns(baseline)
  const sum = { requests: 0, rows: 0, unread: 0, weather: {} as Record<string, readonly [number, number]> }
  let files = 0
  for (let end = o.at - (o.hours - 1) * HOUR_SECONDS; end <= o.at; end += HOUR_SECONDS) {
    const hour = await receivedHour(platform, { ...o, end }, baseline)
    if (hour === undefined) continue
    files++
    sum.requests += hour.requests
    sum.rows += hour.rows
    sum.unread += hour.unread
    for (const [name, counts] of Object.entries(hour.columns))
      total
        .get(name as DriftColumn)
        ?.merge(Object.entries(counts).map(([h, bins]) => [Number(h), bins] as const))
    for (const [name, [least, greatest]] of Object.entries(hour.weather))
      widen(sum.weather, name, least, greatest)
  }
  return files === 0 ? undefined : { ...sum, columns: total }
}

async function receivedHour(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  o: {
    readonly endpoint: string
    readonly city: string
    readonly variants: readonly string[]
    readonly end: EpochSeconds
  },
  baseline: DriftBaseline,
): Promise<ReceivedFile | undefined> {
  const { store } = platform
  const key = receivedKey(o.endpoint, o.city, o.end)
  const kept = await readReceived(store, key)
  const files = await captureFiles(store, o.endpoint, o.variants, o.end)
  const ofBaseline = kept?.baseline === baseline.version ? kept : undefined
  // Retention may have removed the captures; the counts stay.
  if (files.keys.length === 0) return ofBaseline
  if (ofBaseline?.digest === files.digest) return ofBaseline
  const counted = await countHour(platform, o, files.keys, baseline)
  const file: ReceivedFile = {
    received_version: 1,
    baseline: baseline.version,
    digest: files.digest,
    requests: counted.requests,
    rows: counted.rows,
    unread: counted.unread,
    columns: Object.fromEntries([...counted.columns].map(([name, histogram]) => [name, histogram.toJSON()])),
    weather: Object.fromEntries(Object.entries(counted.weather).map(([name, [a, b]]) => [name, [a, b]])),
  }
  await store.put(key, `${JSON.stringify(file)}\n`)
  return file
}

async function countHour(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  { city, end }: { readonly city: string; readonly end: EpochSeconds },
  keys: readonly string[],
  baseline: DriftBaseline,
): Promise<Received> {
  const columns = emptyColumns(baseline)
  const features = STATION_STATE_FEATURES.map((name) => ({
    edges: baseline.columns.get(name)?.edges ?? [],
    histogram: columns.get(name),
  }))
  const score = { edges: baseline.columns.get('score')?.edges ?? [], histogram: columns.get('score') }
  const from = end - HOUR_SECONDS - 3 * WINDOW_SECONDS
  const explained = gapReach(await snapshotTimes(platform, { city, from, to: end }))
  const weekHour = weekHours(baseline.timezone)
  const weather: Record<string, readonly [number, number]> = {}
  const unread = { lines: 0 }
  let [requests, rows] = [0, 0]
  for await (const call of liveCalls(platform.store, keys, unread)) {
    const slot = call.slot ?? batchFloor(call.at)
    const hour = weekHour(slot)
    const gap = explained(slot)
    requests++
    rows += call.lines.length
    for (const line of call.lines) {
      const fields = line.split(',', WIDTH)
      for (let f = 0; f < WIDTH; f++) {
        const value = numberOf(fields[f])
        if (Number.isNaN(value) && gap[f] === true) continue
        const feature = features[f]
        feature?.histogram?.add(hour, binOf(feature.edges, value))
      }
    }
    if (score.edges.length > 0)
      for (const value of call.scores) score.histogram?.add(hour, binOf(score.edges, Math.fround(value)))
    // The weather is the city's: every row of a request has the same.
    const fields = (call.lines[0] ?? '').split(',')
    WEATHER_FEATURES.forEach((name, i) => {
      const value = numberOf(fields[WEATHER_FROM + i])
      if (!Number.isNaN(value)) widen(weather, name, value, value)
    })
  }
  return { requests, rows, unread: unread.lines, columns, weather }
}

/** A field as the container reads it: float32, missing when empty or no number. */
export function numberOf(field: string | undefined): number {
  return field === undefined || field === '' ? Number.NaN : Math.fround(Number(field))
}

function widen(
  ranges: Record<string, readonly [number, number]>,
  name: string,
  least: number,
  greatest: number,
): void {
  const before = ranges[name]
  ranges[name] = before ? [Math.min(before[0], least), Math.max(before[1], greatest)] : [least, greatest]
}

function emptyColumns(baseline: DriftBaseline): Map<DriftColumn, WeekHistogram> {
  return new Map(
    COUNTED.map(
      (name) => [name, new WeekHistogram(binCount(baseline.columns.get(name)?.edges ?? []))] as const,
    ),
  )
}

/** The kept counts of an hour; undefined when there are none, or none that can be read: then they are counted again. */
async function readReceived(store: Platform['store'], key: string): Promise<ReceivedFile | undefined> {
  const object = await store.get(key)
  if (object === undefined) return undefined
  try {
    return receivedSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
  } catch {
    return undefined
  }
}
