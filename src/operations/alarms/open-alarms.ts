import type { AlarmDescription } from '../../core/contracts/cloudwatch.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import type { Severity } from './alarm-row.ts'
import { rowOf } from './alarm-table.ts'
import { readSilences, silenceOf, type Silence } from './silences.ts'

/** An alarm as operators see it. */
export interface AlarmView extends AlarmDescription {
  readonly name: string
  /** Of an alarm that is not from the table: `warn`. */
  readonly severity: Severity
  /** Anchor in docs/runbook.md; null for an alarm that is not from the table. */
  readonly runbook: string | null
  /** The silence that holds now. */
  readonly silence: Silence | null
}

/** Every alarm with its state and the silence that holds at `now`, by name. */
export async function openAlarms(
  platform: Pick<Platform, 'alarms' | 'store'>,
  now: EpochSeconds,
): Promise<AlarmView[]> {
  const [descriptions, silences] = await Promise.all([
    platform.alarms.describeAlarms(),
    readSilences(platform.store),
  ])
  return descriptions.map((description) => {
    const name = description.alarm.AlarmName
    const row = rowOf(name)
    return {
      ...description,
      name,
      severity: row?.severity ?? 'warn',
      runbook: row?.runbook ?? null,
      silence: silenceOf(silences, name, now) ?? null,
    }
  })
}
