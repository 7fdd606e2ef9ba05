import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type AlarmType,
  type DescribeAlarmsOutput,
} from '@aws-sdk/client-cloudwatch'
import type {
  AlarmDescription,
  AlarmHistoryItem,
  CompositeAlarm,
  MetricAlarm,
} from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import { canonicalJson } from '../../../core/hash.ts'
import type { AlarmStore } from '../../ports.ts'
import { clientSettings, opened, type AwsAccess } from '../aws-access.ts'
import { cloudWatchCall } from '../cloudwatch-error.ts'
import { dateOf } from '../cloudwatch-shapes.ts'
import { historyItem } from './alarm-history.ts'
import {
  compositeAlarmInput,
  describedAlarms,
  metricAlarmInput,
  portCompositeAlarm,
  portMetricAlarm,
  type ActionsOf,
} from './alarm-shapes.ts'
import { deleteDetector, putDetector } from './anomaly-detectors.ts'
import { outerFirst } from './outer-first.ts'

export interface CloudWatchAlarmsOptions {
  readonly access: AwsAccess
  /** What every alarm is to tell; nothing without it. */
  readonly actions?: ActionsOf
  /** Which of the account's alarms are ours; all of them without it. */
  readonly owns?: (alarmName: string) => boolean
}

/** The port, and the end of its connections. */
export interface CloudWatchAlarms extends AlarmStore {
  close(): void
}

/** Without it CloudWatch describes metric alarms alone. */
const BOTH: AlarmType[] = ['MetricAlarm', 'CompositeAlarm']
const MOST_NAMES = 100

/** CloudWatch's alarms; it evaluates them by itself. */
export function openCloudWatchAlarms(options: CloudWatchAlarmsOptions): CloudWatchAlarms {
  const { access, actions = () => [], owns = () => true } = options
  const client = opened(access, new CloudWatchClient(clientSettings(access)))

  /** The alarms of these names that are there. */
  const find = async (names: readonly string[]): Promise<Found> => {
    const found: Found = { MetricAlarms: [], CompositeAlarms: [] }
    for (let i = 0; i < names.length; i += MOST_NAMES) {
      const some = names.slice(i, i + MOST_NAMES)
      const command = new DescribeAlarmsCommand({
        AlarmNames: some,
        AlarmTypes: BOTH,
        MaxRecords: MOST_NAMES,
      })
      const page = await cloudWatchCall('DescribeAlarms', `alarms ${some.join(', ')}`, client.send(command))
      found.MetricAlarms.push(...(page.MetricAlarms ?? []))
      found.CompositeAlarms.push(...(page.CompositeAlarms ?? []))
    }
    return found
  }

  /** True when the alarm is there as it is to be: putting it again would be a change in its history. */
  const isAsItWas = async (alarm: MetricAlarm | CompositeAlarm, input: WithActions): Promise<boolean> => {
    const name = alarm.AlarmName
    // What is no name is refused when it is put.
    if (name === '') return false
    const found = await find([name])
    const [description] = describedAlarms(found)
    if (!description) return false
    if ('AlarmRule' in description.alarm !== 'AlarmRule' in alarm)
      throw new OperatorError(
        'BAD_INPUT',
        `alarm "${name}": the name belongs to an alarm of the other kind`,
        'Delete that one first.',
      )
    const [there] = [...found.MetricAlarms, ...found.CompositeAlarms]
    const wanted = 'AlarmRule' in alarm ? alarm : portMetricAlarm(metricAlarmInput(alarm, actions))
    return (
      canonicalJson(description.alarm) === canonicalJson(wanted) &&
      canonicalJson(there?.AlarmActions ?? []) === canonicalJson(input.AlarmActions ?? []) &&
      canonicalJson(there?.OKActions ?? []) === canonicalJson(input.OKActions ?? [])
    )
  }

  return {
    async putMetricAlarm(alarm) {
      const input = metricAlarmInput(alarm, actions)
      // The alarm may have been made without it, by a template.
      await putDetector(client, alarm)
      if (await isAsItWas(alarm, input)) return
      await cloudWatchCall(
        'PutMetricAlarm',
        `alarm ${alarm.AlarmName}`,
        client.send(new PutMetricAlarmCommand(input)),
      )
    },

    async putCompositeAlarm(alarm) {
      const input = compositeAlarmInput(alarm, actions)
      if (await isAsItWas(alarm, input)) return
      const command = new PutCompositeAlarmCommand(input)
      await cloudWatchCall('PutCompositeAlarm', `alarm ${alarm.AlarmName}`, client.send(command))
    },

    async deleteAlarms(names) {
      // One that is not there would be an error.
      const { MetricAlarms, CompositeAlarms } = await find([...new Set(names)])
      // CloudWatch takes one composite alarm at a time, and none that another looks at.
      const composites = outerFirst(CompositeAlarms.map(portCompositeAlarm))
      const metric = MetricAlarms.map(({ AlarmName = '' }) => AlarmName)
      const calls = [...composites.map((name) => [name]), ...chunks(metric, MOST_NAMES)]
      for (const AlarmNames of calls) {
        const command = new DeleteAlarmsCommand({ AlarmNames })
        await cloudWatchCall('DeleteAlarms', `alarms ${AlarmNames.join(', ')}`, client.send(command))
      }
      for (const alarm of MetricAlarms) await deleteDetector(client, portMetricAlarm(alarm))
    },

    async describeAlarms() {
      const found: AlarmDescription[] = []
      const pages = paginateDescribeAlarms({ client, pageSize: MOST_NAMES }, { AlarmTypes: BOTH })
      const read = async (): Promise<void> => {
        for await (const page of pages) found.push(...describedAlarms(page))
      }
      await cloudWatchCall('DescribeAlarms', 'the alarms of the account', read())
      return found
        .filter(({ alarm }) => owns(alarm.AlarmName))
        .sort((a, b) => (a.alarm.AlarmName < b.alarm.AlarmName ? -1 : 1))
    },

    async describeAlarmHistory({ AlarmName, from, to }) {
      if (to <= from) return []
      const found: AlarmHistoryItem[] = []
      const pages = paginateDescribeAlarmHistory(
        { client, pageSize: MOST_NAMES },
        {
          ...(AlarmName !== undefined && { AlarmName }),
          AlarmTypes: BOTH,
          StartDate: dateOf(from),
          EndDate: dateOf(to),
          ScanBy: 'TimestampAscending',
        },
      )
      const read = async (): Promise<void> => {
        for await (const { AlarmHistoryItems = [] } of pages)
          found.push(...AlarmHistoryItems.map(historyItem).filter((item) => item !== undefined))
      }
      await cloudWatchCall('DescribeAlarmHistory', AlarmName ?? 'the alarms of the account', read())
      return found.filter((item) => item.Timestamp > from && item.Timestamp <= to && owns(item.AlarmName))
    },

    async setAlarmState({ AlarmName, StateValue, StateReason }) {
      const command = new SetAlarmStateCommand({ AlarmName, StateValue, StateReason })
      await cloudWatchCall('SetAlarmState', `alarm ${AlarmName}`, client.send(command))
    },

    async evaluateAlarms() {},
    close: () => client.destroy(),
  }
}

interface Found {
  readonly MetricAlarms: NonNullable<DescribeAlarmsOutput['MetricAlarms']>
  readonly CompositeAlarms: NonNullable<DescribeAlarmsOutput['CompositeAlarms']>
}

interface WithActions {
  readonly AlarmActions?: string[] | undefined
  readonly OKActions?: string[] | undefined
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let i = 0; i < all.length; i += size) parts.push(all.slice(i, i + size))
  return parts
}
