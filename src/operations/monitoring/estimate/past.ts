import { HORIZON_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { MOST_WINDOWS, type Realised } from './conformal.ts'
import type { Estimate } from './estimate-file.ts'
import { ESTIMATED, type EstimatedFigure } from './expect.ts'

/** The newest past windows of a figure whose outcomes were known at `at`: what was expected, and what came. */
export function pastOf(estimates: readonly Estimate[], name: EstimatedFigure, at: EpochSeconds): Realised[] {
  return estimates
    .filter((made) => made.at <= at - HORIZON_SECONDS)
    .flatMap((made) => {
      const expected = made[name]
      const value = made.realised?.[name] ?? null
      return expected === null || value === null ? [] : [{ expected, value }]
    })
    .slice(-MOST_WINDOWS)
}

/** How often the interval of a figure held what came. */
export interface Coverage {
  /** Windows that had an interval, and whose outcomes are known. */
  readonly windows: number
  readonly covered: number
}

/** Coverage of each figure's 90 % interval over estimates whose outcomes are known. */
export function coverageOf(estimates: readonly Estimate[]): Record<EstimatedFigure, Coverage> {
  const of = (name: EstimatedFigure): Coverage => {
    const judged = estimates.flatMap((made) => {
      const interval = made[name]?.interval ?? null
      const value = made.realised?.[name] ?? null
      return interval === null || value === null ? [] : [value >= interval.low && value <= interval.high]
    })
    return { windows: judged.length, covered: judged.filter((held) => held).length }
  }
  const [pr_auc, f1, brier] = ESTIMATED.map(of)
  const none = { windows: 0, covered: 0 }
  return { pr_auc: pr_auc ?? none, f1: f1 ?? none, brier: brier ?? none }
}
