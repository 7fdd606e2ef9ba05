import { OperatorError } from '../../core/errors.ts'
import type { Reporter } from '../../core/report.ts'
import type { ObjectStore, Platform } from '../ports.ts'
import type { AwsAccess } from './aws-access.ts'
import { openCloudWatchAlarms, type CloudWatchAlarms } from './cloudwatch-alarms/cloudwatch-alarms.ts'
import { openCloudWatchMetrics, type CloudWatchMetrics } from './cloudwatch-metrics/cloudwatch-metrics.ts'
import { openModelPackages, type SageMakerPackages } from './model-packages.ts'
import { ownNames } from './own-names.ts'
import type { S3Location } from './s3-location.ts'
import { openSageMakerHost } from './sagemaker-host/sagemaker-host.ts'
import { openSageMakerTrainer, type SageMakerTrainer } from './sagemaker-trainer/sagemaker-trainer.ts'
import { xgboostImage } from './sagemaker-trainer/xgboost-image.ts'
import { openSnsTopic, type SnsTopic } from './sns-topic.ts'

export interface AwsServingOptions {
  /** Of every service but those that `addresses` names; without an endpoint AWS's own, or AWS_ENDPOINT_URL_SERVICE. */
  readonly access: AwsAccess
  readonly addresses?: { readonly sagemaker?: string; readonly cloudwatch?: string }
  /** Where the lake is, for SageMaker, and the same lake, for us. */
  readonly lake: S3Location
  readonly store: ObjectStore
  /** What SageMaker runs endpoints and training jobs as; needed where either is made. */
  readonly endpointRoleArn?: string
  readonly trainingRoleArn?: string
  /** Default: the region's built-in XGBoost, for both. */
  readonly servingImage?: string
  readonly trainingImage?: string
  readonly trainingInstanceType?: string
  /** Topic that every alarm tells of its changes. */
  readonly alarmTopicArn?: string
  /** Beginning of the city's endpoint names; `bikeshare` unless it is a further city of the account. */
  readonly endpointPrefix?: string
  readonly tags?: Readonly<Record<string, string>>
  /** XGBoost on this machine, looked for when a training comes back. */
  readonly libraryPath: () => string
  readonly report?: Reporter
}

/** The part of a platform that SageMaker, CloudWatch and SNS are; each is opened when it is first asked for. */
export interface AwsServing extends Pick<
  Platform,
  'endpoints' | 'trainer' | 'metrics' | 'alarms' | 'topic' | 'packages' | 'serveEndpoints' | 'close'
> {}

/** Opens SageMaker, CloudWatch and SNS for a city. */
export function openAwsServing(options: AwsServingOptions): AwsServing {
  const { access, lake, store, tags = { project: 'bikeshare' } } = options
  const { endpointPrefix = 'bikeshare', alarmTopicArn, report } = options
  const servingImage = (): string => options.servingImage ?? xgboostImage(access.region)
  const { ownsEndpoint, ownsAlarm } = ownNames(endpointPrefix)
  const sagemaker = addressed(access, options.addresses?.sagemaker)
  const cloudwatch = addressed(access, options.addresses?.cloudwatch)
  let endpoints: Platform['endpoints'] | undefined
  let trainer: SageMakerTrainer | undefined
  let metrics: CloudWatchMetrics | undefined
  let alarms: CloudWatchAlarms | undefined
  let topic: SnsTopic | undefined
  let packages: SageMakerPackages | undefined

  return {
    get endpoints() {
      return (endpoints ??= openSageMakerHost({
        access: sagemaker,
        lake,
        image: servingImage(),
        listed: { prefix: endpointPrefix, owns: ownsEndpoint },
        tags,
        ...(options.endpointRoleArn !== undefined && { roleArn: options.endpointRoleArn }),
      }))
    },
    get trainer() {
      return (trainer ??= openSageMakerTrainer({
        access: sagemaker,
        lake,
        store,
        libraryPath: options.libraryPath,
        image: options.trainingImage ?? xgboostImage(access.region),
        tags,
        ...(options.trainingRoleArn !== undefined && { roleArn: options.trainingRoleArn }),
        ...(options.trainingInstanceType !== undefined && { instanceType: options.trainingInstanceType }),
        ...(report && { report }),
      }))
    },
    get metrics() {
      return (metrics ??= openCloudWatchMetrics({ access: cloudwatch, lake: store }))
    },
    get alarms() {
      return (alarms ??= openCloudWatchAlarms({
        access: cloudwatch,
        owns: ownsAlarm,
        ...(alarmTopicArn !== undefined && { actions: () => [alarmTopicArn] }),
      }))
    },
    get topic() {
      return alarmTopicArn === undefined ? undefined : (topic ??= openSnsTopic(access, alarmTopicArn))
    },
    get packages() {
      return (packages ??= openModelPackages({ access: sagemaker, lake, image: servingImage }))
    },
    serveEndpoints: () =>
      Promise.reject(
        new OperatorError(
          'USAGE',
          'with platform = "aws" SageMaker serves the endpoints; there is nothing to serve here',
          'Invoke them with `aws sagemaker-runtime invoke-endpoint`, or serve a lake in a folder with platform = "local".',
        ),
      ),
    async close() {
      await endpoints?.close()
      trainer?.close()
      metrics?.close()
      alarms?.close()
      topic?.close()
      packages?.close()
    },
  }
}

const addressed = (access: AwsAccess, endpoint: string | undefined): AwsAccess =>
  endpoint === undefined ? access : { ...access, endpoint }
