import {
  aws_budgets as budgets,
  aws_cloudwatch as cloudwatch,
  aws_sns as sns,
  Aws,
  Stack,
  type StackProps,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { CompositeAlarm, MetricAlarm, MetricDataQuery } from '../../src/core/contracts/cloudwatch.ts'
import { TARGETS } from '../../src/core/contracts/features.ts'
import { endpointName } from '../../src/core/names.ts'
import { alarmsFor } from '../../src/operations/alarms/alarms-for.ts'
import { dashboardBody } from '../../src/operations/alarms/dashboard-body.ts'
import type { Settings } from '../settings.ts'

/**
 * The topic that alarms tell, the alarms of every endpoint in production, a dashboard, and a budget. `bikeshare run` keeps the
 * alarms from here on: an A/B has other variants, and a model bounds of its own.
 */
export class MonitoringStack extends Stack {
  readonly topicArn: string

  constructor(scope: Construct, id: string, props: StackProps & { readonly settings: Settings }) {
    super(scope, id, props)
    const { settings } = props
    const topic = new sns.CfnTopic(this, 'Alarms', {
      // Without a key of KMS: alarms may not use AWS's own for SNS, and would tell nobody. SNS encrypts what it stores anyway.
      topicName: 'bikeshare-alarms',
    })
    this.topicArn = topic.ref
    if (settings.alarm_email !== '')
      new sns.CfnSubscription(this, 'Mail', {
        topicArn: topic.ref,
        protocol: 'email',
        endpoint: settings.alarm_email,
      })
    const endpoints = settings.cities.flatMap((city) =>
      TARGETS.map((target) => ({ city, endpoint: endpointName('prod', target, city.prefix) })),
    )
    for (const { city, endpoint } of endpoints) {
      const alarms = alarmsFor({
        endpoint,
        city: city.name,
        namespace: settings.config.cw_custom_ns,
        variants: ['AllTraffic'],
        stations: city.stations,
        floors: undefined,
      })
      const made = new Map(alarms.map((alarm) => [alarm.AlarmName, this.#alarm(alarm, topic.ref)]))
      for (const alarm of alarms)
        if ('AlarmRule' in alarm)
          for (const [name, watched] of made)
            if (alarm.AlarmRule.includes(`"${name}"`))
              made.get(alarm.AlarmName)?.addResourceDependency(watched)
    }
    new cloudwatch.CfnDashboard(this, 'Dashboard', {
      dashboardName: 'bikeshare',
      dashboardBody: this.toJsonString(
        dashboardBody({
          region: Aws.REGION,
          namespace: settings.config.cw_custom_ns,
          endpoints: endpoints.map(({ city, endpoint }) => ({ endpoint, city: city.name })),
        }),
      ),
    })
    if (settings.monthly_budget_usd > 0) this.#budget(settings)
  }

  #alarm(
    alarm: MetricAlarm | CompositeAlarm,
    topicArn: string,
  ): cloudwatch.CfnAlarm | cloudwatch.CfnCompositeAlarm {
    const common = {
      alarmName: alarm.AlarmName,
      alarmDescription: alarm.AlarmDescription,
      alarmActions: [topicArn],
      okActions: [topicArn],
    }
    const id = `Alarm-${alarm.AlarmName}`
    if ('AlarmRule' in alarm)
      return new cloudwatch.CfnCompositeAlarm(this, id, { ...common, alarmRule: alarm.AlarmRule })
    return new cloudwatch.CfnAlarm(this, id, {
      ...common,
      metrics: alarm.Metrics.map(query),
      comparisonOperator: alarm.ComparisonOperator,
      ...(alarm.Threshold !== undefined && { threshold: alarm.Threshold }),
      ...(alarm.ThresholdMetricId !== undefined && { thresholdMetricId: alarm.ThresholdMetricId }),
      evaluationPeriods: alarm.EvaluationPeriods,
      datapointsToAlarm: alarm.DatapointsToAlarm,
      treatMissingData: alarm.TreatMissingData,
    })
  }

  #budget({ alarm_email, monthly_budget_usd }: Settings): void {
    const tell = (notificationType: string, threshold: number) => ({
      notification: {
        comparisonOperator: 'GREATER_THAN',
        notificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'EMAIL', address: alarm_email }],
    })
    new budgets.CfnBudget(this, 'Budget', {
      budget: {
        budgetName: 'bikeshare',
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthly_budget_usd, unit: 'USD' },
      },
      notificationsWithSubscribers: [tell('ACTUAL', 80), tell('FORECASTED', 100)],
    })
  }
}

function query(q: MetricDataQuery): cloudwatch.CfnAlarm.MetricDataQueryProperty {
  return {
    id: q.Id,
    returnData: q.ReturnData ?? true,
    ...(q.Label !== undefined && { label: q.Label }),
    ...(q.Expression !== undefined && { expression: q.Expression }),
    ...(q.MetricStat && {
      metricStat: {
        metric: {
          namespace: q.MetricStat.Metric.Namespace,
          metricName: q.MetricStat.Metric.MetricName,
          dimensions: Object.entries(q.MetricStat.Metric.Dimensions).map(([name, value]) => ({
            name,
            value,
          })),
        },
        period: q.MetricStat.Period,
        stat: q.MetricStat.Stat,
        ...(q.MetricStat.Unit !== undefined && { unit: q.MetricStat.Unit }),
      },
    }),
  }
}
