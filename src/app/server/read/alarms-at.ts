import type { Alarm, SystemHealth } from '../../../core/contracts/api/system.ts'
import type { AlarmDescription, AlarmHistoryItem, StateValue } from '../../../core/contracts/cloudwatch.ts'
import { DAY_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import { alarmInWords, rowInWords } from '../../../operations/alarms/alarm-words.ts'
import { rowOf } from '../../../operations/alarms/alarm-table.ts'
import { readSilences, silenceOf } from '../../../operations/alarms/silences.ts'
import type { CitySource } from '../city-source.ts'
import { alarmRecords } from './alarm-records.ts'

/** Changes that are listed, at most. */
const MOST_CHANGES = 500
const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const

/** The alarms that were there at `at`, in the state that they had, those in ALARM first; and the changes of the last days. */
export async function alarmsAt(
  source: CitySource,
  at: EpochSeconds,
  days: number,
): Promise<Pick<SystemHealth, 'alarms' | 'alarm_history'>> {
  const { described, history } = await alarmRecords(source, at)
  const silences = await readSilences(source.platform.store)
  const alarms = described.flatMap((description): Alarm[] => {
    const state = stateAt(description, history, at)
    if (!state) return []
    const name = description.alarm.AlarmName
    const row = rowOf(name)
    const silence = silenceOf(silences, name, at)
    return [
      {
        name,
        severity: row?.severity ?? 'warn',
        ...state,
        condition: row ? rowInWords(row) : alarmInWords(description.alarm),
        runbook: row?.runbook ?? null,
        silence: silence ? { by: silence.by, why: silence.why, until: silence.until } : null,
      },
    ]
  })
  return {
    alarms: alarms.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)),
    alarm_history: changesIn(history, at - days * DAY_SECONDS, at),
  }
}

const rank = ({ state, severity }: Alarm): number =>
  (state === 'ALARM' ? 0 : 2) + (severity === 'crit' ? 0 : 1)

type State = Pick<Alarm, 'state' | 'reason' | 'since'>

/** The state of an alarm at `at`, by its history where it has changed since; undefined before there was any. */
function stateAt(
  { alarm, StateValue, StateReason, StateUpdatedTimestamp }: AlarmDescription,
  history: readonly AlarmHistoryItem[],
  at: EpochSeconds,
): State | undefined {
  if (StateUpdatedTimestamp <= at)
    return { state: StateValue, reason: StateReason, since: StateUpdatedTimestamp }
  const own = history.filter(({ AlarmName, Timestamp }) => AlarmName === alarm.AlarmName && Timestamp <= at)
  const last = own.findLast(({ HistoryItemType }) => HistoryItemType === 'StateUpdate')
  if (last)
    return {
      state: stateOf(last.HistoryData['to']) ?? 'INSUFFICIENT_DATA',
      reason: textOf(last.HistoryData['reason']),
      since: last.Timestamp,
    }
  const made = own.find(({ HistoryItemType }) => HistoryItemType === 'ConfigurationUpdate')
  return made && { state: 'INSUFFICIENT_DATA', reason: '', since: made.Timestamp }
}

/** Changes of state in `(from, to]`, the newest first. */
function changesIn(
  history: readonly AlarmHistoryItem[],
  from: EpochSeconds,
  to: EpochSeconds,
): SystemHealth['alarm_history'] {
  return history
    .filter(
      ({ HistoryItemType, Timestamp }) =>
        HistoryItemType === 'StateUpdate' && Timestamp > from && Timestamp <= to,
    )
    .slice(-MOST_CHANGES)
    .toReversed()
    .map(({ Timestamp, AlarmName, HistoryData }) => ({
      at: Timestamp,
      name: AlarmName,
      from: stateOf(HistoryData['from']) ?? null,
      to: stateOf(HistoryData['to']) ?? 'INSUFFICIENT_DATA',
      reason: textOf(HistoryData['reason']),
    }))
}

const stateOf = (value: unknown): StateValue | undefined => STATES.find((state) => state === value)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
