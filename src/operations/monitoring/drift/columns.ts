import { STATION_STATE_FEATURES } from '../../../core/contracts/features.ts'

/** What is compared with the baseline: the features of station state, what the model said, and what came. */
export const DRIFT_COLUMNS = [...STATION_STATE_FEATURES, 'score', 'label'] as const
export type DriftColumn = (typeof DRIFT_COLUMNS)[number]

/** Bins of the label: 0, 1. */
export const LABEL_EDGES = [0]
/** Bins of the score: nine of ten scores lie below 0.03, where quantiles would tell 0.0001 from 0.0002. */
export const SCORE_EDGES = [0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9].map(Math.fround)
