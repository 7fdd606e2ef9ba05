import { z } from 'zod'
import type {
  AlarmDescription,
  AlarmHistoryItem,
  CompositeAlarm,
  MetricAlarm,
} from '../../../../src/core/contracts/cloudwatch.ts'
import { AwsRefusal } from '../protocol.ts'
import { pageOf } from './pages.ts'
import type { CloudWatchParts, Operation } from './operation.ts'
import { actions, answeredQuery, metricAlarm } from './shapes.ts'

const compositeInput = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string().default(''),
  AlarmRule: z.string(),
  ...actions,
})
const kinds = z.array(z.enum(['MetricAlarm', 'CompositeAlarm']))
const describeInput = z.object({
  AlarmNames: z.array(z.string()).optional(),
  AlarmNamePrefix: z.string().default(''),
  AlarmTypes: kinds.default(['MetricAlarm']),
  StateValue: z.string().optional(),
  MaxRecords: z.number().default(50),
  NextToken: z.string().optional(),
})
const historyInput = z.object({
  AlarmName: z.string().exactOptional(),
  AlarmTypes: kinds.default(['MetricAlarm']),
  HistoryItemType: z.string().optional(),
  StartDate: z.number().default(0),
  EndDate: z.number().default(9_999_999_999),
  MaxRecords: z.number().default(100),
  NextToken: z.string().optional(),
  ScanBy: z.enum(['TimestampAscending', 'TimestampDescending']).default('TimestampDescending'),
})
const namesInput = z.object({ AlarmNames: z.array(z.string()) })
const enabledInput = z.object({ ActionsEnabled: z.boolean().default(true) })
const stateInput = z.object({
  AlarmName: z.string(),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  StateReason: z.string(),
})

type Actions = Readonly<Record<'AlarmActions' | 'OKActions', string[]>>

/** The calls about alarms, over the alarms that evaluate as CloudWatch's do. */
export function alarmOperations({ alarms, clock, pageSize }: CloudWatchParts): Record<string, Operation> {
  const actionsOf = new Map<string, Actions>()
  const muted = new Set<string>()
  const enable = (names: readonly string[], enabled: boolean): void => {
    for (const name of names)
      if (enabled) muted.delete(name)
      else muted.add(name)
  }
  const isComposite = (alarm: MetricAlarm | CompositeAlarm): alarm is CompositeAlarm => 'AlarmRule' in alarm
  const common = ({ alarm, ...state }: AlarmDescription) => {
    const changed = new Date(state.StateUpdatedTimestamp * 1000)
    return {
      AlarmName: alarm.AlarmName,
      AlarmArn: `arn:aws:cloudwatch:ca-central-1:000000000000:alarm:${alarm.AlarmName}`,
      AlarmDescription: alarm.AlarmDescription,
      AlarmConfigurationUpdatedTimestamp: changed,
      ActionsEnabled: !muted.has(alarm.AlarmName),
      AlarmActions: actionsOf.get(alarm.AlarmName)?.AlarmActions ?? [],
      OKActions: actionsOf.get(alarm.AlarmName)?.OKActions ?? [],
      InsufficientDataActions: [],
      StateValue: state.StateValue,
      StateReason: state.StateReason,
      StateUpdatedTimestamp: changed,
      StateTransitionedTimestamp: changed,
    }
  }

  return {
    async PutMetricAlarm(input) {
      const { alarm, actions: told } = metricAlarm.parse(input)
      await alarms.putMetricAlarm(alarm)
      actionsOf.set(alarm.AlarmName, told)
      enable([alarm.AlarmName], enabledInput.parse(input).ActionsEnabled)
      return {}
    },
    async PutCompositeAlarm(input) {
      const { AlarmActions, OKActions, ...alarm } = compositeInput.parse(input)
      await alarms.putCompositeAlarm(alarm)
      actionsOf.set(alarm.AlarmName, { AlarmActions, OKActions })
      enable([alarm.AlarmName], enabledInput.parse(input).ActionsEnabled)
      return {}
    },
    async DescribeAlarms(input) {
      const wanted = describeInput.parse(input)
      const found = (await alarms.describeAlarms()).filter(
        ({ alarm, StateValue }) =>
          (wanted.AlarmNames?.includes(alarm.AlarmName) ?? true) &&
          alarm.AlarmName.startsWith(wanted.AlarmNamePrefix) &&
          wanted.AlarmTypes.includes(isComposite(alarm) ? 'CompositeAlarm' : 'MetricAlarm') &&
          StateValue === (wanted.StateValue ?? StateValue),
      )
      const page = pageOf(found, pageSize ?? wanted.MaxRecords, wanted.NextToken)
      return {
        MetricAlarms: page.items.flatMap((each) =>
          isComposite(each.alarm)
            ? []
            : [{ ...each.alarm, Metrics: each.alarm.Metrics.map(answeredQuery), ...common(each) }],
        ),
        CompositeAlarms: page.items.flatMap((each) =>
          isComposite(each.alarm) ? [{ ...each.alarm, ...common(each) }] : [],
        ),
        ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
      }
    },
    async DescribeAlarmHistory(input) {
      const wanted = historyInput.parse(input)
      const kindOf = new Map(
        (await alarms.describeAlarms()).map(({ alarm }) => [alarm.AlarmName, isComposite(alarm)] as const),
      )
      const items = await alarms.describeAlarmHistory({
        ...(wanted.AlarmName !== undefined && { AlarmName: wanted.AlarmName }),
        from: Math.ceil(wanted.StartDate) - 1,
        to: Math.floor(wanted.EndDate),
      })
      const found = items
        .map((item) => answeredItem(item, kindOf.get(item.AlarmName) ?? 'AlarmRule' in dataAlarm(item)))
        .filter(({ AlarmType }) => wanted.AlarmTypes.includes(AlarmType))
        .filter((item) => item.HistoryItemType === (wanted.HistoryItemType ?? item.HistoryItemType))
      const ordered = wanted.ScanBy === 'TimestampAscending' ? found : found.toReversed()
      const page = pageOf(ordered, pageSize ?? wanted.MaxRecords, wanted.NextToken)
      return {
        AlarmHistoryItems: page.items,
        ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
      }
    },
    async DeleteAlarms(input) {
      const { AlarmNames } = namesInput.parse(input)
      const there = new Map((await alarms.describeAlarms()).map(({ alarm }) => [alarm.AlarmName, alarm]))
      const absent = AlarmNames.filter((name) => !there.has(name))
      if (absent.length > 0)
        throw new AwsRefusal('ResourceNotFound', `Alarms not found: ${absent.join(', ')}`, 404)
      const composites = AlarmNames.filter((name) => {
        const alarm = there.get(name)
        return alarm && isComposite(alarm)
      })
      if (composites.length > 0 && AlarmNames.length > 1)
        throw new AwsRefusal('ValidationError', 'A composite alarm is deleted in a call of its own.')
      await alarms.deleteAlarms(AlarmNames)
      for (const name of AlarmNames) actionsOf.delete(name)
      enable(AlarmNames, true)
      return {}
    },
    async DisableAlarmActions(input) {
      enable(namesInput.parse(input).AlarmNames, false)
      return {}
    },
    async EnableAlarmActions(input) {
      enable(namesInput.parse(input).AlarmNames, true)
      return {}
    },
    async SetAlarmState(input) {
      await alarms.setAlarmState({ ...stateInput.parse(input), now: clock() })
      return {}
    },
  }
}

const dataAlarm = ({ HistoryData }: AlarmHistoryItem): object => {
  const alarm = HistoryData['alarm']
  return alarm !== null && typeof alarm === 'object' ? alarm : {}
}

function answeredItem(item: AlarmHistoryItem, composite: boolean) {
  return {
    AlarmName: item.AlarmName,
    AlarmType: composite ? ('CompositeAlarm' as const) : ('MetricAlarm' as const),
    Timestamp: new Date(item.Timestamp * 1000),
    HistoryItemType: item.HistoryItemType,
    HistorySummary: item.HistorySummary,
    HistoryData: JSON.stringify(
      item.HistoryItemType === 'StateUpdate' ? stateUpdate(item) : { version: '1.0', ...item.HistoryData },
    ),
  }
}

/** CloudWatch's own form of it. */
function stateUpdate({ Timestamp, HistoryData }: AlarmHistoryItem): unknown {
  const { from, to, reason, datapoints, threshold } = HistoryData
  const evaluated = Array.isArray(datapoints)
    ? (datapoints as readonly { t?: number; value?: number | null }[])
    : []
  return {
    version: '1.0',
    oldState: { stateValue: from, stateReason: '' },
    newState: {
      stateValue: to,
      stateReason: reason,
      stateReasonData: {
        version: '1.0',
        queryDate: new Date(Timestamp * 1000).toISOString(),
        ...(typeof threshold === 'number' && { threshold }),
        evaluatedDatapoints: evaluated.flatMap(({ t, value }) =>
          t === undefined ? [] : [{ timestamp: new Date(t * 1000).toISOString(), value: value ?? undefined }],
        ),
      },
    },
  }
}
