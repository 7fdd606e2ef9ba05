import type { AlarmHistoryItem } from '../../core/contracts/cloudwatch.ts'
import type { EpochSeconds } from '../../core/time.ts'

/** A stretch in which an alarm was in ALARM, within a day. */
export interface AlarmTime {
  readonly alarm: string
  readonly from: EpochSeconds
  /** Null while it goes on at the end of the day. */
  readonly to: EpochSeconds | null
  /** It was in ALARM before the day began. */
  readonly began_before: boolean
  readonly reason: string
}

/**
 * The stretches of a day in which alarms were in ALARM, by their state changes in `(from, to]`, oldest first. An alarm
 * whose first change of the day leaves ALARM was in it when the day began; one without any change says nothing.
 */
export function alarmTimes(
  history: readonly AlarmHistoryItem[],
  day: { readonly from: EpochSeconds; readonly to: EpochSeconds },
): AlarmTime[] {
  const times: AlarmTime[] = []
  const open = new Map<string, { from: EpochSeconds; before: boolean; reason: string }>()
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  for (const { AlarmName, HistoryItemType, Timestamp, HistoryData } of history) {
    if (HistoryItemType !== 'StateUpdate') continue
    const [from, to] = [text(HistoryData['from']), text(HistoryData['to'])]
    if (from === 'ALARM') {
      const began = open.get(AlarmName) ?? { from: day.from, before: true, reason: '' }
      times.push({
        alarm: AlarmName,
        from: began.from,
        to: Timestamp,
        began_before: began.before,
        reason: began.reason,
      })
      open.delete(AlarmName)
    }
    if (to === 'ALARM')
      open.set(AlarmName, { from: Timestamp, before: false, reason: text(HistoryData['reason']) })
  }
  for (const [alarm, { from, before, reason }] of open)
    times.push({ alarm, from, to: null, began_before: before, reason })
  return times.sort((a, b) => a.from - b.from || (a.alarm < b.alarm ? -1 : 1))
}
