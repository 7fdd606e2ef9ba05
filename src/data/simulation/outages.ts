import { DAY_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { FaultRates } from './knobs.ts'
import type { LocalClock } from './local-clock.ts'
import { Random } from './random.ts'

/** A time without snapshots, half open. */
export interface Outage {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
}

/** Share of gaps that begin in the evening rush, as the larger ones of the recordings do. */
const IN_RUSH = 0.4
const RUSH_MINUTES = [16 * 60, 19 * 60] as const

/** The gaps of the 24 hours from `day`; those of the evening rush are twice as long. */
export function drawOutages(seed: number, day: EpochSeconds, rates: FaultRates, local: LocalClock): Outage[] {
  const random = new Random(seed, 'outages', Math.floor(day / DAY_SECONDS))
  return Array.from({ length: random.poisson(rates.gaps) }, () => {
    const rush = random.chance(IN_RUSH)
    let from = day + random.below(DAY_SECONDS)
    if (rush)
      from += (RUSH_MINUTES[0] - local(from).minute + random.below(RUSH_MINUTES[1] - RUSH_MINUTES[0])) * 60
    const minutes = random.between(10, 40) * (rush ? 2 : 1)
    return { from, to: from + Math.round(minutes * 60) }
  })
}
