import { STATION_STATE_FEATURES, type FeatureName } from '../../../core/contracts/features.ts'
import { SLOT_SECONDS, STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../../core/time.ts'

/** How a feature looks back: at the slot `at` slots ago, or at the last `over` of which `known` must be there. */
type Reach = { readonly at: number } | { readonly over: number; readonly known: number }

/** As features.sql has it. */
const REACH: Readonly<Partial<Record<FeatureName, Reach>>> = {
  delta_bikes_5m: { at: 1 },
  delta_docks_5m: { at: 1 },
  roll15_net_bikes: { at: 3 },
  roll30_net_bikes: { at: 6 },
  roll60_net_bikes: { at: 12 },
  roll15_bikes_mean: { over: 3, known: 2 },
  roll30_bikes_mean: { over: 6, known: 3 },
  roll60_bikes_mean: { over: 12, known: 6 },
}

/**
 * Tells which station-state features of a slot must be missing because the feed had a gap, from the times of the lake's
 * snapshots in order: what a recorded gap explains is no drift. One flag per feature, in the order of the contract.
 */
export function gapReach(times: readonly EpochSeconds[]): (slot: EpochSeconds) => readonly boolean[] {
  const known = (slot: EpochSeconds): boolean => {
    const newest = times[lastAtMost(times, slot)]
    return newest !== undefined && slot - newest <= STATE_MAX_AGE_SECONDS
  }
  let asked = Number.NaN
  let answer: readonly boolean[] = []
  return (slot) => {
    if (slot === asked) return answer
    asked = slot
    const back = Array.from({ length: 13 }, (_, i) => known(slot - i * SLOT_SECONDS))
    answer = STATION_STATE_FEATURES.map((name) => {
      const reach = REACH[name]
      if (reach === undefined) return false
      if ('at' in reach) return back[reach.at] !== true
      return back.slice(0, reach.over).filter(Boolean).length < reach.known
    })
    return answer
  }
}

/** Index of the last of `times` that is not after `t`; -1 for none. */
function lastAtMost(times: readonly EpochSeconds[], t: EpochSeconds): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? Infinity) <= t) low = middle + 1
    else high = middle
  }
  return low - 1
}
