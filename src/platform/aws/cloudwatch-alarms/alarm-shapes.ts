import type {
  CompositeAlarm as AwsComposite,
  DescribeAlarmsOutput,
  MetricAlarm as AwsMetricAlarm,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
} from '@aws-sdk/client-cloudwatch'
import type {
  AlarmDescription,
  ComparisonOperator,
  CompositeAlarm,
  MetricAlarm,
  MetricDataQuery,
  Statistic,
  TreatMissingData,
} from '../../../core/contracts/cloudwatch.ts'
import { awsQuery, portDimensions, portQuery, secondsAfter } from '../cloudwatch-shapes.ts'

/** ARNs of what an alarm is to tell when it goes into ALARM and when it is OK again: topics of SNS. */
export type ActionsOf = (alarmName: string) => readonly string[]

export function metricAlarmInput(alarm: MetricAlarm, actions: ActionsOf): PutMetricAlarmInput {
  return { ...alarm, Metrics: alarm.Metrics.map(awsQuery), ...actionsInput(alarm.AlarmName, actions) }
}

export function compositeAlarmInput(alarm: CompositeAlarm, actions: ActionsOf): PutCompositeAlarmInput {
  return { ...alarm, ...actionsInput(alarm.AlarmName, actions) }
}

function actionsInput(name: string, actions: ActionsOf) {
  const arns = [...actions(name)]
  return arns.length === 0 ? {} : { AlarmActions: arns, OKActions: arns }
}

/** The alarms of a page of DescribeAlarms. */
export function describedAlarms({
  MetricAlarms = [],
  CompositeAlarms = [],
}: DescribeAlarmsOutput): AlarmDescription[] {
  return [
    ...MetricAlarms.map((found) => described(found, portMetricAlarm(found))),
    ...CompositeAlarms.map((found) => described(found, portCompositeAlarm(found))),
  ]
}

function described(
  found: AwsMetricAlarm | AwsComposite,
  alarm: MetricAlarm | CompositeAlarm,
): AlarmDescription {
  return {
    alarm,
    StateValue: found.StateValue ?? 'INSUFFICIENT_DATA',
    StateReason: found.StateReason ?? '',
    // The other one also moves when only the reason does.
    StateUpdatedTimestamp: secondsAfter(found.StateTransitionedTimestamp ?? found.StateUpdatedTimestamp),
  }
}

/** As it was put; what CloudWatch fills in, and how else an alarm on one metric may be written, makes no difference. */
export function portMetricAlarm(found: AwsMetricAlarm): MetricAlarm {
  const { Metrics = [], Threshold, ThresholdMetricId, EvaluationPeriods = 0 } = found
  return {
    AlarmName: found.AlarmName ?? '',
    AlarmDescription: found.AlarmDescription ?? '',
    Metrics: Metrics.length > 0 ? Metrics.map(portQuery) : [onlyMetric(found)],
    ComparisonOperator: found.ComparisonOperator as ComparisonOperator,
    ...(Threshold !== undefined && ThresholdMetricId === undefined && { Threshold }),
    ...(ThresholdMetricId !== undefined && { ThresholdMetricId }),
    EvaluationPeriods,
    DatapointsToAlarm: found.DatapointsToAlarm ?? EvaluationPeriods,
    TreatMissingData: (found.TreatMissingData ?? 'missing') as TreatMissingData,
  }
}

export function portCompositeAlarm(found: AwsComposite): CompositeAlarm {
  return {
    AlarmName: found.AlarmName ?? '',
    AlarmDescription: found.AlarmDescription ?? '',
    AlarmRule: found.AlarmRule ?? '',
  }
}

/** The metric of an alarm that was put without queries, as CloudFormation does. */
function onlyMetric(found: AwsMetricAlarm): MetricDataQuery {
  return {
    Id: 'm',
    MetricStat: {
      Metric: {
        Namespace: found.Namespace ?? '',
        MetricName: found.MetricName ?? '',
        Dimensions: portDimensions(found.Dimensions),
      },
      Period: found.Period ?? 0,
      Stat: (found.ExtendedStatistic ?? found.Statistic ?? 'Average') as Statistic,
      ...(found.Unit !== undefined && { Unit: found.Unit }),
    },
  }
}
