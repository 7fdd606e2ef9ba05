import { FEATURE_NAMES, STATION_STATE_FEATURES } from '../../../core/contracts/features.ts'
import { loadSql } from '../../../core/sql.ts'
import { BATCH_SECONDS, DAY_SECONDS, dsOf, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { wholeTable } from '../../../data/lake/days.ts'
import { featureTexts } from '../../../model/prediction/feature-text.ts'
import type { Platform } from '../../../platform/ports.ts'
import type { DriftBaseline } from './baseline-file.ts'
import { captureFiles, capturedVariants, liveCalls } from './captures.ts'
import type { ColumnDrift, StationDrift } from './drift-file.ts'
import { MOVED } from './psi.ts'
import { numberOf } from './received.ts'

const LEVELS_SQL = loadSql(import.meta.url, './station-levels.sql')
const SENT_SQL = loadSql(import.meta.url, './sent-stations.sql')
const NAMES_SQL = loadSql(import.meta.url, './station-names.sql')

/** Stations that are named. */
const NAMED = 20
/** Of the features that moved, at most this many are looked into. */
const FEATURES = 3
/** A station has to have been asked about in this share of the batches. */
const LEAST_SHARE = 0.25
/** A station that hardly ever changed must not count as moved by a hair. */
const LEAST_SD = 0.01

type Platforms = Pick<Platform, 'store' | 'warehouse'>

interface Window {
  readonly city: string
  readonly endpoint: string
  readonly at: EpochSeconds
  readonly baseline: DriftBaseline
  readonly features: readonly ColumnDrift[]
}

/**
 * The stations whose features moved most in the 24 hours before `at`, furthest first: the mean of what the endpoint received
 * beside the station's own mean over the training rows, in its standard deviations. Looked at are the features with a PSI of
 * 0.1 or more, at most three, or else the one that moved most. Captured rows are joined to stations by inference id and
 * features hash.
 */
export async function movedStations(platform: Platforms, window: Window): Promise<StationDrift[]> {
  const features = chosen(window.features)
  if (features.length === 0) return []
  const levels = await levelsOf(platform, window.baseline)
  const means = await windowMeans(platform, window, features)
  const names = await stationNames(platform, window.city)
  const most = Math.max(0, ...[...means.values()].map(({ rows }) => rows))
  const moved: StationDrift[] = []
  for (const [station_id, { rows, sums, known }] of means)
    for (const [i, feature] of features.entries()) {
      const level = levels.get(station_id)
      const baseline = level?.[feature]
      if (rows < LEAST_SHARE * most || typeof baseline !== 'number' || !known[i]) continue
      const sd = Math.max(Number(level?.[`${feature}_sd`] ?? 0), LEAST_SD)
      const mean = (sums[i] ?? 0) / known[i]
      const name = names.get(station_id) ?? null
      const figures = {
        baseline: rounded(baseline),
        window: rounded(mean),
        shift: rounded((mean - baseline) / sd),
      }
      moved.push({ station_id, name, feature, ...figures })
    }
  return moved
    .sort((a, b) => Math.abs(b.shift) - Math.abs(a.shift) || (a.station_id < b.station_id ? -1 : 1))
    .slice(0, NAMED)
}

/** To four decimals: the sums of a query that ran on several threads differ in their last digits. */
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4

function chosen(features: readonly ColumnDrift[]): string[] {
  const ordered = features.filter(({ psi }) => psi !== null).toSorted((a, b) => (b.psi ?? 0) - (a.psi ?? 0))
  const moved = ordered.filter(({ psi }) => (psi ?? 0) >= MOVED).slice(0, FEATURES)
  return (moved.length > 0 ? moved : ordered.slice(0, 1)).map(({ name }) => name)
}

async function levelsOf(
  { warehouse }: Platforms,
  { city, target, from, until }: DriftBaseline,
): Promise<Map<string, Readonly<Record<string, number | string | null>>>> {
  const rows = await warehouse.rows<Record<string, number | string | null>>({
    name: 'station-levels',
    sql: LEVELS_SQL,
    tables: { features: { dataset: 'features', city, dsFrom: dsOf(from), dsTo: dsOf(until) } },
    params: { target, from, until: until + BATCH_SECONDS },
  })
  return new Map(rows.map((row) => [String(row['station_id']), row]))
}

interface Sums {
  rows: number
  readonly sums: number[]
  readonly known: number[]
}

async function windowMeans(
  platform: Platforms,
  { city, endpoint, at }: Window,
  features: readonly string[],
): Promise<Map<string, Sums>> {
  const stationOf = await sentStations(platform, city, endpoint, at)
  const places = features.map((name) => STATION_STATE_FEATURES.findIndex((feature) => feature === name))
  const width = FEATURE_NAMES.length
  const means = new Map<string, Sums>()
  const variants = await capturedVariants(platform.store, endpoint)
  for (let end = at - DAY_SECONDS + HOUR_SECONDS; end <= at; end += HOUR_SECONDS) {
    const { keys } = await captureFiles(platform.store, endpoint, variants, end)
    for await (const call of liveCalls(platform.store, keys, { lines: 0 })) {
      const rows = new Float32Array(call.lines.length * width)
      for (const [i, line] of call.lines.entries())
        rows.set(
          line.split(',', width).map((field) => numberOf(field)),
          i * width,
        )
      const texts = featureTexts(rows)
      for (let i = 0; i < call.lines.length; i++) {
        const station = stationOf.get(`${call.inferenceId} ${texts.hash(i)}`)
        if (station === undefined) continue
        const sums = means.get(station) ?? { rows: 0, sums: places.map(() => 0), known: places.map(() => 0) }
        sums.rows++
        for (const [p, place] of places.entries()) {
          const value = rows[i * width + place] ?? Number.NaN
          if (Number.isNaN(value)) continue
          sums.sums[p] = (sums.sums[p] ?? 0) + value
          sums.known[p] = (sums.known[p] ?? 0) + 1
        }
        means.set(station, sums)
      }
    }
  }
  return means
}

/** Stations by inference id and features hash. Two stations of a request with the same features are one and the same here. */
async function sentStations(
  { warehouse }: Platforms,
  city: string,
  endpoint: string,
  at: EpochSeconds,
): Promise<Map<string, string>> {
  const from = at - DAY_SECONDS
  const stations = new Map<string, string>()
  const rows = await warehouse.rows<{ inference_id: string; features_hash: string; station_id: string }>({
    name: 'sent-stations',
    sql: SENT_SQL,
    tables: { predictions: { dataset: 'predictions', city, dsFrom: dsOf(from), dsTo: dsOf(at - 1) } },
    params: { endpoint, from, until: at },
  })
  for (const row of rows) stations.set(`${row.inference_id} ${row.features_hash}`, row.station_id)
  return stations
}

async function stationNames({ store, warehouse }: Platforms, city: string): Promise<Map<string, string>> {
  const information = await wholeTable(store, 'station_information', city)
  if (information === undefined) return new Map()
  const rows = await warehouse.rows<{ station_id: string; name: string }>({
    name: 'station-names',
    sql: NAMES_SQL,
    tables: { information },
  })
  return new Map(rows.map((row) => [row.station_id, row.name]))
}
