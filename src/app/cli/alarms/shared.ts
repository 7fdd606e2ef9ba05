import type { StateValue } from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import { isoOf } from '../../../core/time.ts'
import { openAlarms, type AlarmView } from '../../../operations/alarms/open-alarms.ts'
import type { Silence } from '../../../operations/alarms/silences.ts'
import type { OpenLake } from '../command.ts'

/** One alarm of the list; state, since and reason are null for one that was never set. */
export interface ListedAlarm {
  readonly name: string
  readonly severity: string
  readonly state: StateValue | null
  readonly since: number | null
  readonly reason: string | null
  readonly silence: Silence | null
  readonly runbook: string | null
  readonly definition: AlarmView['alarm'] | null
}

/** An alarm as the list shows it. */
export function listed(view: AlarmView): ListedAlarm {
  const { name, severity, silence, runbook } = view
  return {
    name,
    severity,
    state: view.StateValue,
    since: view.StateUpdatedTimestamp,
    reason: view.StateReason,
    silence,
    runbook,
    definition: view.alarm,
  }
}

/** `until 2024-05-14T12:00:00Z, by ana: the feed moves`. */
export const silenceText = ({ until, by, why }: Silence): string => `until ${isoOf(until)}, by ${by}: ${why}`

/** The alarm; NOT_FOUND names those that there are. */
export async function requireAlarm(
  platform: OpenLake['platform'],
  name: string,
  now: number,
): Promise<AlarmView> {
  const views = await openAlarms(platform, now)
  const view = views.find((v) => v.name === name)
  if (view) return view
  throw new OperatorError('NOT_FOUND', `there is no alarm "${name}"`, 'See `bikeshare alarms list`.')
}
