import { seededRandom } from '../../../src/core/seeded-random.ts'
import { openAlarmStore } from '../../../src/platform/local/alarm-store/alarm-store.ts'
import { openDirectoryStore } from '../../../src/platform/local/directory-store.ts'
import { openEndpointHost } from '../../../src/platform/local/endpoint-host/endpoint-host.ts'
import { openMetricStore } from '../../../src/platform/local/metric-store/metric-store.ts'
import type { S3Location } from '../../../src/platform/aws/s3-location.ts'
import type { AlarmStore, MetricStore, ObjectStore } from '../../../src/platform/ports.ts'
import { openCloudWatchServer, type CloudWatchServer } from './cloudwatch/server.ts'
import { openOwnFolder } from './own-folder.ts'
import { containerImages, IMAGE } from './sagemaker/images.ts'
import { packageOperations } from './sagemaker/package-operations.ts'
import { openSageMakerServer, type SageMakerServer } from './sagemaker/server.ts'
import { openTrainingOperations } from './sagemaker/training-operations.ts'
import { xgboostImage } from '../../../src/platform/aws/sagemaker-trainer/xgboost-image.ts'

const DESCRIBE_MS = 25
export const SERVERS_REGION = 'ca-central-1'

export interface AwsServersOptions {
  /** The lake that lies in S3 at `lake`: archives are read from it, captures and trained models are written to it. */
  readonly store: ObjectStore
  readonly lake: S3Location
  readonly libraryPath: string
  /** Epoch seconds; without it the time is that of the newest datum that was put. */
  readonly clock?: () => number
  /** Alarms are evaluated whenever somebody asks for them, as of the time; else only by `evaluator`. */
  readonly evaluates?: boolean
  /** Models are served by the engine in this process instead of a container each: sooner there, and less like SageMaker. */
  readonly inProcess?: boolean
  /** Of the stopwatch behind latencies; stands still without it. */
  readonly elapsedMs?: () => number
}

/** SageMaker and CloudWatch on this machine, which know of each other as AWS's do. */
export interface AwsServers {
  readonly sagemaker: SageMakerServer
  readonly cloudwatch: CloudWatchServer
  /** What points the SDKs, boto3 and the AWS CLI at them. */
  readonly env: Readonly<Record<string, string>>
  /** What CloudWatch does by itself, when it is asked to. */
  readonly evaluator: AlarmStore
  readonly metrics: MetricStore
  close(): Promise<void>
}

/**
 * Starts both: endpoints put their metrics into CloudWatch, an update under guardrails heeds its alarms, and every model is
 * served by our real container.
 */
export async function openAwsServers(options: AwsServersOptions): Promise<AwsServers> {
  const { store, lake, libraryPath, inProcess = false } = options
  let newest = 0
  const clock = options.clock ?? (() => newest)
  const folder = await openOwnFolder()
  const behind = openDirectoryStore(folder.path)
  const metrics = openMetricStore({ store: behind })
  const evaluator = openAlarmStore({ store: behind, metrics, clock })
  const evaluated = async (): Promise<void> => {
    if (options.evaluates) await evaluator.evaluateAlarms(clock())
  }
  const cloudwatch = await openCloudWatchServer({
    clock,
    metrics: {
      ...metrics,
      async putMetricData(namespace, data) {
        await metrics.putMetricData(namespace, data)
        newest = data.reduce((latest, { Timestamp }) => Math.max(latest, Timestamp), newest)
      },
    },
    alarms: {
      ...evaluator,
      async describeAlarms() {
        await evaluated()
        return evaluator.describeAlarms()
      },
      async describeAlarmHistory(query) {
        await evaluated()
        return evaluator.describeAlarmHistory(query)
      },
    },
  })
  const images = containerImages(libraryPath)
  const command = images[IMAGE]
  const host = openEndpointHost({
    store,
    libraryPath,
    clock,
    elapsedMs: options.elapsedMs ?? (() => 0),
    random: seededRandom(1),
    metrics,
    alarms: evaluator,
    refreshMs: 0,
    // The built-in image's models are the same to our container.
    ...(!inProcess && command && { images: { ...images, [xgboostImage(SERVERS_REGION)]: command } }),
  })
  const training = openTrainingOperations({ store, lake, libraryPath, clock })
  const sagemaker = await openSageMakerServer({
    host,
    lake,
    operations: { ...training.operations, ...packageOperations(clock) },
    describeMs: inProcess ? 0 : DESCRIBE_MS,
  })
  return {
    sagemaker,
    cloudwatch,
    evaluator,
    metrics,
    env: {
      AWS_REGION: SERVERS_REGION,
      AWS_ENDPOINT_URL_SAGEMAKER: sagemaker.url,
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: sagemaker.url,
      AWS_ENDPOINT_URL_CLOUDWATCH: cloudwatch.url,
    },
    async close() {
      await training.settle()
      await sagemaker.close()
      await host.close()
      await cloudwatch.close()
      await folder.remove()
    },
  }
}
