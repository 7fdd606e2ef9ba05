import type { AlarmWindow } from '../../../core/alarm-window.ts'
import type { MetricAlarm } from '../../../core/contracts/cloudwatch.ts'
import { canonicalJson } from '../../../core/hash.ts'
import { HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { MetricStore } from '../../ports.ts'

/** What is expected of a period. */
export interface Edges {
  readonly lower: number
  readonly upper: number
}

/** Bands of alarms, by the beginnings of their periods; a period that nothing is expected of has none. */
export type Bands = (alarm: MetricAlarm, window: AlarmWindow) => Promise<ReadonlyMap<EpochSeconds, Edges>>

/**
 * A band is learnt from two weeks of data, so it is learnt once an hour, as of the whole hour in which the evaluation range
 * begins: whoever starts in the middle of it learns the same.
 */
export function openBands(metrics: Pick<MetricStore, 'getMetricData'>): Bands {
  const learnt = new Map<string, { readonly of: string; readonly edges: ReadonlyMap<EpochSeconds, Edges> }>()
  return async (alarm, { StartTime, Period, Periods }) => {
    const hour = Math.floor(StartTime / HOUR_SECONDS) * HOUR_SECONDS
    const of = `${hour} ${canonicalJson([alarm.Metrics, alarm.ThresholdMetricId])}`
    const known = learnt.get(alarm.AlarmName)
    if (known?.of === of) return known.edges
    const results = await metrics.getMetricData({
      MetricDataQueries: alarm.Metrics.map((query) => ({
        ...query,
        ReturnData: query.Id === alarm.ThresholdMetricId,
      })),
      StartTime: hour,
      EndTime: hour + HOUR_SECONDS + Periods * Period,
    })
    const values = new Map<EpochSeconds, number[]>()
    for (const { Timestamps, Values } of results)
      for (const [i, t] of Timestamps.entries())
        values.set(t, [...(values.get(t) ?? []), Values[i] ?? Number.NaN])
    const edges = new Map(
      [...values]
        .filter(([, both]) => both.length === 2)
        .map(([t, both]) => [t, { lower: Math.min(...both), upper: Math.max(...both) }]),
    )
    // Without enough data there is none yet; there may be in a minute.
    if (edges.size > 0) learnt.set(alarm.AlarmName, { of, edges })
    return edges
  }
}
