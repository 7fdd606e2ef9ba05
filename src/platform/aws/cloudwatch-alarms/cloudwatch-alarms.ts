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
import type { AlarmHistoryItem, CompositeAlarm, MetricAlarm } from '../../../core/contracts/cloudwatch.ts'
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
import { chunks, MOST_NAMES } from './many-names.ts'
import { muteActions } from './mute-actions.ts'
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

  /** Every alarm of ours. */
  const all = async (): Promise<Found> => {
    const found: Found = { MetricAlarms: [], CompositeAlarms: [] }
    const isOurs = ({ AlarmName = '' }: { AlarmName?: string | undefined }): boolean => owns(AlarmName)
    const pages = paginateDescribeAlarms({ client, pageSize: MOST_NAMES }, { AlarmTypes: BOTH })
    const read = async (): Promise<void> => {
      for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages) {
        found.MetricAlarms.push(...MetricAlarms.filter(isOurs))
        found.CompositeAlarms.push(...CompositeAlarms.filter(isOurs))
      }
    }
    await cloudWatchCall('DescribeAlarms', 'the alarms of the account', read())
    return found
  }

  /**
   * How the alarm of this name is there: `asItWas` when it is as it is to be, so that putting it again would be a change in its
   * history; `muted` when it takes no actions, which putting it would end.
   */
  const lookUp = async (
    alarm: MetricAlarm | CompositeAlarm,
    input: WithActions,
  ): Promise<{ readonly asItWas: boolean; readonly muted: boolean }> => {
    const name = alarm.AlarmName
    // What is no name is refused when it is put.
    if (name === '') return { asItWas: false, muted: false }
    const found = await find([name])
    const [description] = describedAlarms(found)
    if (!description) return { asItWas: false, muted: false }
    if ('AlarmRule' in description.alarm !== 'AlarmRule' in alarm)
      throw new OperatorError(
        'BAD_INPUT',
        `alarm "${name}": the name belongs to an alarm of the other kind`,
        'Delete that one first.',
      )
    const [there] = [...found.MetricAlarms, ...found.CompositeAlarms]
    const wanted = 'AlarmRule' in alarm ? alarm : portMetricAlarm(metricAlarmInput(alarm, actions))
    return {
      asItWas:
        canonicalJson(description.alarm) === canonicalJson(wanted) &&
        canonicalJson(there?.AlarmActions ?? []) === canonicalJson(input.AlarmActions ?? []) &&
        canonicalJson(there?.OKActions ?? []) === canonicalJson(input.OKActions ?? []),
      muted: there?.ActionsEnabled === false,
    }
  }

  return {
    async putMetricAlarm(alarm) {
      const input = metricAlarmInput(alarm, actions)
      // The alarm may have been made without it, by a template.
      await putDetector(client, alarm)
      const { asItWas, muted } = await lookUp(alarm, input)
      if (asItWas) return
      const command = new PutMetricAlarmCommand({ ...input, ActionsEnabled: !muted })
      await cloudWatchCall('PutMetricAlarm', `alarm ${alarm.AlarmName}`, client.send(command))
    },

    async putCompositeAlarm(alarm) {
      const input = compositeAlarmInput(alarm, actions)
      const { asItWas, muted } = await lookUp(alarm, input)
      if (asItWas) return
      const command = new PutCompositeAlarmCommand({ ...input, ActionsEnabled: !muted })
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
      return describedAlarms(await all()).sort((a, b) => (a.alarm.AlarmName < b.alarm.AlarmName ? -1 : 1))
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
    async muteActions(isMuted) {
      const { MetricAlarms, CompositeAlarms } = await all()
      await muteActions(client, [...MetricAlarms, ...CompositeAlarms], isMuted)
    },
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
