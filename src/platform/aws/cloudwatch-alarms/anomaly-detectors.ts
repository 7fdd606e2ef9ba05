import {
  DeleteAnomalyDetectorCommand,
  PutAnomalyDetectorCommand,
  type CloudWatchClient,
  type PutAnomalyDetectorInput,
} from '@aws-sdk/client-cloudwatch'
import type { MetricAlarm } from '../../../core/contracts/cloudwatch.ts'
import { isOperatorError } from '../../../core/errors.ts'
import { cloudWatchCall } from '../cloudwatch-error.ts'
import { awsDimensions, awsQuery } from '../cloudwatch-shapes.ts'

const BAND = /^\s*ANOMALY_DETECTION_BAND\(\s*([a-z]\w*)/

/** CloudWatch computes a band only of what it learns: makes the model of the series that the alarm's band is about, if any. */
export async function putDetector(client: CloudWatchClient, alarm: MetricAlarm): Promise<void> {
  const detector = detectorOf(alarm)
  if (!detector) return
  const command = new PutAnomalyDetectorCommand(detector)
  await cloudWatchCall('PutAnomalyDetector', `alarm ${alarm.AlarmName}`, client.send(command))
}

/** Ends the model; one that is not there is no error. */
export async function deleteDetector(client: CloudWatchClient, alarm: MetricAlarm): Promise<void> {
  const detector = detectorOf(alarm)
  if (!detector) return
  try {
    const command = new DeleteAnomalyDetectorCommand(detector)
    await cloudWatchCall('DeleteAnomalyDetector', `alarm ${alarm.AlarmName}`, client.send(command))
  } catch (error) {
    if (!isOperatorError(error, 'NOT_FOUND')) throw error
  }
}

/** A model is of a statistic of one metric, or of an expression. */
function detectorOf({ Metrics, ThresholdMetricId }: MetricAlarm): PutAnomalyDetectorInput | undefined {
  const band = Metrics.find(({ Id }) => Id === ThresholdMetricId)
  const id = BAND.exec(band?.Expression ?? '')?.[1]
  const about = Metrics.find(({ Id }) => Id === id)
  if (!about) return undefined
  if (about.MetricStat) {
    const { Metric, Stat } = about.MetricStat
    return {
      SingleMetricAnomalyDetector: { ...Metric, Dimensions: awsDimensions(Metric.Dimensions), Stat },
    }
  }
  const others = Metrics.filter((query) => query !== band)
  return {
    MetricMathAnomalyDetector: {
      MetricDataQueries: others.map((query) => awsQuery({ ...query, ReturnData: query === about })),
    },
  }
}
