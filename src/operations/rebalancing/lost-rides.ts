/** Riders who come to a station in one minute, on average, by minute from a start: those who rent and those who return. */
export interface MinuteDemand {
  readonly rentals: Float64Array
  readonly returns: Float64Array
}

/**
 * A station's lost rides, by the bikes in it. `values[b]` has for 0..`docks` bikes at the start of bucket `b` the expected
 * rides lost from then to the horizon's end; `chances[b]` the distribution of the bikes then, from what is there at the start.
 */
export interface StationOutlook {
  /** Bikes and free docks together. */
  readonly docks: number
  readonly values: readonly Float64Array[]
  readonly chances: readonly Float64Array[]
}

/** A step is short enough that hardly two riders come in it. */
const RIDERS_A_STEP = 0.5

/**
 * Expected lost rides from minute `from` to minute `to`, by the bikes at `from`, added to `after` (by the bikes at `to`): a
 * station is a double-ended queue whose riders leave at once when they find no bike, or no dock. The user dissatisfaction
 * function of T. Raviv and O. Kolka, Optimal inventory management of a bike-sharing station, IIE Transactions 45 (2013), with
 * one for each lost ride, by backward steps instead of transient probabilities. Convex in the bikes, with slopes in -1..1.
 */
export function lostRides(demand: MinuteDemand, from: number, to: number, after: Float64Array): Float64Array {
  let value = Float64Array.from(after)
  let next = new Float64Array(value.length)
  const last = value.length - 1
  for (let minute = to - 1; minute >= from; minute--) {
    const { steps, rent, bring } = stepsOf(demand, minute)
    const stay = 1 - rent - bring
    for (let step = 0; step < steps; step++) {
      for (let bikes = 0; bikes <= last; bikes++) {
        const here = value[bikes] ?? 0
        const rented = bikes > 0 ? (value[bikes - 1] ?? 0) : here + 1
        const brought = bikes < last ? (value[bikes + 1] ?? 0) : here + 1
        next[bikes] = stay * here + rent * rented + bring * brought
      }
      ;[value, next] = [next, value]
    }
  }
  return value
}

/** The distribution of the bikes at minute `to`, from that at minute `from`. */
export function spread(demand: MinuteDemand, from: number, to: number, chances: Float64Array): Float64Array {
  let now = Float64Array.from(chances)
  let next = new Float64Array(now.length)
  const last = now.length - 1
  for (let minute = from; minute < to; minute++) {
    const { steps, rent, bring } = stepsOf(demand, minute)
    for (let step = 0; step < steps; step++) {
      next.fill(0)
      for (let bikes = 0; bikes <= last; bikes++) {
        const chance = now[bikes] ?? 0
        if (chance < 1e-15) continue
        add(next, bikes, chance * (1 - rent - bring))
        add(next, Math.max(0, bikes - 1), chance * rent)
        add(next, Math.min(last, bikes + 1), chance * bring)
      }
      ;[now, next] = [next, now]
    }
  }
  return now
}

/** The outlook of a station with `bikes` of `docks`, for a horizon of `minutes` in buckets of `bucket`; the last may be shorter. */
export function stationOutlook(
  demand: MinuteDemand,
  o: { readonly bikes: number; readonly docks: number; readonly minutes: number; readonly bucket: number },
): StationOutlook {
  const starts: number[] = []
  for (let minute = 0; minute < o.minutes; minute += o.bucket) starts.push(minute)
  let value: Float64Array = new Float64Array(o.docks + 1)
  const values = starts
    .toReversed()
    .map((start) => (value = lostRides(demand, start, Math.min(start + o.bucket, o.minutes), value)))
    .toReversed()
  let chance: Float64Array = new Float64Array(o.docks + 1)
  chance[o.bikes] = 1
  const chances = starts.map((start, k) => {
    if (k > 0) chance = spread(demand, start - o.bucket, start, chance)
    return chance
  })
  return { docks: o.docks, values, chances }
}

/**
 * Expected lost rides avoided by bringing `bikes` (taking them, below 0) in bucket `b`. What the station then cannot take, or
 * does not have, stays where it is.
 */
export function avoidedBy(outlook: StationOutlook, b: number, bikes: number): number {
  const value = outlook.values[b]
  const chance = outlook.chances[b]
  if (value === undefined || chance === undefined) return 0
  let avoided = 0
  for (let there = 0; there <= outlook.docks; there++) {
    const p = chance[there] ?? 0
    if (p === 0) continue
    const then = Math.max(0, Math.min(outlook.docks, there + bikes))
    avoided += p * ((value[there] ?? 0) - (value[then] ?? 0))
  }
  return avoided
}

function stepsOf(
  demand: MinuteDemand,
  minute: number,
): { readonly steps: number; readonly rent: number; readonly bring: number } {
  const rentals = demand.rentals[minute] ?? 0
  const returns = demand.returns[minute] ?? 0
  const steps = Math.max(1, Math.ceil((rentals + returns) / RIDERS_A_STEP))
  return { steps, rent: rentals / steps, bring: returns / steps }
}

function add(values: Float64Array, index: number, by: number): void {
  values[index] = (values[index] ?? 0) + by
}
