import type { State, StationCondition } from '../../../../src/core/contracts/api/city.ts'
import { STOCKOUT_AT_MOST, type Target } from '../../../../src/core/contracts/features.ts'
import type { StationFilter, ViewState } from '../../state/parts.ts'

/**
 * How a station stands to a target: `ok`; `risk` still has some, and is said to run out within 30 minutes; `out` has two or
 * fewer (or is said to have them then); `closed` does not serve the target; `unknown` has no state, or no prediction. The
 * more a class matters, the later it stands.
 */
export const RISK_CLASSES = ['unknown', 'closed', 'ok', 'out', 'risk'] as const
export type RiskClass = (typeof RISK_CLASSES)[number]

/** What is known of a station about one target. */
export interface StationNow {
  readonly condition: StationCondition
  /** Bikes or docks at the moment. */
  readonly count: number | null
  readonly capacity: number | null
  readonly score: number | null
  readonly threshold: number | null
  readonly stockout: boolean | null
  readonly onset: boolean | null
}

/** Reads one station out of the columns. */
export function stationNow(state: State, index: number, target: Target, capacity: number | null): StationNow {
  const predicted = state.predicted[target]
  return {
    condition: state.condition[index] ?? 'unknown',
    count: state[target][index] ?? null,
    capacity,
    score: predicted?.score[index] ?? null,
    threshold: predicted?.threshold ?? null,
    stockout: predicted?.stockout[index] ?? null,
    onset: predicted?.onset[index] ?? null,
  }
}

export function servesTarget(condition: StationCondition, target: Target): boolean {
  return condition === 'ok' || condition === (target === 'bikes' ? 'no_return' : 'no_rent')
}

export function riskClass(station: StationNow, target: Target, when: ViewState['when']): RiskClass {
  const { condition, count, stockout, onset } = station
  if (condition === 'unknown') return 'unknown'
  if (!servesTarget(condition, target)) return 'closed'
  if (when === 'later') {
    if (stockout === null) return 'unknown'
    return stockout ? (onset === false ? 'out' : 'risk') : 'ok'
  }
  if (count === null) return 'unknown'
  if (count <= STOCKOUT_AT_MOST) return 'out'
  return stockout === true && onset !== false ? 'risk' : 'ok'
}

/** How full a dot is drawn, 0..3: what there is as a part of the capacity, or how far the score is from its threshold. */
export function fillLevel(station: StationNow, when: ViewState['when']): number {
  const { count, capacity, score, threshold } = station
  if (when === 'now') {
    if (count === null || capacity === null || capacity === 0) return 0
    return Math.min(3, Math.floor((4 * count) / capacity))
  }
  if (score === null || threshold === null || threshold === 0) return 0
  return 3 - Math.min(3, Math.floor((4 * score) / threshold))
}

/** Which stations a filter lets through. `empty` and `full` are of the moment, whatever the view is about. */
export function passesFilter(
  filter: StationFilter,
  risk: RiskClass,
  bikes: number | null,
  docks: number | null,
  condition: StationCondition,
): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'risk':
      return risk === 'risk'
    case 'empty':
      return bikes !== null && bikes <= STOCKOUT_AT_MOST && condition !== 'closed'
    case 'full':
      return docks !== null && docks <= STOCKOUT_AT_MOST && condition !== 'closed'
    case 'closed':
      return condition !== 'ok' && condition !== 'unknown'
  }
}
