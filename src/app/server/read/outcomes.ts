import { STOCKOUT_AT_MOST, type Target } from '../../../core/contracts/features.ts'
import { HORIZON_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { countIn, slotStates } from './slot-states.ts'

/** What came of a prediction; nulls where it is not known, or not yet. */
export interface Outcome {
  readonly count_then: number | null
  readonly happened: boolean | null
}

/** Tells what came of a prediction of a slot about a station (by its number). */
export type OutcomeOf = (slot: EpochSeconds, station: number | undefined) => Outcome

/** What is known at `at` of the predictions of the slots in `[from, to]`. */
export async function outcomesAt(
  source: CitySource,
  o: {
    readonly target: Target
    readonly from: EpochSeconds
    readonly to: EpochSeconds
    readonly at: EpochSeconds
  },
): Promise<OutcomeOf> {
  const states = await slotStates(source, o.from + HORIZON_SECONDS, Math.min(o.to + HORIZON_SECONDS, o.at))
  const byDue = new Map(states.map(({ slot, counts }) => [slot, counts]))
  return (slot, station) => {
    const count_then = countIn(byDue.get(slot + HORIZON_SECONDS)?.[o.target], station)
    return { count_then, happened: count_then === null ? null : count_then <= STOCKOUT_AT_MOST }
  }
}
