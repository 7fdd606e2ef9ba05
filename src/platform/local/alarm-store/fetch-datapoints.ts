import { alarmWindow, type AlarmWindow } from '../../../core/alarm-window.ts'
import type { MetricAlarm, MetricDataQuery, MetricDataResult } from '../../../core/contracts/cloudwatch.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { MetricStore } from '../../ports.ts'
import type { Bands, Edges } from './bands.ts'
import type { Datapoint } from './datapoints.ts'

/** Where datapoints come from. */
export interface DatapointSource {
  readonly metrics: Pick<MetricStore, 'getMetricData'>
  readonly bands: Bands
}

/** Queries that CloudWatch takes in one GetMetricData. */
const MAX_QUERIES = 500

/**
 * The evaluation range of every alarm as of `now`, oldest first, by the alarm's name. Alarms that look at the same periods
 * share one query.
 */
export async function fetchDatapoints(
  { metrics, bands }: DatapointSource,
  alarms: readonly MetricAlarm[],
  now: EpochSeconds,
): Promise<Map<string, Datapoint[]>> {
  const found = new Map<string, Datapoint[]>()
  for (const { window, members } of batches(alarms, now)) {
    const results = await metrics.getMetricData({
      MetricDataQueries: members.flatMap((alarm, i) => queriesOf(alarm, prefixOf(i))),
      StartTime: window.StartTime,
      EndTime: window.EndTime,
    })
    for (const [i, alarm] of members.entries()) {
      const edges = alarm.ThresholdMetricId === undefined ? undefined : await bands(alarm, window)
      const values = seriesOf(results, `${prefixOf(i)}${comparedId(alarm)}`)
      found.set(alarm.AlarmName, read(window, values, edges))
    }
  }
  return found
}

interface Batch {
  readonly window: AlarmWindow
  readonly members: MetricAlarm[]
}

function batches(alarms: readonly MetricAlarm[], now: EpochSeconds): Batch[] {
  const all: Batch[] = []
  const open = new Map<string, { batch: Batch; queries: number }>()
  for (const alarm of alarms) {
    const window = alarmWindow(alarm, now)
    const shape = `${window.StartTime} ${window.EndTime} ${window.Period}`
    let entry = open.get(shape)
    if (!entry || entry.queries + alarm.Metrics.length > MAX_QUERIES) {
      entry = { batch: { window, members: [] }, queries: 0 }
      all.push(entry.batch)
      open.set(shape, entry)
    }
    entry.batch.members.push(alarm)
    entry.queries += alarm.Metrics.length
  }
  return all
}

const prefixOf = (i: number): string => `a${i}_`

/** The id of the query that is compared, not the band. */
function comparedId(alarm: MetricAlarm): string | undefined {
  return alarm.Metrics.find(({ Id, ReturnData }) => ReturnData !== false && Id !== alarm.ThresholdMetricId)
    ?.Id
}

/** The alarm's queries, without its band, under ids of their own, so that those of several alarms can stand side by side. */
function queriesOf(alarm: MetricAlarm, prefix: string): MetricDataQuery[] {
  const compared = comparedId(alarm)
  const queries = alarm.Metrics.filter(({ Id }) => Id !== alarm.ThresholdMetricId)
  const ids = new Set(queries.map(({ Id }) => Id))
  return queries.map((query) => ({
    ...query,
    Id: `${prefix}${query.Id}`,
    ReturnData: query.Id === compared,
    ...(query.Expression === undefined
      ? {}
      : {
          Expression: query.Expression.replaceAll(/[A-Za-z_]\w*/g, (word) =>
            ids.has(word) ? `${prefix}${word}` : word,
          ),
        }),
  }))
}

function seriesOf(results: readonly MetricDataResult[], id: string): ReadonlyMap<EpochSeconds, number> {
  const { Timestamps = [], Values = [] } = results.find(({ Id }) => Id === id) ?? {}
  return new Map(Timestamps.map((t, i) => [t, Values[i] ?? Number.NaN]))
}

function read(
  { StartTime, Period, Periods }: AlarmWindow,
  values: ReadonlyMap<EpochSeconds, number>,
  edges: ReadonlyMap<EpochSeconds, Edges> | undefined,
): Datapoint[] {
  return Array.from({ length: Periods }, (_, i) => {
    const t = StartTime + i * Period
    const value = values.get(t)
    const point = { t, value: value !== undefined && Number.isFinite(value) ? value : null }
    if (!edges) return point
    const { lower = null, upper = null } = edges.get(t) ?? {}
    return { ...point, lower, upper }
  })
}
