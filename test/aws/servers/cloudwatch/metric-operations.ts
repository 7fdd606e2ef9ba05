import { z } from 'zod'
import type { MetricDataResult } from '../../../../src/core/contracts/cloudwatch.ts'
import type { MetricStore } from '../../../../src/platform/ports.ts'
import { AwsRefusal } from '../protocol.ts'
import { pageOf } from './pages.ts'
import { answeredMetric, datum, query } from './shapes.ts'
import type { CloudWatchParts, Operation } from './operation.ts'

const MOST_DATA = 1000
const MOST_QUERIES = 500

const putInput = z.object({ Namespace: z.string(), MetricData: z.array(datum) })
const getInput = z.object({
  MetricDataQueries: z.array(query),
  StartTime: z.number(),
  EndTime: z.number(),
  NextToken: z.string().optional(),
  ScanBy: z.enum(['TimestampAscending', 'TimestampDescending']).default('TimestampDescending'),
  MaxDatapoints: z.number().optional(),
})
const listInput = z.object({
  Namespace: z.string().exactOptional(),
  MetricName: z.string().exactOptional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
  NextToken: z.string().optional(),
})

/** The calls about metrics. */
export function metricOperations({ metrics, clock, pageSize }: CloudWatchParts): Record<string, Operation> {
  return {
    async PutMetricData(input) {
      const { Namespace, MetricData } = putInput.parse(input)
      if (MetricData.length > MOST_DATA)
        throw new AwsRefusal(
          'InvalidParameterValueException',
          `The collection MetricData must not have a size greater than ${MOST_DATA}.`,
        )
      await metrics.putMetricData(
        Namespace,
        MetricData.map((each) => ({ ...each, Timestamp: each.Timestamp ?? clock() })),
      )
      return {}
    },
    async GetMetricData(input) {
      const { MetricDataQueries, StartTime, EndTime, NextToken, ScanBy, MaxDatapoints } =
        getInput.parse(input)
      if (MetricDataQueries.length > MOST_QUERIES)
        throw new AwsRefusal('ValidationError', `There are more than ${MOST_QUERIES} queries.`)
      const results = await metrics.getMetricData({ MetricDataQueries, StartTime, EndTime })
      const points = results.flatMap((result, i) => pointsOf(result, i, ScanBy === 'TimestampDescending'))
      const page = pageOf(points, pageSize ?? MaxDatapoints ?? 100_800, NextToken)
      return {
        MetricDataResults: results.map(({ Id, Label }, i) => {
          const own = page.items.filter((point) => point.of === i)
          return {
            Id,
            Label,
            Timestamps: own.map(({ at }) => new Date(at * 1000)),
            Values: own.map(({ value }) => value),
            StatusCode: page.NextToken === undefined ? 'Complete' : 'PartialData',
          }
        }),
        Messages: [],
        ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
      }
    },
    async ListMetrics(input) {
      const { Namespace, MetricName, Dimensions, NextToken } = listInput.parse(input)
      const found = await metrics.listMetrics({
        ...(Namespace !== undefined && { Namespace }),
        ...(MetricName !== undefined && { MetricName }),
        ...dimensionFilter(Dimensions),
      })
      const page = pageOf(found, pageSize ?? 500, NextToken)
      return {
        Metrics: page.items.map(answeredMetric),
        ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
      }
    },
  }
}

function dimensionFilter(
  list: readonly { Name: string; Value?: string | undefined }[],
): Pick<NonNullable<Parameters<MetricStore['listMetrics']>[0]>, 'Dimensions'> {
  const named = list.flatMap(({ Name, Value }) => (Value === undefined ? [] : [[Name, Value] as const]))
  return named.length > 0 ? { Dimensions: Object.fromEntries(named) } : {}
}

function pointsOf({ Timestamps, Values }: MetricDataResult, of: number, descending: boolean) {
  const points = Timestamps.map((at, i) => ({ of, at, value: Values[i] }))
  return descending ? points.toReversed() : points
}
