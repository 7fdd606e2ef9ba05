import { QUALITY_OBJECTIVE } from './objectives.ts'

/** One quality objective over the month's batches that have the figure. */
export interface QualityObjective {
  readonly name: 'PR-AUC-24h' | 'F1-24h' | 'onset above persistence'
  /** What the figure must reach; of onset, persistence's latest on the same rows. */
  readonly bound: number | null
  readonly latest: number | null
  /** Batches with the figure, and the share of them at which it was good. */
  readonly batches: number
  readonly good_share: number | null
  readonly objective: number
  /** Null without a batch to judge. */
  readonly met: boolean | null
}

/** A figure and what it must reach, at one batch. */
export interface Judged {
  readonly value: number
  readonly bound: number
}

/** Judges one objective. `strictly` asks for more than the bound. */
export function judgeQuality(
  name: QualityObjective['name'],
  series: readonly Judged[],
  strictly = false,
): QualityObjective {
  const good = series.filter(({ value, bound }) => (strictly ? value > bound : value >= bound)).length
  const share = series.length === 0 ? null : good / series.length
  const last = series.at(-1)
  return {
    name,
    bound: last?.bound ?? null,
    latest: last?.value ?? null,
    batches: series.length,
    good_share: share,
    objective: QUALITY_OBJECTIVE,
    met: share === null ? null : share >= QUALITY_OBJECTIVE,
  }
}
