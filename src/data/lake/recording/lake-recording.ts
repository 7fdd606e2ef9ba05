import { canonicalJson, sha256 } from '../../../core/hash.ts'
import { DAY_SECONDS, dsOf, parseDs } from '../../../core/time.ts'
import { statusDays, wholeTable } from '../days.ts'
import { snapshotTimes } from '../gaps.ts'
import { readVersions } from '../information-versions.ts'
import type { LakeParts } from '../publish.ts'
import { streamStatus } from '../status-day.ts'
import { collectStatus } from '../../gbfs/rules.ts'
import {
  isWithin,
  joinSpans,
  type RecordedSnapshot,
  type Recording,
  type Span,
  type StatusSource,
  type TimeRange,
} from './recording.ts'
import { weatherOf } from './weather-files.ts'

/** A lake of this system as a recording. */
export function openLakeRecording(lake: LakeParts, city: string): Recording {
  return {
    files: [{ name: `lake of ${city}`, bytes: 0, sha256: sha256(canonicalJson({ lake: city })) }],
    status: [openLakeStatus(lake, city)],
    information: async () => [...(await readVersions(lake, city)).values()].flat(),
    weather: async function* () {
      const weather = await wholeTable(lake.store, 'weather_hourly', city)
      if (weather === undefined) return
      const statement = {
        name: 'lake-weather',
        sql: 'select * from weather order by valid_at, issued_at, source',
        tables: { weather },
      }
      for await (const batch of lake.warehouse.stream(statement)) yield weatherOf(batch)
    },
  }
}

/** Status of a lake. */
export function openLakeStatus(lake: LakeParts, city: string): StatusSource {
  const daysIn = async (range: TimeRange): Promise<string[]> => {
    const { from, to } = range
    const days = await statusDays(lake.store, city)
    return days.filter(
      (ds) => (from === undefined || ds >= dsOf(from)) && (to === undefined || parseDs(ds) < to),
    )
  }
  return {
    name: `lake of ${city}`,
    span: async () => {
      const days = await daysIn({})
      let span: Span | undefined
      for (const ds of [days[0], days.at(-1)]) {
        if (ds === undefined) continue
        const from = parseDs(ds)
        const times = await snapshotTimes(lake, { city, from, to: from + DAY_SECONDS - 1 })
        for (const time of times) span = joinSpans(span, { first: time, last: time })
      }
      return span
    },
    size: async (range) => (await daysIn(range)).length,
    days: async function* (range, onProgress) {
      let done = 0
      for (const ds of await daysIn(range)) {
        const snapshots: RecordedSnapshot[] = []
        for await (const { last_updated, stations } of streamStatus(lake, city, ds)) {
          if (!isWithin(last_updated, range)) continue
          const snapshot = { last_updated, ttl: 0, version: 'recording', ...collectStatus(stations) }
          snapshots.push({ snapshot, body: () => Promise.resolve(JSON.stringify(snapshot)) })
        }
        yield { ds, snapshots }
        onProgress(++done)
      }
    },
  }
}
