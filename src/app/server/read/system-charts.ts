import type { Chart } from '../../../core/contracts/api/common.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { LATENCY_LIMIT_US } from '../../../operations/slo/objectives.ts'
import type { CitySource } from '../city-source.ts'
import { boundsOf, endpointAlarms } from './bounds.ts'
import { alarmRecords } from './alarm-records.ts'
import { chartOf, newestOf } from './chart.ts'
import { latencyBand } from './latency-band.ts'
import { lastDays, modelLine, readLines, servingLine, type Line } from './metric-lines.ts'
import { variantsIn } from './served-variants.ts'

/** Charts of how the endpoints and the feed did over the last days; those without any datapoint are left out. */
export async function systemCharts(
  source: CitySource,
  o: { readonly endpoints: readonly string[]; readonly at: EpochSeconds; readonly days: number },
): Promise<Chart[]> {
  const window = lastDays(o.at, o.days)
  const set = (await alarmRecords(source)).described
  const [first] = o.endpoints
  if (first === undefined) return []
  const lines = new Map<string, Line[]>()
  const add = (id: string, ...more: readonly Line[]): void =>
    void lines.set(id, [...(lines.get(id) ?? []), ...more])
  for (const endpoint of o.endpoints) {
    for (const variant of await variantsIn(source, endpoint, window)) {
      const whose = { endpoint, variant, of: `${endpoint} ${variant}` }
      add('latency', servingLine(whose, 'ModelLatency', 'p95', window))
      if (endpoint === first)
        for (const stat of ['p50', 'p99'] as const)
          add('latency', servingLine(whose, 'ModelLatency', stat, window))
      add('invocations', servingLine(whose, 'Invocations', 'Sum', window))
      add('errors_4xx', servingLine(whose, 'Invocation4XXErrors', 'Sum', window))
      add('errors_5xx', servingLine(whose, 'Invocation5XXErrors', 'Sum', window))
    }
    add(
      'heartbeat',
      modelLine(source, endpoint, 'PredictionHeartbeat', window, { stat: 'Minimum', of: endpoint }),
    )
  }
  // Of the feed every endpoint has the same.
  add('feed_age', modelLine(source, first, 'FeedAge', window, { stat: 'Maximum' }))
  add('frozen', modelLine(source, first, 'FrozenStations', window, { stat: 'Maximum', every: 3600 }))
  add('ingest', { ...modelLine(source, first, 'IngestFailures', window, { stat: 'Sum' }), atBegin: false })
  const series = await readLines(source, [...lines.values()].flat(), window)
  const alarms = await endpointAlarms(source, set, first, o.at)
  const band = await latencyBand(source, alarms, window)
  const taken = new Map<string, typeof series>()
  let place = 0
  for (const [id, own] of lines) taken.set(id, series.slice(place, (place += own.length)))
  const requests = newestOf(taken.get('invocations')?.[0])
  return [...taken].flatMap(([id, own]) => {
    const scale = id === 'latency' ? 1000 : 1
    const metric = lines.get(id)?.[0]?.metric.MetricName ?? ''
    const bounds = boundsOf(alarms, { endpoint: first, metric, scale, period: own[0]?.period ?? 0 })
    if (id === 'latency')
      bounds.push({
        name: 'availability',
        value: LATENCY_LIMIT_US / scale,
        breach: 'above',
        kind: 'objective',
      })
    const samples = id.startsWith('errors') || id === 'latency' || id === 'invocations' ? requests : null
    const more = { bounds, samples: samples === null ? null : Math.round(samples) }
    return chartOf(id, window, own, id === 'latency' ? { ...more, band } : more) ?? []
  })
}
