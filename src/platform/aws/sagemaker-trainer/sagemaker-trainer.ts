import { SageMakerClient, type DescribeTrainingJobCommandOutput } from '@aws-sdk/client-sagemaker'
import { trainingParamsSchema } from '../../../core/contracts/manifest.ts'
import { OperatorError } from '../../../core/errors.ts'
import { canonicalJson, sha256 } from '../../../core/hash.ts'
import { unpackModel } from '../../../core/model-archive.ts'
import { silentReporter, type Reporter } from '../../../core/report.ts'
import { nameFeatures } from '../../engines/xgboost/name-features.ts'
import type { ObjectStore, RoundScore, TrainedModel, Trainer, TrainingJob } from '../../ports.ts'
import { clientSettings, noRole, opened, type AwsAccess } from '../aws-access.ts'
import { keyOf, type S3Location } from '../s3-location.ts'
import { cancelled, ended } from './await-job.ts'
import { trainingInput, type TrainingResources } from './training-input.ts'
import { openTrainingJobs } from './training-jobs.ts'
import { IMAGE_LIBRARY_VERSION } from './xgboost-image.ts'

export interface SageMakerTrainerOptions extends Omit<TrainingResources, 'roleArn'> {
  /** Reads the data, writes the model. Needed to begin a job. */
  readonly roleArn?: string
  readonly access: AwsAccess
  /** Where the lake is, for SageMaker, and the same lake, for us. */
  readonly lake: S3Location
  readonly store: Pick<ObjectStore, 'get' | 'list'>
  /** XGBoost on this machine, which writes the model that comes back with its features' names. */
  readonly libraryPath: () => string
  /** Version of the library in the image. */
  readonly libraryVersion?: string
  readonly report?: Reporter
  /** How often a job is looked at. */
  readonly pollMs?: number
}

/** The port, and the end of its connections. */
export interface SageMakerTrainer extends Trainer {
  close(): void
}

const POLL_MS = 10_000
/** Jobs of one content that failed, were stopped, or whose model is gone. */
const MOST_ATTEMPTS = 100

/**
 * Trains in SageMaker's training jobs. A job is named by its content, so that a process that was killed finds its own again and
 * waits on; what it came to is used as long as its model lies in the lake. SageMaker tells of no single rounds: `onRound` hears of
 * the last one, and `history` holds it alone.
 */
export function openSageMakerTrainer(options: SageMakerTrainerOptions): SageMakerTrainer {
  const { access, lake, store, libraryPath, report = silentReporter, pollMs = POLL_MS } = options
  const client = opened(access, new SageMakerClient(clientSettings(access)))
  const jobs = openTrainingJobs(client)

  /** The first attempt that is under way or has a model; a new one where there is none. */
  const begin = async (job: TrainingJob, id: string): Promise<string> => {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const name = `bikeshare-${id}-${attempt}`
      const known = await jobs.describe(name)
      if (!known) {
        const { roleArn } = options
        if (roleArn === undefined) throw noRole('training_role_arn')
        await jobs.create(trainingInput(name, job, lake, { ...options, roleArn }))
        report.info(`Training job ${name} on ${options.instanceType ?? 'ml.m5.xlarge'} begins`)
        return name
      }
      const status = known.TrainingJobStatus ?? ''
      // One that is being stopped comes to no model.
      if (status === 'InProgress') return name
      if (status === 'Completed' && (await artifactOf(store, lake, known))) return name
    }
    throw new OperatorError(
      'UNAVAILABLE',
      `${MOST_ATTEMPTS} training jobs bikeshare-${id} came to nothing`,
      'See why in the console of SageMaker, then change the data or the parameters.',
    )
  }

  return {
    async fit(job, { onRound, signal } = {}) {
      const params = trainingParamsSchema.safeParse(job.params)
      if (!params.success)
        throw new OperatorError(
          'BAD_INPUT',
          `training parameter ${params.error.issues[0]?.path.join('.') ?? ''}: ${params.error.issues[0]?.message ?? ''}`,
          'Parameters have the names that XGBoost gives them, such as max_depth and eta.',
        )
      if (signal?.aborted) throw cancelled()
      const id = await contentOf(store, job, options.image)
      const name = await begin(job, id)
      const done = await ended(jobs, name, { report, pollMs, signal })
      const archive = await artifactOf(store, lake, done)
      if (!archive)
        throw new OperatorError(
          'NOT_FOUND',
          `training job ${name} has completed, but its model ${done.ModelArtifacts?.S3ModelArtifacts ?? ''} is not in the lake`,
          'Look at the role of the job and the bucket, then train again.',
        )
      const named = nameFeatures(libraryPath(), await unpackModel(archive), job.featureNames)
      const last = lastScore(done, named.rounds)
      if (last) onRound?.(last)
      return {
        model: named.model,
        rounds: named.rounds,
        history: last ? [last] : [],
        libraryVersion: options.libraryVersion ?? IMAGE_LIBRARY_VERSION,
      } satisfies TrainedModel
    },
    close: () => client.destroy(),
  }
}

/** Tells the job's data, parameters and image from any other's. NOT_FOUND without the data. */
async function contentOf(store: Pick<ObjectStore, 'list'>, job: TrainingJob, image: string): Promise<string> {
  const tags: string[] = []
  for (const key of [job.trainKey, job.validationKey]) tags.push(await tagOf(store, key))
  const { prefix, params, featureNames } = job
  return sha256(canonicalJson({ prefix, params, featureNames, tags, image })).slice(0, 24)
}

async function tagOf(store: Pick<ObjectStore, 'list'>, wanted: string): Promise<string> {
  for await (const { key, etag } of store.list(wanted)) if (key === wanted) return etag
  throw new OperatorError('NOT_FOUND', `there is no training file ${wanted}`, 'Build the training set anew.')
}

async function artifactOf(
  store: Pick<ObjectStore, 'get'>,
  lake: S3Location,
  { ModelArtifacts }: DescribeTrainingJobCommandOutput,
): Promise<Uint8Array | undefined> {
  const uri = ModelArtifacts?.S3ModelArtifacts
  return uri === undefined ? undefined : (await store.get(keyOf(lake, uri)))?.body
}

/** What the algorithm said last; null for what it did not say. */
function lastScore({ FinalMetricDataList = [] }: DescribeTrainingJobCommandOutput, rounds: number) {
  const valueOf = (name: string): number | undefined =>
    FinalMetricDataList.find(({ MetricName }) => MetricName === name)?.Value
  const validation = valueOf('validation:aucpr')
  if (validation === undefined) return undefined
  return { round: rounds - 1, train: valueOf('train:aucpr') ?? null, validation } satisfies RoundScore
}
