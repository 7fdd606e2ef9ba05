import type { Manifest } from '../../../core/contracts/manifest.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { calibration, type CalibrationBin } from '../calibration.ts'
import { onsetRows, presentRule, type ScoredRows } from '../metrics.ts'
import { persistenceScores } from '../persistence.ts'
import { prCurve, type PrPoint } from '../pr-curve.ts'
import { rank } from '../ranking.ts'
import type { Confusion } from '../threshold.ts'

/** The three sets of rows of a training. */
export const SPLITS = ['train', 'validation', 'test'] as const
export type Split = (typeof SPLITS)[number]

/** First and last slot of a set of rows. */
export interface SlotWindow {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
}

/** What a feature adds to the model: its share of the total gain over all splits of all trees, 0..1. */
export interface FeatureGain {
  readonly feature: string
  readonly gain: number
  readonly share: number
}

/** A model as its report needs it: all but the registry's hashes. */
export type ReportedModel = Omit<Manifest, 'files' | 'model_sha256'>

/** The yes/no rule's counts on each set of rows. */
export type RuleCounts = Readonly<Record<Split, Confusion | null>>

/** Everything a report is made of. The same subject gives the same bytes. */
export interface ReportSubject {
  readonly model: ReportedModel
  readonly windows: Readonly<Record<Split, SlotWindow | null>>
  /** Persistence as a yes/no rule on each set of rows. */
  readonly rule: RuleCounts
  /** The set the charts show: test where there is one, else validation. */
  readonly shown: 'validation' | 'test'
  readonly curves: Curves
  readonly calibration: readonly CalibrationBin[]
  /** All features of the contract, the greatest share first. */
  readonly importance: readonly FeatureGain[]
  /** Why the model is refused; empty for one that is registered. */
  readonly refusals: readonly string[]
}

/** Precision-recall curves of the rows shown. */
export interface Curves {
  readonly all: { readonly model: readonly PrPoint[]; readonly persistence: readonly PrPoint[] }
  readonly onset: { readonly model: readonly PrPoint[]; readonly persistence: readonly PrPoint[] }
}

/** The curves, calibration and rule counts of scored rows. */
export function chartData(rows: ScoredRows): {
  curves: Curves
  calibration: CalibrationBin[]
  rule: Confusion
} {
  const onset = onsetRows(rows)
  const ranking = rank(rows.labels, rows.scores)
  const curve = (labels: ArrayLike<number>, counts: ArrayLike<number>): PrPoint[] =>
    prCurve(rank(labels, persistenceScores(counts)))
  return {
    curves: {
      all: { model: prCurve(ranking), persistence: curve(rows.labels, rows.counts) },
      onset: {
        model: prCurve(rank(onset.labels, onset.scores)),
        persistence: curve(onset.labels, onset.counts),
      },
    },
    calibration: calibration(ranking),
    rule: presentRule(rows.labels, rows.counts),
  }
}
