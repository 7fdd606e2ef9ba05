import {
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  type CloudWatchClient,
} from '@aws-sdk/client-cloudwatch'
import { cloudWatchCall } from '../cloudwatch-error.ts'
import { chunks, MOST_NAMES } from './many-names.ts'

/** What of an alarm is looked at. */
interface Alarm {
  readonly AlarmName?: string | undefined
  /** Without it they are. */
  readonly ActionsEnabled?: boolean | undefined
}

/** Has the alarms that `isMuted` names take no actions, and the others take theirs; asks for nothing that is so already. */
export async function muteActions(
  client: CloudWatchClient,
  alarms: readonly Alarm[],
  isMuted: (alarmName: string) => boolean,
): Promise<void> {
  const differing = (enabled: boolean): string[] =>
    alarms.flatMap(({ AlarmName = '', ActionsEnabled = true }) =>
      ActionsEnabled === enabled && isMuted(AlarmName) === enabled ? [AlarmName] : [],
    )
  for (const AlarmNames of chunks(differing(true), MOST_NAMES)) {
    const command = new DisableAlarmActionsCommand({ AlarmNames })
    await cloudWatchCall('DisableAlarmActions', `alarms ${AlarmNames.join(', ')}`, client.send(command))
  }
  for (const AlarmNames of chunks(differing(false), MOST_NAMES)) {
    const command = new EnableAlarmActionsCommand({ AlarmNames })
    await cloudWatchCall('EnableAlarmActions', `alarms ${AlarmNames.join(', ')}`, client.send(command))
  }
}
