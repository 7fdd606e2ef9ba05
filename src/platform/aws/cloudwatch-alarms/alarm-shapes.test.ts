import { expect, it } from 'vitest'
import { alarmsFor } from '../../../operations/alarms/alarms-for.ts'
import { historyItem } from './alarm-history.ts'
import { describedAlarms, metricAlarmInput, portMetricAlarm } from './alarm-shapes.ts'
import { outerFirst } from './outer-first.ts'

const table = alarmsFor({
  endpoint: 'bikeshare-prod',
  city: 'nyc',
  namespace: 'Bikeshare/Model',
  variants: ['AllTraffic'],
  stations: 2000,
  floors: undefined,
})

it('an alarm comes back as it was put, whatever CloudWatch fills in', () => {
  for (const alarm of table) {
    if ('AlarmRule' in alarm) continue
    const input = metricAlarmInput(alarm, () => [])
    const filled = {
      ...input,
      ActionsEnabled: true,
      Metrics: input.Metrics?.map((query) => ({ ReturnData: true, ...query })),
      ...(input.ThresholdMetricId === undefined ? {} : { Threshold: 0 }),
    }
    expect(portMetricAlarm(filled)).toEqual(alarm)
  }
})

it('an alarm that a template made on one metric is the one of the table', () => {
  const wanted = table.find(({ AlarmName }) => AlarmName === 'prod-feature-drift-warn')
  expect(
    portMetricAlarm({
      AlarmName: 'prod-feature-drift-warn',
      AlarmDescription: wanted?.AlarmDescription,
      Namespace: 'Bikeshare/Model',
      MetricName: 'PSI',
      Dimensions: [
        { Name: 'City', Value: 'nyc' },
        { Name: 'EndpointName', Value: 'bikeshare-prod' },
      ],
      Statistic: 'Maximum',
      Period: 3600,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 0.2,
    }),
  ).toEqual(wanted)
})

it('a state is as old as its last change, to the second after it', () => {
  const [described] = describedAlarms({
    MetricAlarms: [
      {
        AlarmName: 'a',
        StateValue: 'ALARM',
        StateUpdatedTimestamp: new Date('2024-05-14T13:00:00Z'),
        StateTransitionedTimestamp: new Date('2024-05-14T12:00:00.001Z'),
      },
    ],
  })
  expect(described).toMatchObject({ StateValue: 'ALARM', StateUpdatedTimestamp: 1_715_688_001 })
})

it('a line of history is read as CloudWatch writes it', () => {
  const item = historyItem({
    AlarmName: 'prod-20m-zero',
    Timestamp: new Date('2024-05-14T12:00:00.4Z'),
    HistoryItemType: 'StateUpdate',
    HistorySummary: 'Alarm updated from OK to ALARM',
    HistoryData: JSON.stringify({
      version: '1.0',
      oldState: { stateValue: 'OK', stateReason: 'fine' },
      newState: {
        stateValue: 'ALARM',
        stateReason: 'Threshold Crossed: 4 datapoints',
        stateReasonData: {
          version: '1.0',
          threshold: 0,
          evaluatedDatapoints: [{ timestamp: '2024-05-14T11:55:00.000+0000', sampleCount: 1, value: 0 }],
        },
      },
    }),
  })
  expect(item).toEqual({
    AlarmName: 'prod-20m-zero',
    Timestamp: 1_715_688_001,
    HistoryItemType: 'StateUpdate',
    HistorySummary: 'Alarm updated from OK to ALARM',
    HistoryData: {
      from: 'OK',
      to: 'ALARM',
      reason: 'Threshold Crossed: 4 datapoints',
      threshold: 0,
      datapoints: [{ t: 1_715_687_700, value: 0 }],
    },
  })
  expect(historyItem({ HistoryItemType: 'StateUpdate', HistoryData: '{' })?.HistoryData).toEqual({})
  expect(historyItem({ HistoryItemType: 'AlarmContributorAction' })).toBeUndefined()
})

it('composite alarms are deleted before those that they look at', () => {
  const alarm = (AlarmName: string, AlarmRule: string) => ({ AlarmName, AlarmRule })
  expect(
    outerFirst([alarm('a', 'ALARM(x)'), alarm('b', 'ALARM("a") AND OK(c)'), alarm('c', 'ALARM("a")')]),
  ).toEqual(['b', 'c', 'a'])
})
