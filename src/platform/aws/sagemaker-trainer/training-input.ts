import type { Channel, CreateTrainingJobCommandInput } from '@aws-sdk/client-sagemaker'
import type { TrainingParams } from '../../../core/contracts/manifest.ts'
import type { TrainingJob } from '../../ports.ts'
import { uriOf, type S3Location } from '../s3-location.ts'

/** What a training job runs on. */
export interface TrainingResources {
  /** Reads the data, writes the model. */
  readonly roleArn: string
  readonly image: string
  /** Default: ml.m5.xlarge, which holds a month of a large city. */
  readonly instanceType?: string
  /** Of the instance's disk. */
  readonly volumeGb?: number
  /** A job that takes longer is stopped; SageMaker's own default is a day. */
  readonly maxSeconds?: number
  /**
   * Unused instances at a lower price, which AWS may take back: the job then goes on from a checkpoint, to a model that is not the
   * one of a job that was never interrupted.
   */
  readonly spot?: boolean
  readonly tags?: Readonly<Record<string, string>>
}

const MAX_SECONDS = 6 * 3600
const VOLUME_GB = 30

/** CreateTrainingJob for the built-in algorithm: Parquet, the label first, as the lake has it. */
export function trainingInput(
  name: string,
  job: TrainingJob,
  lake: S3Location,
  on: TrainingResources,
): CreateTrainingJobCommandInput {
  const { spot = false, maxSeconds = MAX_SECONDS } = on
  const Tags = Object.entries(on.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
  return {
    TrainingJobName: name,
    RoleArn: on.roleArn,
    AlgorithmSpecification: { TrainingImage: on.image, TrainingInputMode: 'File' },
    HyperParameters: hyperParameters(job.params),
    InputDataConfig: [
      channel('train', uriOf(lake, job.trainKey)),
      channel('validation', uriOf(lake, job.validationKey)),
    ],
    OutputDataConfig: { S3OutputPath: uriOf(lake, `${job.prefix}output`) },
    ResourceConfig: {
      InstanceType: (on.instanceType ?? 'ml.m5.xlarge') as 'ml.m5.xlarge',
      InstanceCount: 1,
      VolumeSizeInGB: on.volumeGb ?? VOLUME_GB,
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: maxSeconds,
      // Waiting for an instance counts, and must be the longer one.
      ...(spot && { MaxWaitTimeInSeconds: 2 * maxSeconds }),
    },
    EnableManagedSpotTraining: spot,
    ...(spot && { CheckpointConfig: { S3Uri: uriOf(lake, `${job.prefix}checkpoints/${name}`) } }),
    EnableNetworkIsolation: true,
    ...(Tags.length > 0 && { Tags }),
  }
}

/** The algorithm's parameters have the library's names; every one is sent, so that no default of the image decides. */
function hyperParameters(params: TrainingParams): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
}

function channel(name: string, uri: string): Channel {
  return {
    ChannelName: name,
    ContentType: 'application/x-parquet',
    InputMode: 'File',
    DataSource: {
      S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: 'FullyReplicated' },
    },
  }
}
