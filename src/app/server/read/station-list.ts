import type { Stations } from '../../../core/contracts/api/city.ts'
import { canonicalJson, sha256 } from '../../../core/hash.ts'
import { DATASETS } from '../../../core/keys.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { readVersions, versionAt, type InformationVersion } from '../../../data/lake/information-versions.ts'
import type { CitySource } from '../city-source.ts'
import { lastUpTo, listed, tokenOf } from './listing.ts'
import { cacheOf, kept } from './read-cache.ts'

/** Longest name that is passed on, in characters. */
const MOST_NAME = 200

/** The stations of a city as they were at a moment, by column, and where each stands in the columns. */
export interface StationList {
  readonly columns: Stations
  readonly places: ReadonlyMap<string, number>
}

interface Versions {
  readonly token: string
  readonly byStation: ReadonlyMap<string, readonly InformationVersion[]>
  /** Times at which anything changes, ascending. */
  readonly changes: readonly EpochSeconds[]
}

/** The stations that were known at `at`, as they were then. A station stays once it has appeared. */
export async function stationList(source: CitySource, at: EpochSeconds): Promise<StationList> {
  const versions = await allVersions(source)
  const since = lastUpTo(versions.changes, at)
  return kept(cacheOf(source).answers, `stations/${since ?? 'none'}`, versions.token, () =>
    Promise.resolve(listAt(versions, since)),
  )
}

async function allVersions(source: CitySource): Promise<Versions> {
  const { platform, info } = source
  const token = tokenOf(await listed(platform.store, `${DATASETS.station_information}/city=${info.city}/`))
  return kept(cacheOf(source).lists, 'information', token, async () => {
    const byStation = await readVersions(platform, info.city)
    const times = [...byStation.values()].flat().map(({ valid_from }) => valid_from)
    return { token, byStation, changes: [...new Set(times)].sort((a, b) => a - b) }
  })
}

function listAt({ byStation }: Versions, at: EpochSeconds | undefined): StationList {
  const known = [...byStation.values()]
    .flatMap((versions) => (at === undefined ? [] : (versionAt(versions, at) ?? [])))
    .sort((a, b) => (a.station_id < b.station_id ? -1 : 1))
  const columns = {
    station_id: known.map(({ station_id }) => station_id),
    name: known.map(({ name }) => bounded(name)),
    lat: known.map(({ lat }) => lat),
    lon: known.map(({ lon }) => lon),
    capacity: known.map(({ capacity }) => capacity),
  }
  return {
    columns: { version: sha256(canonicalJson(columns)).slice(0, 16), ...columns },
    places: new Map(columns.station_id.map((id, place) => [id, place])),
  }
}

/** A feed's text as it is, but for its length; no character is cut in two. */
export function bounded(text: string): string {
  const cut = text.slice(0, MOST_NAME)
  return cut.length < text.length && /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut
}
