import { canonicalJson, sha256 } from '../../core/hash.ts'
import { dayKey, partitionPrefix } from '../../core/keys.ts'
import { dsOf, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { datasetDays } from '../lake/days.ts'
import type { InformationVersion } from '../lake/information-versions.ts'
import { atOnce, FILES_AT_ONCE } from './at-once.ts'
import { tableColumns } from './columns.ts'
import { readMarker, writeMarker } from './marker.ts'
import { neighbourSet, type StationPosition } from './neighbour-set.ts'

/** Raised when the same positions are to give other weights. */
const FORMAT = 1

/** Every known station and where it is, from `valid_from` until the next set. */
export interface PositionSet {
  readonly valid_from: EpochSeconds
  readonly stations: readonly StationPosition[]
}

/**
 * A set for every time at which a station appears, moves, or gets or loses its docks, in order. A station stays once it has
 * appeared.
 */
export function positionSets(versions: Iterable<InformationVersion>): PositionSet[] {
  const stations = new Map<string, StationPosition>()
  const sets: PositionSet[] = []
  const ordered = [...versions].sort((a, b) => a.valid_from - b.valid_from)
  for (const { valid_from, station_id, lat, lon, capacity } of ordered) {
    const before = stations.get(station_id)
    const has_docks = capacity !== 0
    if (before && before.lat === lat && before.lon === lon && before.has_docks === has_docks) continue
    stations.set(station_id, { station_id, lat, lon, has_docks })
    if (sets.at(-1)?.valid_from === valid_from) sets.pop()
    sets.push({ valid_from, stations: [...stations.values()] })
  }
  return sets
}

/**
 * Writes the neighbour sets in force on the days `dsFrom`..`dsTo`, each to the day of its `valid_from`: from the day of the
 * set in force as `dsFrom` begins. A day whose positions are the same as when it was written is left alone.
 */
export async function ensureNeighbours(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  versions: Iterable<InformationVersion>,
  dsFrom: string,
  dsTo: string,
): Promise<void> {
  const byDay = new Map<string, PositionSet[]>()
  for (const set of positionSets(versions)) {
    const ds = dsOf(set.valid_from)
    const day = byDay.get(ds)
    if (day) day.push(set)
    else byDay.set(ds, [set])
  }
  const first = [...byDay.keys()].findLast((ds) => ds < dsFrom) ?? dsFrom
  const needed = [...byDay].filter(([ds]) => ds >= first && ds <= dsTo)
  await atOnce(needed, FILES_AT_ONCE, ([ds, sets]) => ensureDay(platform, city, ds, sets))
  // Late information may show that positions changed on another day than was thought.
  for (const ds of await datasetDays(platform.store, 'neighbours', city))
    if (ds >= first && ds <= dsTo && !byDay.has(ds)) await dropDay(platform, city, ds)
}

async function ensureDay(
  { store, warehouse }: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  ds: string,
  sets: readonly PositionSet[],
): Promise<void> {
  const inputs_sha256 = sha256(canonicalJson({ format: FORMAT, sets: sets.map(canonicalSet) }))
  if ((await readMarker(store, 'neighbours', city, ds))?.inputs_sha256 === inputs_sha256) return
  const rows = sets.flatMap(({ valid_from, stations }) =>
    neighbourSet(stations).map((weight) => ({ valid_from, ...weight })),
  )
  const { sha256: hash } = await warehouse.writeRows(
    dayKey('neighbours', city, ds),
    tableColumns('neighbours', rows),
  )
  await writeMarker(store, 'neighbours', city, ds, { inputs_sha256, rows: rows.length, sha256: hash })
}

const canonicalSet = ({ valid_from, stations }: PositionSet): unknown => [
  valid_from,
  stations
    .map(({ station_id, lat, lon, has_docks }) => [station_id, lat, lon, has_docks])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
]

async function dropDay({ store }: Pick<Platform, 'store'>, city: string, ds: string): Promise<void> {
  await store.delete(dayKey('neighbours', city, ds))
  for await (const { key } of store.list(partitionPrefix('neighbours', city, ds))) await store.delete(key)
}
