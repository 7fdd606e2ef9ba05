import { FEATURE_CONTRACT, FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { trainingParamsSchema, type Evaluation, type Manifest } from '../../src/core/contracts/manifest.ts'

/** Figures of an evaluation, with some of them replaced. */
export function exampleEvaluation(changes: Partial<Evaluation> = {}): Evaluation {
  return {
    rows: 1000,
    positives: 200,
    prevalence: 0.2,
    pr_auc: 0.96,
    persistence_pr_auc: 0.94,
    onset_rows: 700,
    onset_positives: 10,
    onset_prevalence: 10 / 700,
    onset_pr_auc: 0.2,
    persistence_onset_pr_auc: 0.07,
    brier: 0.03,
    calibration_error: 0.01,
    threshold: 0.15,
    precision: 0.75,
    recall: 0.95,
    f1: 0.84,
    confusion: { tp: 190, fp: 63, tn: 737, fn: 10 },
    ...changes,
  }
}

/** A version as training hands it to the registry, with some of it replaced. */
export function exampleManifest(changes: Partial<Manifest> = {}): Omit<Manifest, 'files' | 'model_sha256'> {
  return {
    manifest_version: 1,
    group: 'bikeshare-demo-bikes',
    version: '20240518T000000Z-0123abcd',
    city: 'demo',
    target: 'bikes',
    created_at: 1_716_000_000,
    feature_contract: FEATURE_CONTRACT,
    feature_names: [...FEATURE_NAMES],
    library: { name: 'xgboost', version: '1.7.4' },
    params: trainingParamsSchema.parse({}),
    rounds: 120,
    training: {
      from: 1_714_521_600,
      until: 1_715_990_400,
      train_until: 1_715_686_000,
      validation_from: 1_715_690_000,
      train_rows: 800,
      validation_rows: 200,
      data_sha256: 'ab'.repeat(32),
    },
    threshold: 0.15,
    metrics: { train: exampleEvaluation(), validation: exampleEvaluation(), test: null },
    ...changes,
  }
}
