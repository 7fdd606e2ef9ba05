import { z } from 'zod'
import { isOperatorError, messageOf } from '../../../../src/core/errors.ts'
import type { ObjectStore, RoundScore } from '../../../../src/platform/ports.ts'
import { keyOf, type S3Location } from '../../../../src/platform/aws/s3-location.ts'
import { AwsRefusal } from '../protocol.ts'
import type { MoreOperations } from './server.ts'
import { train } from './train.ts'
import { createTrainingJob, type AskedTraining } from './training-input.ts'

const named = z.object({ TrainingJobName: z.string() })

/** A training job. */
interface Job {
  readonly asked: AskedTraining
  readonly begun: number
  readonly stop: AbortController
  status: 'InProgress' | 'Stopping' | 'Stopped' | 'Completed' | 'Failed'
  step: 'Training' | 'Uploading' | 'Stopping' | 'Stopped' | 'Completed' | 'Failed'
  reason?: string
  /** Where the model is once the job has completed; SageMaker tells it from the beginning. */
  readonly artifact: string
  last?: RoundScore
  train?: number
}

export interface TrainingParts {
  /** What lies in S3 at `lake`. */
  readonly store: ObjectStore
  readonly lake: S3Location
  readonly libraryPath: string
  readonly clock: () => number
}

/**
 * Training jobs as the built-in XGBoost image does them, by the native engine: it checks parameters and content type, reads the
 * channels' Parquet files, and leaves a model.tar.gz with a model in the old binary format.
 */
export function openTrainingOperations(parts: TrainingParts): {
  readonly operations: MoreOperations
  /** Waits for what is under way. */
  settle(): Promise<void>
} {
  const { store, lake, clock } = parts
  const jobs = new Map<string, Job>()
  const running = new Set<Promise<void>>()
  const arnOf = (name: string): string =>
    `arn:aws:sagemaker:ca-central-1:000000000000:training-job/${name.toLowerCase()}`
  const find = (input: unknown): Job => {
    const job = jobs.get(named.parse(input).TrainingJobName)
    if (!job) throw new AwsRefusal('ValidationException', 'Requested resource not found.')
    return job
  }

  const run = async (job: Job): Promise<void> => {
    try {
      const archive = await train(job.asked, {
        ...parts,
        signal: job.stop.signal,
        onRound(score) {
          job.last = score
          if (score.train !== null) job.train = score.train
        },
      })
      job.step = 'Uploading'
      await store.put(keyOf(lake, job.artifact), archive)
      job.status = job.step = 'Completed'
    } catch (error) {
      if (job.status === 'Stopping') {
        job.status = job.step = 'Stopped'
        return
      }
      job.status = job.step = 'Failed'
      const ours = isOperatorError(error, 'UNAVAILABLE') ? 'InternalServerError' : 'AlgorithmError'
      job.reason = `${ours}: ${messageOf(error)}`
    }
  }

  const operations: MoreOperations = {
    async CreateTrainingJob(input) {
      const parsed = createTrainingJob.safeParse(input)
      if (!parsed.success) throw new AwsRefusal('ValidationException', z.prettifyError(parsed.error))
      const asked = parsed.data
      const name = asked.TrainingJobName
      if (jobs.has(name))
        throw new AwsRefusal(
          'ResourceInUse',
          `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arnOf(name)})`,
        )
      if (asked.EnableManagedSpotTraining && asked.StoppingCondition.MaxWaitTimeInSeconds === undefined)
        throw new AwsRefusal('ValidationException', 'MaxWaitTimeInSeconds is required for spot training.')
      const job: Job = {
        asked,
        begun: clock(),
        stop: new AbortController(),
        artifact: `${asked.OutputDataConfig.S3OutputPath}/${name}/output/model.tar.gz`,
        status: 'InProgress',
        step: 'Training',
      }
      jobs.set(name, job)
      const work = run(job).finally(() => running.delete(work))
      running.add(work)
      return { TrainingJobArn: arnOf(name) }
    },
    async DescribeTrainingJob(input) {
      const job = find(input)
      const { asked, begun } = job
      const at = new Date(begun * 1000)
      const ended = job.status === 'InProgress' || job.status === 'Stopping' ? undefined : at
      return {
        ...asked,
        TrainingJobArn: arnOf(asked.TrainingJobName),
        TrainingJobStatus: job.status,
        SecondaryStatus: job.step,
        CreationTime: at,
        LastModifiedTime: at,
        TrainingStartTime: at,
        ...(ended && { TrainingEndTime: ended }),
        ...(job.reason !== undefined && { FailureReason: job.reason.slice(0, 1024) }),
        ModelArtifacts: { S3ModelArtifacts: job.artifact },
        ...(job.last && { FinalMetricDataList: finalMetrics(job, at) }),
      }
    },
    async StopTrainingJob(input) {
      const job = find(input)
      if (job.status !== 'InProgress')
        throw new AwsRefusal(
          'ValidationException',
          `The request was rejected because the training job is in status ${job.status}.`,
        )
      job.status = job.step = 'Stopping'
      job.stop.abort()
      return {}
    },
  }
  return {
    operations,
    async settle() {
      for (const job of jobs.values()) job.stop.abort()
      await Promise.all(running)
    },
  }
}

function finalMetrics({ last, train }: Job, Timestamp: Date): unknown[] {
  const metric = (MetricName: string, Value: number) => ({ MetricName, Value, Timestamp })
  return [
    ...(train === undefined ? [] : [metric('train:aucpr', train)]),
    ...(last ? [metric('validation:aucpr', last.validation)] : []),
  ]
}
