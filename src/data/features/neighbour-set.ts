/** A place on the earth, in degrees. */
export interface Position {
  readonly lat: number
  readonly lon: number
}

/** A station and where it is. */
export interface StationPosition extends Position {
  readonly station_id: string
  /** False where its information gives it no docks at all (capacity 0): a retired or planned station, or a placeholder. */
  readonly has_docks: boolean
}

/** One neighbour of a station. */
export interface NeighbourWeight {
  readonly station_id: string
  readonly neighbour_id: string
  /** Its share among the station's neighbours in parts per billion: positive, and about 10^9 together. */
  readonly weight_ppb: number
}

const EARTH_KM = 6371.0088
const NEAR_KM = 0.8
const AT_MOST = 5
/** Keeps a twin at the same place from an infinite weight: it outweighs all others together instead. */
const SOFTENING_KM = 1e-6
const PARTS = 1e9

/** Distance along the earth's surface in km, by the haversine formula on a sphere of the mean radius. */
export function haversineKm(a: Position, b: Position): number {
  const rad = Math.PI / 180
  const sinLat = Math.sin(((b.lat - a.lat) * rad) / 2)
  const sinLon = Math.sin(((b.lon - a.lon) * rad) / 2)
  const h = sinLat * sinLat + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * sinLon * sinLon
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

/**
 * Neighbours of every station, ordered by station and distance: the up to 5 nearest within 0.8 km, or the 5 nearest where
 * there is none so near; of equally near ones the lower id comes first. Stations without docks are nobody's neighbours, for
 * feeds keep listing what is gone (unless all are without: then capacity says nothing). A weight is 1 / (d + 1e-6) with d
 * in km, divided by the sum over the station's neighbours, in parts per billion rounded to the nearest (at least 1).
 * Billionths, since next to a twin at the same place the others hold a few millionths and must still have a share each when
 * the twin has no state. The order of `stations` does not matter.
 */
export function neighbourSet(stations: readonly StationPosition[]): NeighbourWeight[] {
  const ordered = [...stations].sort((a, b) => (a.station_id < b.station_id ? -1 : 1))
  const withDocks = ordered.filter(({ has_docks }) => has_docks)
  const candidates = withDocks.length > 0 ? withDocks : ordered
  const grid = new Grid(candidates)
  return ordered.flatMap((station) => {
    const within = nearest(station, grid.around(station)).filter(({ km }) => km <= NEAR_KM)
    const chosen = (within.length > 0 ? within : nearest(station, candidates)).slice(0, AT_MOST)
    const weights = chosen.map(({ km }) => 1 / (km + SOFTENING_KM))
    const sum = weights.reduce((a, b) => a + b, 0)
    return chosen.map(({ neighbour }, i) => ({
      station_id: station.station_id,
      neighbour_id: neighbour.station_id,
      weight_ppb: Math.max(1, Math.round((PARTS * (weights[i] ?? 0)) / sum)),
    }))
  })
}

interface Candidate {
  readonly neighbour: StationPosition
  readonly km: number
}

function nearest(station: StationPosition, among: readonly StationPosition[]): Candidate[] {
  const candidates: Candidate[] = []
  for (const neighbour of among)
    if (neighbour !== station) candidates.push({ neighbour, km: haversineKm(station, neighbour) })
  return candidates.sort((a, b) => a.km - b.km || (a.neighbour.station_id < b.neighbour.station_id ? -1 : 1))
}

/** Stations by cubes of space somewhat wider than `NEAR_KM`: any two that near lie in cubes that touch. */
class Grid {
  readonly #cubes = new Map<string, StationPosition[]>()

  constructor(stations: readonly StationPosition[]) {
    for (const station of stations) {
      const key = cubeOf(station).join()
      const cube = this.#cubes.get(key)
      if (cube) cube.push(station)
      else this.#cubes.set(key, [station])
    }
  }

  /** Every station within `NEAR_KM`, and some farther ones. */
  around(position: Position): StationPosition[] {
    const [x, y, z] = cubeOf(position)
    const found: StationPosition[] = []
    for (let i = x - 1; i <= x + 1; i++)
      for (let j = y - 1; j <= y + 1; j++)
        for (let k = z - 1; k <= z + 1; k++) found.push(...(this.#cubes.get(`${i},${j},${k}`) ?? []))
    return found
  }
}

function cubeOf({ lat, lon }: Position): [number, number, number] {
  const rad = Math.PI / 180
  const side = NEAR_KM * 1.01
  const ring = EARTH_KM * Math.cos(lat * rad)
  return [
    Math.floor((ring * Math.cos(lon * rad)) / side),
    Math.floor((ring * Math.sin(lon * rad)) / side),
    Math.floor((EARTH_KM * Math.sin(lat * rad)) / side),
  ]
}
