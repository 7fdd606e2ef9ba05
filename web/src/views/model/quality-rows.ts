import type { Compared } from '../../../../src/core/contracts/api/model.ts'

export type QualityKey = 'onset' | 'pr_auc' | 'f1' | 'precision' | 'recall' | 'brier' | 'calibration'

/** One line of the table of quality: a figure of the model, that of persistence on the same rows, and how many rows. */
export interface QualityRow {
  readonly key: QualityKey
  readonly model: number | null
  /** Null where it is missing, undefined where persistence has no such figure at all. */
  readonly persistence: number | null | undefined
  readonly samples: number
  readonly positives: number
}

/** The table's lines, onsets first: all rows together say little, since most stations stay as they are. */
export function qualityRows(figures: Compared): readonly QualityRow[] {
  const all = { samples: figures.samples, positives: figures.positives }
  return [
    {
      key: 'onset',
      model: figures.onset_pr_auc,
      persistence: figures.persistence_onset_pr_auc,
      samples: figures.onset_samples,
      positives: figures.onset_positives,
    },
    { key: 'pr_auc', model: figures.pr_auc, persistence: figures.persistence_pr_auc, ...all },
    { key: 'f1', model: figures.f1, persistence: figures.persistence_f1, ...all },
    { key: 'precision', model: figures.precision, persistence: undefined, ...all },
    { key: 'recall', model: figures.recall, persistence: undefined, ...all },
    { key: 'brier', model: figures.brier, persistence: undefined, ...all },
    { key: 'calibration', model: figures.calibration_error, persistence: undefined, ...all },
  ]
}

/** How the model stands to persistence; null when either is missing. Differences below half a hundredth are none. */
export function standing({ model, persistence }: QualityRow): 'better' | 'worse' | 'alike' | null {
  if (model === null || persistence === null || persistence === undefined) return null
  const difference = model - persistence
  if (Math.abs(difference) < 0.005) return 'alike'
  return difference > 0 ? 'better' : 'worse'
}
