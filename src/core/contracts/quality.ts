import type { Target } from './features.ts'
import type { EpochSeconds } from '../time.ts'

/**
 * Which predictions of an endpoint a row of quality is about: all of them; those of a variant or of a model version; those
 * made in one local hour of the day (`00` … `23`); those of stations of one size. A row `set_aside` counts what could not
 * be judged, and its `name` is the reason.
 */
export const QUALITY_KINDS = ['all', 'variant', 'version', 'hour', 'group', 'set_aside'] as const
export type QualityKind = (typeof QUALITY_KINDS)[number]

/** Figures of one set of predictions. What cannot be had (no positive, say) is null. */
export interface QualityFigures {
  /** Batches of which an outcome is known: 144 when none is missing. */
  readonly batches: number
  /** Predictions whose outcome is known. */
  readonly samples: number
  /** Predictions whose outcome is due and not known: no snapshot, or the station is not in it. */
  readonly unlabelled: number
  readonly positives: number
  readonly prevalence: number | null
  readonly pr_auc: number | null
  readonly persistence_pr_auc: number | null
  readonly onset_samples: number
  readonly onset_positives: number
  readonly onset_prevalence: number | null
  readonly onset_pr_auc: number | null
  readonly persistence_onset_pr_auc: number | null
  readonly brier: number | null
  /** Expected calibration error over ten equal-count bins. */
  readonly calibration_error: number | null
  /** Share with a score at or above the threshold of the model that made it. */
  readonly hit_rate: number | null
  /** Of what was said at the time, by each row's own threshold; so are recall, F1 and the counts. */
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
  /** F1 of "two or fewer now, two or fewer then" on the same rows. */
  readonly persistence_f1: number | null
  readonly tp: number
  readonly fp: number
  readonly tn: number
  readonly fn: number
}

/** One row of `monitoring/quality/…/*.parquet`: the 24 hours that end at `ends_at`, by when the outcome was due. */
export interface QualityRow extends QualityFigures {
  readonly city: string
  readonly endpoint: string
  readonly target: Target
  readonly ends_at: EpochSeconds
  readonly dt: string
  /** 0 is what was published first; each later one counts snapshots that came late. */
  readonly revision: number
  /** Tells apart the predictions and outcomes that the figures were made of. */
  readonly digest: string
  readonly kind: QualityKind
  readonly name: string
  /** Of the model that made them all; null when several did. */
  readonly model_version: string | null
  /** Of a station group: the least and the greatest capacity in it; null where it has no end. */
  readonly capacity_min: number | null
  readonly capacity_max: number | null
}
