import type { Chart, Point } from '../../../core/contracts/api/common.ts'
import type { MetricAlarm } from '../../../core/contracts/cloudwatch.ts'
import { canonicalJson, sha256 } from '../../../core/hash.ts'
import { HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { gridOf, type Window } from './metric-lines.ts'
import { cacheOf, kept } from './read-cache.ts'

/** A band is learnt from what lies before the span that is asked for: so it is asked for in spans of this length. */
const SPAN_SECONDS = 3 * HOUR_SECONDS

type Edges = readonly [lower: number, upper: number]

/**
 * The band that an endpoint's latency was expected in, in milliseconds, as its alarm is set; each three hours as learnt from the
 * two weeks before them. Null without an alarm that has one, or enough to learn from.
 */
export async function latencyBand(
  source: CitySource,
  alarms: readonly MetricAlarm[],
  window: Window,
): Promise<Chart['band']> {
  const alarm = alarms.find(
    ({ ThresholdMetricId, Metrics }) =>
      ThresholdMetricId !== undefined &&
      Metrics.some(({ MetricStat }) => MetricStat?.Metric.MetricName === 'ModelLatency'),
  )
  const period = alarm?.Metrics.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period
  if (!alarm || period === undefined) return null
  const spans: EpochSeconds[] = []
  for (
    let from = Math.floor(window.from / SPAN_SECONDS) * SPAN_SECONDS;
    from <= window.to;
    from += SPAN_SECONDS
  )
    spans.push(from)
  const bands = await Promise.all(spans.map((from) => spanBand(source, alarm, from)))
  const edges = new Map(bands.flatMap((band) => [...band]))
  const pick = (side: 0 | 1): Point[] =>
    gridOf({ period, atBegin: false }, window, (t) => edges.get(t)?.[side], 1000)
  return edges.size === 0 ? null : { lower: pick(0), upper: pick(1) }
}

async function spanBand(
  source: CitySource,
  alarm: MetricAlarm,
  from: EpochSeconds,
): Promise<ReadonlyMap<EpochSeconds, Edges>> {
  const set = sha256(canonicalJson(alarm.Metrics))
  // What it is learnt from lies before it, and is over.
  return kept(cacheOf(source).answers, `band/${alarm.AlarmName}/${from}`, set, async () => {
    const results = await source.platform.metrics.getMetricData({
      MetricDataQueries: alarm.Metrics.map((query) => ({
        ...query,
        ReturnData: query.Id === alarm.ThresholdMetricId,
      })),
      StartTime: from,
      EndTime: from + SPAN_SECONDS,
    })
    const values = new Map<EpochSeconds, number[]>()
    for (const { Timestamps, Values } of results)
      for (const [i, t] of Timestamps.entries())
        values.set(t, [...(values.get(t) ?? []), Values[i] ?? Number.NaN])
    return new Map(
      [...values].flatMap(([t, both]): [EpochSeconds, Edges][] =>
        both.length === 2 ? [[t, [Math.min(...both), Math.max(...both)]]] : [],
      ),
    )
  })
}
