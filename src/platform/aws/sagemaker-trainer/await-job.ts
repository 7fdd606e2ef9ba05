import type { DescribeTrainingJobCommandOutput } from '@aws-sdk/client-sagemaker'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { TrainingJobs } from './training-jobs.ts'

const UNDER_WAY = new Set(['InProgress', 'Stopping'])

interface Watch {
  readonly report: Reporter
  readonly pollMs: number
  readonly signal: AbortSignal | undefined
}

/** The job once it has completed. CANCELLED, and the job is stopped, on abort; else see `failed`. */
export async function ended(
  jobs: TrainingJobs,
  name: string,
  { report, pollMs, signal }: Watch,
): Promise<DescribeTrainingJobCommandOutput> {
  let told = ''
  for (;;) {
    if (signal?.aborted) {
      await jobs.stop(name)
      throw cancelled()
    }
    const job = await jobs.describe(name)
    if (!job) throw new OperatorError('NOT_FOUND', `training job ${name} is gone`, 'Train again.')
    const { TrainingJobStatus: status = '', SecondaryStatus: step = '' } = job
    if (step !== told) report.info(`Training job ${name}: ${step}`)
    told = step
    if (status === 'Completed') return job
    if (!UNDER_WAY.has(status)) throw failed(name, job)
    await sleep(pollMs, undefined, signal ? { signal } : {}).catch(() => {})
  }
}

function failed(name: string, job: DescribeTrainingJobCommandOutput): OperatorError {
  const { TrainingJobStatus = '', SecondaryStatus = '', FailureReason = '' } = job
  const what = `training job ${name} is ${TrainingJobStatus} (${SecondaryStatus})${FailureReason && `: ${FailureReason}`}`
  // The algorithm's own word for data or parameters that it does not take.
  if (/^(ClientError|AlgorithmError)/.test(FailureReason))
    return new OperatorError('BAD_INPUT', what, 'Change the data or the parameters, then train again.')
  return new OperatorError(
    'UNAVAILABLE',
    what,
    'Its log is in CloudWatch under /aws/sagemaker/TrainingJobs. Train again: that begins a new job.',
  )
}

/** The refusal of a training that somebody stopped. */
export const cancelled = (): OperatorError =>
  new OperatorError(
    'CANCELLED',
    'the training was stopped on request',
    'Train again: that begins a new job of SageMaker.',
  )
