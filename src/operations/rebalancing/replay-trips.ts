import type { EpochSeconds } from '../../core/time.ts'

/** A station's counts at a snapshot. */
export interface Seen {
  readonly at: EpochSeconds
  readonly bikes: number
  readonly docks: number
}

/** Riders a minute who would rent or return at a station, at a time. */
export type RatesAt = (at: EpochSeconds) => { readonly rentals: number; readonly returns: number }

/** Bikes brought to a station (below 0: taken) at a time. */
export interface Brought {
  readonly at: EpochSeconds
  readonly bikes: number
}

/** A change too great for riders: over 6 bikes and one for every five minutes, and over 40 % of the station. */
const isTruckChange = (net: number, seconds: number, size: number): boolean =>
  Math.abs(net) * 300 > Math.max(1800 + seconds, size * 120)

/**
 * Lost rides that a stop would have avoided at a station, by its recorded past. Changes between snapshots are replayed from the
 * count at the first one, with the stop. Where the station really was empty (full), riders who were not seen came at the
 * usual rate: with bikes (docks) left over they are served, and use them up. Where a recorded change finds no bike
 * (dock) in the replay, those rides are lost instead; what only a truck can have changed is not counted.
 */
export function avoidedInReplay(past: readonly Seen[], stop: Brought, ratesAt: RatesAt): number {
  let [here, avoided, done] = [past[0]?.bikes ?? 0, 0, false]
  for (const [n, now] of past.entries()) {
    const next = past[n + 1]
    if (next === undefined) break
    const size = now.bikes + now.docks
    if (!done && stop.at < next.at) {
      here = Math.max(0, Math.min(size, here + stop.bikes))
      done = true
    }
    const minutes = (next.at - now.at) / 60
    const rates = ratesAt(now.at)
    const served = now.bikes === 0 ? Math.min(here, rates.rentals * minutes) : 0
    const parked = now.docks === 0 ? Math.min(size - here, rates.returns * minutes) : 0
    const wanted = here - served + parked + next.bikes - now.bikes
    const after = Math.max(0, Math.min(next.bikes + next.docks, wanted))
    const trucks = isTruckChange(next.bikes - now.bikes, next.at - now.at, size)
    avoided += served + parked - (trucks ? 0 : Math.abs(wanted - after))
    here = after
  }
  return avoided
}
