import { z } from 'zod'
import { TARGETS } from './features.ts'

/** Figures of one evaluation on one set of rows. A figure that cannot be had (no positives, say) is null. */
export const evaluationSchema = z.strictObject({
  rows: z.int().nonnegative(),
  positives: z.int().nonnegative(),
  prevalence: z.number().nullable(),
  pr_auc: z.number().nullable(),
  persistence_pr_auc: z.number().nullable(),
  onset_rows: z.int().nonnegative(),
  onset_positives: z.int().nonnegative(),
  onset_prevalence: z.number().nullable(),
  onset_pr_auc: z.number().nullable(),
  persistence_onset_pr_auc: z.number().nullable(),
  brier: z.number().nullable(),
  /** Expected calibration error over ten equal-count bins. */
  calibration_error: z.number().nullable(),
  threshold: z.number(),
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
  confusion: z.strictObject({ tp: z.int(), fp: z.int(), tn: z.int(), fn: z.int() }),
})
export type Evaluation = z.infer<typeof evaluationSchema>

/** XGBoost's own parameter names; anything else is refused, since the library takes a misspelt one silently. */
export const trainingParamsSchema = z.strictObject({
  num_round: z.int().min(1).max(10_000).default(500),
  max_depth: z.int().min(1).max(16).default(6),
  eta: z.number().positive().max(1).default(0.05),
  subsample: z.number().positive().max(1).default(0.8),
  colsample_bytree: z.number().positive().max(1).default(0.8),
  min_child_weight: z.number().nonnegative().default(1),
  gamma: z.number().nonnegative().default(0),
  lambda: z.number().nonnegative().default(1),
  alpha: z.number().nonnegative().default(0),
  max_bin: z.int().min(2).max(1024).default(256),
  scale_pos_weight: z.number().positive().default(1),
  early_stopping_rounds: z.int().min(1).default(50),
  objective: z.literal('binary:logistic').default('binary:logistic'),
  eval_metric: z.literal('aucpr').default('aucpr'),
  tree_method: z.literal('hist').default('hist'),
  seed: z.int().min(0).default(20230831),
  nthread: z.int().min(1).max(256).default(2),
})
export type TrainingParams = z.infer<typeof trainingParamsSchema>
/** Parameters as a person gives them: any may be left out. */
export type GivenTrainingParams = z.input<typeof trainingParamsSchema>

/** manifest.json of a model version. */
export const manifestSchema = z.strictObject({
  manifest_version: z.literal(1),
  group: z.string(),
  version: z.string(),
  city: z.string(),
  target: z.enum(TARGETS),
  created_at: z.int(),
  feature_contract: z.string(),
  feature_names: z.array(z.string()),
  library: z.strictObject({ name: z.literal('xgboost'), version: z.string() }),
  params: trainingParamsSchema,
  /** Trees that serve: the best round under early stopping, plus one. */
  rounds: z.int().positive(),
  training: z.strictObject({
    from: z.int(),
    /** Last slot of validation, epoch seconds. */
    until: z.int(),
    train_until: z.int(),
    validation_from: z.int(),
    train_rows: z.int(),
    validation_rows: z.int(),
    data_sha256: z.string(),
  }),
  threshold: z.number().min(0).max(1),
  metrics: z.strictObject({
    train: evaluationSchema,
    validation: evaluationSchema,
    test: evaluationSchema.nullable(),
  }),
  /** sha256 by file name inside the version's folder (model.tar.gz and the report's files). */
  files: z.record(z.string(), z.string()),
  /** sha256 of `xgboost-model` inside the archive. */
  model_sha256: z.string(),
})
export type Manifest = z.infer<typeof manifestSchema>
