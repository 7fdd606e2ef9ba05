import { alarmPeriod } from '../../../core/alarm-window.ts'
import type { Bound } from '../../../core/contracts/api/common.ts'
import type { AlarmDescription, CompositeAlarm, MetricAlarm } from '../../../core/contracts/cloudwatch.ts'
import { isProd } from '../../../core/names.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { alarmsFor } from '../../../operations/alarms/alarms-for.ts'
import { rowOf } from '../../../operations/alarms/alarm-table.ts'
import { qualityFloors } from '../../../operations/alarms/quality-floors.ts'
import {
  MAX_LATENCY_MS,
  MAX_PSI,
  MIN_F1,
  MIN_PR_AUC,
} from '../../../operations/release/gate/read-conditions.ts'
import type { CitySource } from '../city-source.ts'
import { servedBy } from './endpoints.ts'
import { stationList } from './station-list.ts'

/** What the gate holds a metric to, in the metric's own unit. */
const GATE: Readonly<Record<string, { readonly value: number; readonly breach: Bound['breach'] }>> = {
  'PR-AUC-24h': { value: MIN_PR_AUC, breach: 'below' },
  'F1-24h': { value: MIN_F1, breach: 'below' },
  ModelLatency: { value: MAX_LATENCY_MS * 1000, breach: 'above' },
  PSI: { value: MAX_PSI, breach: 'above' },
}

/** The metric alarms of an endpoint: as they are set, or as the table would set them before they are. */
export async function endpointAlarms(
  source: CitySource,
  set: readonly AlarmDescription[],
  endpoint: string,
  at: EpochSeconds,
): Promise<MetricAlarm[]> {
  const own = set.flatMap(({ alarm }) => (isMetric(alarm) && looksAt(alarm, endpoint) ? [alarm] : []))
  if (own.length > 0 || !isProd(endpoint)) return own
  const served = await servedBy(source, endpoint, at)
  if (!served) return []
  const made = alarmsFor({
    endpoint,
    city: source.info.city,
    namespace: source.config.cw_custom_ns,
    variants: served.variants.map(({ variant }) => variant),
    stations: (await stationList(source, at)).columns.station_id.length,
    floors: await qualityFloors(source.platform.store, served.variants),
  })
  return made.filter(isMetric)
}

/**
 * What a metric of an endpoint is held to: by its alarms, and in staging by the gate. `scale` is that of the chart, `period`
 * that of its points: a sum is only compared with a bound of the same period, unless that is 0.
 */
export function boundsOf(
  alarms: readonly MetricAlarm[],
  o: { readonly endpoint: string; readonly metric: string; readonly period: number; readonly scale?: number },
): Bound[] {
  const scale = o.scale ?? 1
  const own = alarms.flatMap((alarm): Bound[] => {
    const { Threshold: value, AlarmName: name, ComparisonOperator: operator } = alarm
    // A percentage, say, is no bound of the metrics that it is made of.
    const watches = alarm.Metrics.every(
      ({ MetricStat }) => !MetricStat || MetricStat.Metric.MetricName === o.metric,
    )
    const sums = alarm.Metrics.some(({ MetricStat }) => MetricStat?.Stat === 'Sum')
    if (value === undefined || !watches || (sums && value !== 0 && alarmPeriod(alarm) !== o.period)) return []
    const breach = operator.startsWith('Greater') ? 'above' : 'below'
    return [{ name, value: value / scale, breach, kind: rowOf(name)?.severity ?? 'warn' }]
  })
  const gate = isProd(o.endpoint) ? undefined : GATE[o.metric]
  return gate ? [...own, { name: 'gate', value: gate.value / scale, breach: gate.breach, kind: 'gate' }] : own
}

const isMetric = (alarm: MetricAlarm | CompositeAlarm): alarm is MetricAlarm => 'Metrics' in alarm

const looksAt = (alarm: MetricAlarm, endpoint: string): boolean =>
  alarm.Metrics.some(({ MetricStat }) => MetricStat?.Metric.Dimensions['EndpointName'] === endpoint)
