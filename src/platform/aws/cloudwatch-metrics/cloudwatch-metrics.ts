import {
  CloudWatchClient,
  paginateGetMetricData,
  paginateListMetrics,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch'
import type { Metric } from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import { checkData } from '../../../core/metric-rules.ts'
import type { MetricStore, ObjectStore } from '../../ports.ts'
import { clientSettings, opened, type AwsAccess } from '../aws-access.ts'
import { cloudWatchCall } from '../cloudwatch-error.ts'
import { awsDimensions, awsQuery, dateOf, portMetric, secondsOf } from '../cloudwatch-shapes.ts'
import { collectResults } from './metric-results.ts'
import { putBatches } from './put-batches.ts'
import { openSentLedger } from './sent-ledger.ts'

export interface CloudWatchMetricsOptions {
  readonly access: AwsAccess
  /** The lake, which remembers what was put, so that a job that runs again counts once; without it CloudWatch counts it again. */
  readonly lake?: Pick<ObjectStore, 'get' | 'put'>
}

/** The port, and the end of its connections. */
export interface CloudWatchMetrics extends MetricStore {
  close(): void
}

/**
 * CloudWatch's metrics. A put is one request for up to 1000 data or 1 MB. Only a put that is killed between CloudWatch's answer
 * and the note of it, then made again, counts twice: CloudWatch itself has no way to tell.
 */
export function openCloudWatchMetrics({ access, lake }: CloudWatchMetricsOptions): CloudWatchMetrics {
  const client = opened(access, new CloudWatchClient(clientSettings(access)))
  const ledger = lake && openSentLedger(lake)

  return {
    async putMetricData(Namespace, data) {
      // Before the first request, so that nothing is taken of what is refused.
      checkData(Namespace, data, undefined)
      for (const MetricData of putBatches(data)) {
        const request = { namespace: Namespace, data: MetricData, time: secondsOf(MetricData[0]?.Timestamp) }
        if (await ledger?.has(request)) continue
        const command = new PutMetricDataCommand({ Namespace, MetricData })
        await cloudWatchCall('PutMetricData', `namespace ${Namespace}`, client.send(command))
        await ledger?.add(request)
      }
    },

    async getMetricData({ MetricDataQueries, StartTime, EndTime }) {
      if (!(Number.isInteger(StartTime) && Number.isInteger(EndTime) && StartTime < EndTime))
        throw new OperatorError(
          'BAD_INPUT',
          `GetMetricData: the window from ${StartTime} to ${EndTime} is empty`,
        )
      const collected = collectResults(MetricDataQueries)
      const pages = paginateGetMetricData(
        { client },
        {
          // Without a label CloudWatch makes up one of its own.
          MetricDataQueries: MetricDataQueries.map((query) => awsQuery({ Label: query.Id, ...query })),
          StartTime: dateOf(StartTime),
          EndTime: dateOf(EndTime),
          ScanBy: 'TimestampAscending',
        },
      )
      const read = async (): Promise<void> => {
        for await (const { MetricDataResults = [] } of pages) collected.add(MetricDataResults)
      }
      await cloudWatchCall('GetMetricData', `${MetricDataQueries.length} queries`, read())
      return collected.results()
    },

    async listMetrics({ Namespace, MetricName, Dimensions } = {}) {
      const found: Metric[] = []
      const pages = paginateListMetrics(
        { client },
        {
          ...(Namespace !== undefined && { Namespace }),
          ...(MetricName !== undefined && { MetricName }),
          ...(Dimensions && { Dimensions: awsDimensions(Dimensions) }),
        },
      )
      const read = async (): Promise<void> => {
        for await (const { Metrics = [] } of pages) found.push(...Metrics.map(portMetric))
      }
      await cloudWatchCall('ListMetrics', `namespace ${Namespace ?? '*'}`, read())
      return inOrder(found)
    },

    async maintain() {},
    close: () => client.destroy(),
  }
}

function inOrder(metrics: readonly Metric[]): Metric[] {
  const keyOf = ({ Namespace, MetricName, Dimensions }: Metric): string =>
    [Namespace, MetricName, ...awsDimensions(Dimensions).map(({ Name, Value }) => `${Name}\n${Value}`)].join(
      '\n',
    )
  return metrics
    .map((metric) => ({ metric, key: keyOf(metric) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ metric }) => metric)
}
