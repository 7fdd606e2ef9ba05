import type { Deployment } from '../../core/contracts/deployment.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { ALARM_TABLE } from '../alarms/alarm-table.ts'
import { qualityFloors } from '../alarms/quality-floors.ts'

/** What the alarms hold every model to. */
function alarmBound(figure: 'pr_auc' | 'f1'): number {
  for (const row of ALARM_TABLE)
    if (row.kind === 'metric' && row.threshold.kind === 'quality-floor' && row.threshold.figure === figure)
      return row.threshold.value
  throw new Error(`no alarm has a bound for ${figure}`)
}

/** The lowest quality that an endpoint is held to, as by its alarms: theirs, or its models' own bounds where these are higher. */
export async function qualityBounds(
  store: ObjectStore,
  { variants }: Deployment,
): Promise<{ pr_auc: number; f1: number }> {
  const own = await qualityFloors(store, variants)
  return {
    pr_auc: Math.max(alarmBound('pr_auc'), own?.pr_auc ?? 0),
    f1: Math.max(alarmBound('f1'), own?.f1 ?? 0),
  }
}
