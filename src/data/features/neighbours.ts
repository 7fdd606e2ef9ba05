import { canonicalJson, sha256 } from '../../core/hash.ts'
import { dayKey, partitionPrefix } from '../../core/keys.ts'
import { dsOf, dsRange, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { datasetDays } from '../lake/days.ts'
import type { InformationVersion } from '../lake/information-versions.ts'
import { tableColumns } from './columns.ts'
import { readMarker, writeMarker } from './marker.ts'
import { neighbourSet, type StationPosition } from './neighbour-set.ts'

/** Raised when the same positions are to give other weights. */
const FORMAT = 1

/** Every known station and where it was from `valid_from` on. */
export interface PositionSet {
  readonly valid_from: EpochSeconds
  readonly stations: readonly StationPosition[]
}

/**
 * The sets of stations and positions in force at some time in `[from, to]`, in order: the one in force at `from`, then
 * one for every later time at which a station appears, moves, or gets or loses its docks. A station stays once it has
 * appeared.
 */
export function positionSets(
  versions: Iterable<InformationVersion>,
  from: EpochSeconds,
  to: EpochSeconds,
): PositionSet[] {
  const ordered = [...versions]
    .filter((version) => version.valid_from <= to)
    .sort((a, b) => a.valid_from - b.valid_from)
  const stations = new Map<string, StationPosition>()
  const sets: PositionSet[] = []
  let changedAt: EpochSeconds | undefined
  const close = (until: EpochSeconds): void => {
    if (changedAt !== undefined && until > from)
      sets.push({ valid_from: changedAt, stations: [...stations.values()] })
    changedAt = undefined
  }
  for (const { valid_from, station_id, lat, lon, capacity } of ordered) {
    const before = stations.get(station_id)
    const has_docks = capacity !== 0
    if (before && before.lat === lat && before.lon === lon && before.has_docks === has_docks) continue
    if (changedAt !== undefined && valid_from > changedAt) close(valid_from)
    changedAt = valid_from
    stations.set(station_id, { station_id, lat, lon, has_docks })
  }
  close(Number.POSITIVE_INFINITY)
  return sets
}

/**
 * Writes the neighbour sets in force at some time in `[from, to]`, each to the day of its `valid_from`. A day whose
 * positions are the same as when it was written is left alone.
 */
export async function ensureNeighbours(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  versions: Iterable<InformationVersion>,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<void> {
  const byDay = new Map<string, PositionSet[]>()
  for (const set of positionSets(versions, from, to)) {
    const ds = dsOf(set.valid_from)
    const day = byDay.get(ds)
    if (day) day.push(set)
    else byDay.set(ds, [set])
  }
  for (const [ds, sets] of byDay) await ensureDay(platform, city, ds, sets)
  await dropOutdated(platform, city, byDay, from, to)
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

/** Late information may show that positions changed on another day than was thought. */
async function dropOutdated(
  { store }: Pick<Platform, 'store'>,
  city: string,
  byDay: ReadonlyMap<string, unknown>,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<void> {
  const within = new Set(dsRange(from, to))
  for (const ds of await datasetDays(store, 'neighbours', city)) {
    if (!within.has(ds) || byDay.has(ds)) continue
    await store.delete(dayKey('neighbours', city, ds))
    for await (const { key } of store.list(partitionPrefix('neighbours', city, ds))) await store.delete(key)
  }
}
