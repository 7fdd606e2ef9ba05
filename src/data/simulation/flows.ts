import { exp } from './arithmetic.ts'
import type { CityKnobs } from './knobs.ts'
import { kilometres, type StationPlan } from './layout.ts'
import type { Purpose } from './profiles.ts'
import { Random } from './random.ts'

/** The nearest stations of each station, and how far they are. Row-major, `reach` a station, nearest first. */
export interface Nearby {
  readonly reach: number
  readonly station: Int32Array
  readonly km: Float32Array
}

/** Where trips of one purpose begin and end. */
export interface Flow {
  /** Share of the purpose's trips that begin at each station; sums to one. */
  readonly origins: Float64Array
  /** Row-major like `Nearby`: cumulative probability of each nearby station as the end of a trip. */
  readonly ends: Float32Array
}

/** A trip longer than this many nearest stations is not made: 160 cover what nearly all real trips do. */
const REACH = 160
const BALANCE_ROUNDS = 12

/** The up to 160 nearest stations of every station, itself left out; equal distances keep the order of ids. */
export function findNearby(stations: readonly StationPlan[]): Nearby {
  const reach = Math.min(stations.length - 1, REACH)
  const station = new Int32Array(stations.length * reach)
  const km = new Float32Array(stations.length * reach)
  const others = new Int32Array(stations.length - 1)
  const distance = new Float32Array(stations.length)
  stations.forEach((from, i) => {
    let n = 0
    stations.forEach((to, j) => {
      distance[j] = kilometres(from, to)
      if (j !== i) others[n++] = j
    })
    const near = others.slice().sort((a, b) => at(distance, a) - at(distance, b) || a - b)
    for (let r = 0; r < reach; r++) {
      const j = at(near, r)
      station[i * reach + r] = j
      km[i * reach + r] = at(distance, j)
    }
  })
  return { reach, station, km }
}

/**
 * Flows of every purpose. Ends follow a gravity rule: likelier the more a station attracts, rarer with distance (and
 * below a few hundred metres, which are walked) and with metres to climb. The attraction is then balanced, by iterative
 * proportional fitting, so that the trips that end at a station over a working day come near those that begin there. What
 * is left out of balance on purpose (`imbalance`, hills) is what trucks have to put right.
 */
export function layOutFlows(
  seed: number,
  stations: readonly StationPlan[],
  nearby: Nearby,
  knobs: CityKnobs,
): Readonly<Record<Purpose, Flow>> {
  const random = new Random(seed, 'layout', 1)
  const homes = normalised(stations.map((s) => s.popularity * (s.home + 2 * s.hub + 0.1)))
  const works = normalised(stations.map((s) => s.popularity * (s.work + 0.5 * s.hub + 0.04)))
  const places = normalised(
    stations.map((s) => s.popularity * (1.6 * s.park + 0.35 * s.work + 0.3 * s.hub + 0.1)),
  )
  const all = normalised(stations.map((s) => s.popularity))
  const lasting = stations.map(() => exp(knobs.imbalance * random.normal()))
  const valley = stations.map((s) => exp((-knobs.hillCost * s.elevation) / 50))
  const tilt = (targets: Float64Array): Float64Array =>
    normalised(targets.map((x, i) => x * (valley[i] ?? 1)))
  const errandEnds = normalised(all.map((x, i) => x * (valley[i] ?? 1) * (lasting[i] ?? 1)))

  const pull = gravity(stations, nearby, knobs)
  const flow = (origins: Float64Array, targets: Float64Array): Flow => ({
    origins,
    ends: balancedEnds(nearby, pull, origins, targets),
  })
  return {
    toWork: flow(homes, works),
    toHome: flow(works, tilt(homes)),
    out: flow(homes, places),
    back: flow(places, tilt(homes)),
    errand: flow(all, errandEnds),
  }
}

/** The end of a trip from `origin` for a uniform draw `u`. */
export function endOf(flow: Flow, nearby: Nearby, origin: number, u: number): number {
  const base = origin * nearby.reach
  let low = 0
  let high = nearby.reach - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (at(flow.ends, base + middle) > u) high = middle
    else low = middle + 1
  }
  return at(nearby.station, base + low)
}

function gravity(stations: readonly StationPlan[], nearby: Nearby, knobs: CityKnobs): Float32Array {
  const pull = new Float32Array(nearby.station.length)
  stations.forEach((from, i) => {
    for (let r = 0; r < nearby.reach; r++) {
      const cell = i * nearby.reach + r
      const to = stations[at(nearby.station, cell)]
      const km = at(nearby.km, cell)
      const climb = Math.max(0, (to?.elevation ?? 0) - from.elevation)
      pull[cell] = exp(-km / 1.5) * (km / (km + 0.5)) * exp((-knobs.hillCost * climb) / 50)
    }
  })
  return pull
}

function balancedEnds(
  nearby: Nearby,
  pull: Float32Array,
  origins: Float64Array,
  targets: Float64Array,
): Float32Array {
  const { reach, station } = nearby
  const count = origins.length
  const attraction = Float64Array.from(targets)
  const arriving = new Float64Array(count)
  for (let round = 0; round < BALANCE_ROUNDS; round++) {
    arriving.fill(0)
    for (let i = 0; i < count; i++) {
      let total = 0
      for (let cell = i * reach; cell < (i + 1) * reach; cell++) {
        total += at(pull, cell) * at(attraction, at(station, cell))
      }
      const scale = at(origins, i) / total
      for (let cell = i * reach; cell < (i + 1) * reach; cell++) {
        const j = at(station, cell)
        arriving[j] = at(arriving, j) + scale * at(pull, cell) * at(attraction, j)
      }
    }
    for (let j = 0; j < count; j++) {
      if (at(arriving, j) > 0) attraction[j] = (at(attraction, j) * at(targets, j)) / at(arriving, j)
    }
  }
  const ends = new Float32Array(station.length)
  for (let i = 0; i < count; i++) {
    let total = 0
    for (let cell = i * reach; cell < (i + 1) * reach; cell++) {
      total += at(pull, cell) * at(attraction, at(station, cell))
      ends[cell] = total
    }
    for (let cell = i * reach; cell < (i + 1) * reach; cell++) ends[cell] = at(ends, cell) / total
  }
  return ends
}

function normalised(weights: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(weights)
  const total = values.reduce((sum, x) => sum + x, 0)
  return values.map((x) => x / total)
}

const at = (values: { readonly [index: number]: number }, index: number): number => values[index] ?? 0
