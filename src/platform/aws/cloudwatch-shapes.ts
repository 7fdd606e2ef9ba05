import type {
  Dimension,
  Metric as AwsMetric,
  MetricDataQuery as AwsQuery,
  StandardUnit,
} from '@aws-sdk/client-cloudwatch'
import type { Dimensions, Metric, MetricDataQuery, Statistic } from '../../core/contracts/cloudwatch.ts'

/** Dimensions as CloudWatch's list, by name. */
export function awsDimensions(dimensions: Dimensions): Dimension[] {
  return Object.entries(dimensions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Name, Value]) => ({ Name, Value }))
}

export function portDimensions(dimensions: readonly Dimension[] | undefined): Dimensions {
  return Object.fromEntries((dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]))
}

export function portMetric(metric: AwsMetric | undefined): Metric {
  return {
    Namespace: metric?.Namespace ?? '',
    MetricName: metric?.MetricName ?? '',
    Dimensions: portDimensions(metric?.Dimensions),
  }
}

export function awsQuery({ MetricStat, ...query }: MetricDataQuery): AwsQuery {
  if (!MetricStat) return query
  const { Metric, Period, Stat, Unit } = MetricStat
  return {
    ...query,
    MetricStat: {
      Metric: { ...Metric, Dimensions: awsDimensions(Metric.Dimensions) },
      Period,
      Stat,
      ...(Unit !== undefined && { Unit: Unit as StandardUnit }),
    },
  }
}

/** A query as it was put: what CloudWatch fills in by itself is left out. */
export function portQuery({ Id = '', MetricStat, Expression, Label, ReturnData }: AwsQuery): MetricDataQuery {
  return {
    Id,
    ...(MetricStat && {
      MetricStat: {
        Metric: portMetric(MetricStat.Metric),
        Period: MetricStat.Period ?? 0,
        Stat: MetricStat.Stat as Statistic,
        ...(MetricStat.Unit !== undefined && { Unit: MetricStat.Unit }),
      },
    }),
    ...(Expression !== undefined && { Expression }),
    ...(Label !== undefined && { Label }),
    ...(ReturnData === false && { ReturnData }),
  }
}

export const dateOf = (seconds: number): Date => new Date(seconds * 1000)
export const secondsOf = (date: Date | undefined): number => Math.floor(Number(date) / 1000)
/** The first whole second at or after it: what was looked for until then has not had it yet. */
export const secondsAfter = (date: Date | undefined): number => Math.ceil(Number(date) / 1000)
