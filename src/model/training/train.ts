import { FEATURE_CONTRACT, FEATURE_NAMES } from '../../core/contracts/features.ts'
import {
  trainingParamsSchema,
  type GivenTrainingParams,
  type Manifest,
  type TrainingParams,
} from '../../core/contracts/manifest.ts'
import { OperatorError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import type { Reporter } from '../../core/report.ts'
import { isoOf, type EpochSeconds } from '../../core/time.ts'
import type { Platform, TrainedModel, TrainingJob } from '../../platform/ports.ts'
import { buildReport } from '../evaluation/report/build-report.ts'
import type { ReportedModel } from '../evaluation/report/subject.ts'
import { figureText } from '../evaluation/report/text.ts'
import { findManifest, modelGroup, registerModel } from '../registry/registry.ts'
import { removeJob, writeDatasets } from './datasets.ts'
import { judgeModel } from './judge.ts'
import { planTraining, type TrainingPlan, type TrainingSpan } from './plan.ts'
import { refusalsOf } from './verdict.ts'

/** What to train, on which slots and how. */
export interface TrainOptions extends TrainingSpan {
  /** Parameters that differ from the defaults, by XGBoost's names. */
  readonly params?: GivenTrainingParams
  /** Recorded as the time the version was made; decides nothing. */
  readonly now: EpochSeconds
  readonly report: Reporter
  readonly signal?: AbortSignal
}

/** What a training needs of a platform. */
export type TrainingPlatform = Pick<Platform, 'store' | 'warehouse' | 'trainer' | 'scorer'>

/**
 * Trains, judges and registers a model. The same rows, parameters and library give the same version; one that is
 * registered already is returned as it is (`created` false). Interrupted, it goes on from its last checkpoint the next
 * time. Datasets and checkpoints lie below `training/GROUP/` and go once it is decided.
 * Errors: NOT_FOUND without features; BAD_INPUT for a parameter; CANCELLED; CHECK_FAILED for rows that cannot be learnt
 * from, and for a model that is refused, whose report then stands under `training/GROUP/refused/VERSION/`.
 */
export async function trainModel(
  platform: TrainingPlatform,
  options: TrainOptions,
): Promise<{ manifest: Manifest; created: boolean }> {
  const { city, target, now, report, signal } = options
  const group = modelGroup(city, target)
  const params = paramsOf(options.params)
  const library = await platform.scorer.libraryVersion()
  const plan = await planTraining(platform, options)
  const recipe = { contract: FEATURE_CONTRACT, features: FEATURE_NAMES, city, target, params, library }
  const windows = [plan.train.from, plan.train.until, plan.validation.from, plan.validation.until]
  const prefix = `training/${group}/${hash8({ ...recipe, windows })}/`

  const writing = report.start(`Writing training rows of ${target}`)
  const files = await writeDatasets(platform, plan, prefix)
  writing.end(`${plan.train.range.rows} training and ${plan.validation.range.rows} validation rows`)

  const version = versionOf(plan, hash8({ ...recipe, data: files.dataSha256 }))
  const existing = await findManifest(platform.store, group, version)
  if (existing) {
    await removeJob(platform, prefix)
    report.info(`${group} ${version} is registered already: the same rows and parameters give the same model`)
    return { manifest: existing, created: false }
  }

  if (signal?.aborted) throw new OperatorError('CANCELLED', 'the training was ended on request')
  const { trainKey, validationKey } = files
  const job = { prefix, trainKey, validationKey, featureNames: FEATURE_NAMES, params }
  const trained = await fit(platform, job, `Training ${target}`, report, signal)
  const judgement = await judgeModel(platform, trained.model, plan, { report, ...(signal ? { signal } : {}) })
  const model: ReportedModel = {
    manifest_version: 1,
    group,
    version,
    city,
    target,
    created_at: now,
    feature_contract: FEATURE_CONTRACT,
    feature_names: [...FEATURE_NAMES],
    library: { name: 'xgboost', version: trained.libraryVersion },
    params,
    rounds: trained.rounds,
    training: {
      from: plan.train.range.first,
      until: plan.validation.range.last,
      train_until: plan.train.range.last,
      validation_from: plan.validation.range.first,
      train_rows: plan.train.range.rows,
      validation_rows: plan.validation.range.rows,
      data_sha256: files.dataSha256,
    },
    threshold: judgement.threshold,
    metrics: judgement.metrics,
  }
  const refusals = refusalsOf(judgement.metrics.train, judgement.metrics.validation)
  const pages = buildReport({ ...judgement, model, refusals })
  if (refusals.length > 0) throw await refuse(platform, model, refusals, pages, prefix)
  const registered = await registerModel(platform.store, {
    manifest: model,
    model: trained.model,
    report: pages,
  })
  await removeJob(platform, prefix)
  return registered
}

async function fit(
  { trainer }: TrainingPlatform,
  job: TrainingJob,
  label: string,
  report: Reporter,
  signal: AbortSignal | undefined,
): Promise<TrainedModel> {
  const rounds = job.params.num_round
  const progress = report.start(label, rounds)
  let best = 0
  const trained = await trainer.fit(job, {
    onRound: ({ round, validation }) => {
      best = Math.max(best, validation)
      progress.update(
        round + 1,
        `validation PR-AUC ${figureText(validation, 4)}, best ${figureText(best, 4)}`,
      )
    },
    ...(signal ? { signal } : {}),
  })
  progress.end(`${trained.rounds} of at most ${rounds} rounds kept`)
  return trained
}

async function refuse(
  platform: TrainingPlatform,
  { group, version }: ReportedModel,
  refusals: readonly string[],
  pages: Readonly<Record<string, string>>,
  prefix: string,
): Promise<OperatorError> {
  const folder = `training/${group}/refused/${version}/`
  for (const [name, text] of Object.entries(pages)) await platform.store.put(folder + name, text)
  await removeJob(platform, prefix)
  return new OperatorError(
    'CHECK_FAILED',
    `${group} ${version} is refused: ${refusals.join('; ')}`,
    `Its report is at ${folder}report.html. More days, or fewer and shallower trees, are what usually helps.`,
  )
}

function paramsOf(given: GivenTrainingParams = {}): TrainingParams {
  const parsed = trainingParamsSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const name = issue?.path.join('.') ?? ''
  throw new OperatorError(
    'BAD_INPUT',
    `training parameter${name ? ` ${name}` : 's'}: ${issue?.message ?? 'not understood'}`,
    'They have XGBoost’s own names: num_round, max_depth, eta, subsample …',
  )
}

const hash8 = (value: unknown): string => sha256(canonicalJson(value)).slice(0, 8)

/** `20240518T000000Z-0123abcd`: the last slot validated on, and the beginning of a hash over what the model is made of. */
function versionOf(plan: TrainingPlan, hash: string): string {
  return `${isoOf(plan.validation.range.last).replaceAll(/[-:]/g, '')}-${hash}`
}
