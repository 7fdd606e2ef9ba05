import type { Chart, Series } from '../../../core/contracts/api/common.ts'
import type { Statistic } from '../../../core/contracts/cloudwatch.ts'
import type { MetricName } from '../../../core/contracts/metrics.ts'
import { HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { boundsOf, endpointAlarms } from './bounds.ts'
import { alarmRecords } from './alarm-records.ts'
import { chartOf, newestOf } from './chart.ts'
import { lastDays, modelLine, readLines, type Line } from './metric-lines.ts'
import { variantsIn } from './served-variants.ts'

interface Drawn {
  readonly id: string
  readonly metric: MetricName
  /** Beside it, for the same rows. */
  readonly persistence?: MetricName
  readonly byVariant?: boolean
  readonly stat?: Statistic
  readonly every?: number
}

/** The onset first: the one figure that tells a model from "it stays as it is". */
const CHARTS: readonly Drawn[] = [
  {
    id: 'onset',
    metric: 'Onset-PR-AUC-24h',
    persistence: 'Persistence-Onset-PR-AUC-24h',
    byVariant: true,
  },
  { id: 'prauc', metric: 'PR-AUC-24h', persistence: 'Persistence-PR-AUC-24h', byVariant: true },
  { id: 'f1', metric: 'F1-24h', byVariant: true },
  { id: 'brier', metric: 'Brier-24h', byVariant: true },
  { id: 'psi', metric: 'PSI', stat: 'Maximum', every: HOUR_SECONDS },
  { id: 'skew', metric: 'FeatureSkew', stat: 'Maximum', every: HOUR_SECONDS },
  { id: 'weather', metric: 'WeatherFaults', stat: 'Maximum', every: HOUR_SECONDS },
  { id: 'frozen', metric: 'FrozenStations', stat: 'Maximum', every: HOUR_SECONDS },
  { id: 'hit_rate', metric: 'ThresholdHitRate-24h' },
  { id: 'samples', metric: 'Samples-24h' },
  { id: 'heartbeat', metric: 'PredictionHeartbeat', stat: 'Minimum' },
]

/** Charts of an endpoint's own metrics over the last days, with what they are held to; those without any datapoint are left out. */
export async function modelCharts(
  source: CitySource,
  o: { readonly endpoint: string; readonly at: EpochSeconds; readonly days: number },
): Promise<Chart[]> {
  const { endpoint, at } = o
  const window = lastDays(at, o.days)
  const variants = await variantsIn(source, endpoint, window)
  const lines: Line[] = []
  const places = CHARTS.map((drawn) => {
    const first = lines.length
    const { stat, every } = drawn
    const how = { ...(stat && { stat }), ...(every && { every }) }
    lines.push(modelLine(source, endpoint, drawn.metric, window, how))
    if (drawn.persistence) lines.push(modelLine(source, endpoint, drawn.persistence, window, how))
    // One variant is the whole endpoint.
    if (drawn.byVariant && variants.length > 1)
      for (const variant of variants)
        lines.push(modelLine(source, endpoint, drawn.metric, window, { ...how, variant }))
    return { drawn, first, last: lines.length }
  })
  const series = await readLines(source, lines, window)
  const alarms = await endpointAlarms(source, (await alarmRecords(source)).described, endpoint, at)
  const samples = newestOf(series[places.find(({ drawn }) => drawn.id === 'samples')?.first ?? -1])
  return places.flatMap(({ drawn, first, last }) => {
    const own: Series[] = series.slice(first, last)
    const rows = drawn.metric.endsWith('-24h') ? samples : null
    const bounds = boundsOf(alarms, { endpoint, metric: drawn.metric, period: own[0]?.period ?? 0 })
    return chartOf(drawn.id, window, own, { bounds, samples: rows === null ? null : Math.round(rows) }) ?? []
  })
}
