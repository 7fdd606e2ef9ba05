import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  StopTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  type DescribeTrainingJobCommandOutput,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { failureOf, isNamed } from '../aws-error.ts'

/** SageMaker's training jobs by their names. */
export interface TrainingJobs {
  /** Undefined for a name that no job has. */
  describe(name: string): Promise<DescribeTrainingJobCommandOutput | undefined>
  /** One of the same name that somebody else began meanwhile is as good. */
  create(input: CreateTrainingJobCommandInput): Promise<void>
  /** One that has ended is left alone. */
  stop(name: string): Promise<void>
}

export function openTrainingJobs(client: SageMakerClient): TrainingJobs {
  const failure = (error: unknown, action: string, name: string): unknown =>
    failureOf(error, { action: `sagemaker:${action}`, resource: `training job ${name}` })
  return {
    async describe(TrainingJobName) {
      try {
        return await client.send(new DescribeTrainingJobCommand({ TrainingJobName }))
      } catch (error) {
        if (isMissing(error)) return undefined
        throw failure(error, 'DescribeTrainingJob', TrainingJobName)
      }
    },
    async create(input) {
      const name = input.TrainingJobName ?? ''
      try {
        await client.send(new CreateTrainingJobCommand(input))
      } catch (error) {
        if (isNamed(error, 'ResourceInUse')) return
        if (isNamed(error, 'ResourceLimitExceeded'))
          throw new OperatorError(
            'UNAVAILABLE',
            `sagemaker:CreateTrainingJob on training job ${name}: ${messageOf(error)}`,
            'Ask for a higher quota of this instance type for training, take another, or wait until a job has ended.',
            error,
          )
        if (isNamed(error, 'ValidationException'))
          throw new OperatorError(
            'BAD_INPUT',
            `SageMaker refused the training job ${name}: ${messageOf(error)}`,
            'See what it names: the role, the image, the instance type or the data.',
            error,
          )
        throw failure(error, 'CreateTrainingJob', name)
      }
    },
    async stop(TrainingJobName) {
      try {
        await client.send(new StopTrainingJobCommand({ TrainingJobName }))
      } catch (error) {
        if (isNamed(error, 'ValidationException') || isMissing(error)) return
        throw failure(error, 'StopTrainingJob', TrainingJobName)
      }
    },
  }
}

const isMissing = (error: unknown): boolean =>
  isNamed(error, 'ResourceNotFound') ||
  (isNamed(error, 'ValidationException') && /resource not found/i.test(error.message))
