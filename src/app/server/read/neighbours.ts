import type { StationView } from '../../../core/contracts/api/station.ts'
import type { Target } from '../../../core/contracts/features.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { haversineKm, neighbourSet } from '../../../data/features/neighbour-set.ts'
import type { CitySource } from '../city-source.ts'
import { saidOf, type Batch } from './batch.ts'
import { cacheOf, kept } from './read-cache.ts'
import type { Snapshot } from './snapshot.ts'
import type { StationList } from './station-list.ts'

/** A station's neighbours, as the features choose them, with their state and what was said of them. */
export async function neighboursOf(
  source: CitySource,
  list: StationList,
  place: number,
  now: {
    readonly at: EpochSeconds
    readonly snapshot: Snapshot | undefined
    readonly batches: Readonly<Record<Target, Batch | undefined>>
  },
): Promise<StationView['neighbours']> {
  const { columns, places } = list
  const { stations } = cacheOf(source)
  const sets = await neighbourSets(source, list)
  const here = { lat: columns.lat[place] ?? 0, lon: columns.lon[place] ?? 0 }
  return (sets.get(columns.station_id[place] ?? '') ?? []).flatMap((station_id) => {
    const other = places.get(station_id)
    if (other === undefined) return []
    const status = now.snapshot?.stations.get(station_id)
    const score = (target: Target): number | null => {
      const batch = now.batches[target]
      return (batch && saidOf(batch, stations.find(station_id), now.at)?.score) ?? null
    }
    const there = { lat: columns.lat[other] ?? 0, lon: columns.lon[other] ?? 0 }
    return [
      {
        station_id,
        name: columns.name[other] ?? '',
        distance_m: Math.round(1000 * haversineKm(here, there)),
        bikes: status?.num_bikes_available ?? null,
        docks: status?.num_docks_available ?? null,
        capacity: columns.capacity[other] ?? null,
        score_bikes: score('bikes'),
        score_docks: score('docks'),
      },
    ]
  })
}

function neighbourSets(
  source: CitySource,
  { columns }: StationList,
): Promise<ReadonlyMap<string, readonly string[]>> {
  return kept(cacheOf(source).answers, 'neighbours', columns.version, () => {
    const sets = new Map<string, string[]>()
    const stations = columns.station_id.map((station_id, i) => ({
      station_id,
      lat: columns.lat[i] ?? 0,
      lon: columns.lon[i] ?? 0,
      has_docks: columns.capacity[i] !== 0,
    }))
    for (const { station_id, neighbour_id } of neighbourSet(stations)) {
      const set = sets.get(station_id)
      if (set) set.push(neighbour_id)
      else sets.set(station_id, [neighbour_id])
    }
    return Promise.resolve(sets)
  })
}
