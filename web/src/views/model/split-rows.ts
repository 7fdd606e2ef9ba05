import type { Compared } from '../../../../src/core/contracts/api/model.ts'

/** One part of the day's predictions: an hour, a size of station. */
export interface SplitRow {
  readonly key: string
  readonly label: string
  readonly figures: Compared
}

/** End of the axis of shares: a round one above the greatest figure, 1 at most. */
export function splitAxisEnd(rows: readonly SplitRow[]): number {
  const most = Math.max(
    0,
    ...rows.flatMap(({ figures }) => [figures.onset_pr_auc ?? 0, figures.persistence_onset_pr_auc ?? 0]),
  )
  return [0.1, 0.2, 0.3, 0.5, 0.75, 1].find((end) => most <= end) ?? 1
}
