import { z } from 'zod'
import type {
  ComparisonOperator,
  Dimensions,
  MetricAlarm,
  MetricDataQuery,
  Statistic,
  TreatMissingData,
} from '../../../../src/core/contracts/cloudwatch.ts'

/** JSON has no word for these; the SDKs write their names. */
const number = z.union([
  z.number(),
  z.nan(),
  z.literal(Number.POSITIVE_INFINITY),
  z.literal(Number.NEGATIVE_INFINITY),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number),
])
const dimensions = z
  .array(z.object({ Name: z.string(), Value: z.string() }))
  .default([])
  .transform((list): Dimensions => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])))
const metric = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions })

export const datum = z
  .object({
    MetricName: z.string(),
    Dimensions: dimensions,
    Timestamp: z.number().exactOptional(),
    Value: number.exactOptional(),
    Values: z.array(number).exactOptional(),
    Counts: z.array(number).exactOptional(),
    Unit: z.string().default('None'),
  })
  .refine((it) => it.Value !== undefined || it.Values !== undefined, 'neither Value nor Values')

export const query = z
  .object({
    Id: z.string(),
    MetricStat: z
      .object({
        Metric: metric,
        Period: z.number(),
        Stat: z.string().transform((stat) => stat as Statistic),
        Unit: z.string().exactOptional(),
      })
      .exactOptional(),
    Expression: z.string().exactOptional(),
    Label: z.string().exactOptional(),
    ReturnData: z.boolean().exactOptional(),
  })
  .transform((it): MetricDataQuery => it)

export const actions = {
  AlarmActions: z.array(z.string()).default([]),
  OKActions: z.array(z.string()).default([]),
}

/** PutMetricAlarm: on queries, or on one metric. */
export const metricAlarm = z
  .object({
    AlarmName: z.string(),
    AlarmDescription: z.string().default(''),
    Metrics: z.array(query).exactOptional(),
    Namespace: z.string().exactOptional(),
    MetricName: z.string().exactOptional(),
    Dimensions: dimensions,
    Statistic: z.string().exactOptional(),
    ExtendedStatistic: z.string().exactOptional(),
    Period: z.number().exactOptional(),
    ComparisonOperator: z.string(),
    Threshold: number.exactOptional(),
    ThresholdMetricId: z.string().exactOptional(),
    EvaluationPeriods: z.number(),
    DatapointsToAlarm: z.number().exactOptional(),
    TreatMissingData: z.string().default('missing'),
    ...actions,
  })
  .transform((it) => ({
    alarm: {
      AlarmName: it.AlarmName,
      AlarmDescription: it.AlarmDescription,
      Metrics: it.Metrics ?? [
        {
          Id: 'm',
          MetricStat: {
            Metric: {
              Namespace: it.Namespace ?? '',
              MetricName: it.MetricName ?? '',
              Dimensions: it.Dimensions,
            },
            Period: it.Period ?? 0,
            Stat: (it.ExtendedStatistic ?? it.Statistic ?? '') as Statistic,
          },
        },
      ],
      ComparisonOperator: it.ComparisonOperator as ComparisonOperator,
      ...(it.Threshold !== undefined && { Threshold: it.Threshold }),
      ...(it.ThresholdMetricId !== undefined && { ThresholdMetricId: it.ThresholdMetricId }),
      EvaluationPeriods: it.EvaluationPeriods,
      DatapointsToAlarm: it.DatapointsToAlarm ?? it.EvaluationPeriods,
      TreatMissingData: it.TreatMissingData as TreatMissingData,
    } satisfies MetricAlarm,
    actions: { AlarmActions: it.AlarmActions, OKActions: it.OKActions },
  }))

/** A query as DescribeAlarms gives it: with what was left out. */
export function answeredQuery({ MetricStat, ReturnData = true, ...rest }: MetricDataQuery): unknown {
  if (!MetricStat) return { ...rest, ReturnData }
  const { Metric, ...stat } = MetricStat
  return { ...rest, ReturnData, MetricStat: { ...stat, Metric: answeredMetric(Metric) } }
}

export function answeredMetric(of: {
  Namespace: string
  MetricName: string
  Dimensions: Dimensions
}): unknown {
  return {
    Namespace: of.Namespace,
    MetricName: of.MetricName,
    Dimensions: Object.entries(of.Dimensions).map(([Name, Value]) => ({ Name, Value })),
  }
}
