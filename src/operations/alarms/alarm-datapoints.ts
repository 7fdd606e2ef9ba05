import { alarmWindow } from '../../core/alarm-window.ts'
import type { CompositeAlarm, MetricAlarm } from '../../core/contracts/cloudwatch.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { MetricStore } from '../../platform/ports.ts'

/** One period of an alarm; null where nothing was measured. `lower` and `upper` are there for an alarm with a band. */
export interface AlarmDatapoint {
  readonly t: EpochSeconds
  readonly value: number | null
  readonly lower?: number | null
  readonly upper?: number | null
}

/** The periods that an alarm looks at as of `now`, oldest first; none for a composite alarm. */
export async function datapointsOf(
  metrics: MetricStore,
  alarm: MetricAlarm | CompositeAlarm,
  now: EpochSeconds,
): Promise<AlarmDatapoint[]> {
  if ('AlarmRule' in alarm) return []
  const { StartTime, EndTime, Period, Periods } = alarmWindow(alarm, now)
  const results = await metrics.getMetricData({ MetricDataQueries: alarm.Metrics, StartTime, EndTime })
  const at = (t: EpochSeconds, isBand: boolean): number[] =>
    results
      .filter(({ Id }) => (Id === alarm.ThresholdMetricId) === isBand)
      .flatMap(({ Timestamps, Values }) => Values[Timestamps.indexOf(t)] ?? [])
  return Array.from({ length: Periods }, (_, i) => {
    const t = StartTime + i * Period
    const value = at(t, false)[0] ?? null
    if (alarm.ThresholdMetricId === undefined) return { t, value }
    const edges = at(t, true)
    return {
      t,
      value,
      lower: edges.length === 2 ? Math.min(...edges) : null,
      upper: edges.length === 2 ? Math.max(...edges) : null,
    }
  })
}
