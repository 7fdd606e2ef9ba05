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

interface OutcomeRange {
  readonly target: Target
  /** Slots predicted from. */
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  readonly at: EpochSeconds
}

/** What is known at `at` of the predictions of the slots in `[from, to]`. */
export async function outcomesAt(source: CitySource, o: OutcomeRange): Promise<OutcomeOf> {
  const countsOf = await countsThen(source, o)
  return (slot, station) => {
    const count_then = countIn(countsOf(slot), station)
    return { count_then, happened: count_then === null ? null : count_then <= STOCKOUT_AT_MOST }
  }
}

/** The same as counts by number of station, when the predictions of a slot are due; undefined where nothing is known. */
export async function countsThen(
  source: CitySource,
  o: OutcomeRange,
): Promise<(slot: EpochSeconds) => Int16Array | undefined> {
  const states = await slotStates(source, o.from + HORIZON_SECONDS, Math.min(o.to + HORIZON_SECONDS, o.at))
  const byDue = new Map(states.map(({ slot, counts }) => [slot, counts]))
  return (slot) => byDue.get(slot + HORIZON_SECONDS)?.[o.target]
}
