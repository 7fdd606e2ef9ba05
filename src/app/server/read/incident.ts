import type { Chart, Point, Series } from '../../../core/contracts/api/common.ts'
import type { IncidentView } from '../../../core/contracts/api/releases.ts'
import type { Incident } from '../../../core/contracts/incident.ts'
import { BATCH_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import {
  readFacts,
  spanOf,
  type EndpointFacts,
  type IncidentFacts,
} from '../../../operations/incidents/facts.ts'
import { requireIncident } from '../../../operations/incidents/incident-store.ts'
import { SERVING_PERIOD, type Span, type VariantPoints } from '../../../operations/incidents/series.ts'
import type { Datapoint } from '../../../operations/metrics/series.ts'
import type { CitySource } from '../city-source.ts'
import { asOf, momentOf } from './as-of.ts'
import { alarmRecords } from './alarm-records.ts'
import { boundsOf, endpointAlarms } from './bounds.ts'
import { chartOf } from './chart.ts'
import { gridOf } from './metric-lines.ts'
import { listed, tokenOf } from './listing.ts'
import { cacheOf, kept } from './read-cache.ts'
import { forRequest } from './request.ts'

/** An incident with what happened around it, from the lake's records. NOT_FOUND when there is none of this id. */
export async function readIncident(given: CitySource, o: { readonly id: string }): Promise<IncidentView> {
  const source = forRequest(given)
  const at = momentOf(source, undefined)
  const { incident } = await requireIncident(source.platform.store, o.id)
  const facts = await factsOf(source, incident, at)
  const endpoints = facts.endpoints.map(({ endpoint }) => endpoint)
  return {
    as_of: await asOf(source, at, endpoints),
    incident,
    timeline: facts.timeline.map(({ at: when, what }) => ({ at: when, what })),
    charts: await chartsOf(source, facts.endpoints, facts.span, at),
  }
}

/** Read again when a record of it changed, and every five minutes while its span goes on. */
async function factsOf(source: CitySource, incident: Incident, at: EpochSeconds): Promise<IncidentFacts> {
  const { platform, config } = source
  const records = ['history/', 'releases/', `incidents/${incident.id}/incident.json`]
  const listings = await Promise.all(records.map((prefix) => listed(platform.store, prefix)))
  const step = spanOf(incident, at).to < at ? 'over' : Math.floor(at / SERVING_PERIOD)
  const token = [step, (await alarmRecords(source)).token, ...listings.map(tokenOf)].join('\n')
  return kept(cacheOf(source).answers, `incident/${incident.id}`, token, () =>
    readFacts(platform, incident, { now: at, namespace: config.cw_custom_ns }),
  )
}

/** Which of an endpoint's figures a chart is of. */
interface Drawn {
  readonly id: string
  readonly metric: string
  readonly unit: string
  readonly period: number
  readonly scale?: number
  readonly lines: (
    facts: EndpointFacts,
  ) => readonly { readonly name: string; readonly parts: readonly VariantPoints[] }[]
}

const whole = (points: readonly Datapoint[]): VariantPoints[] => [{ variant: null, points }]

const CHARTS: readonly Drawn[] = [
  {
    id: 'onset',
    metric: 'Onset-PR-AUC-24h',
    unit: 'None',
    period: BATCH_SECONDS,
    lines: ({ series }) => [
      { name: 'Onset-PR-AUC-24h', parts: series.onset },
      { name: 'Persistence-Onset-PR-AUC-24h', parts: whole(series.persistence_onset) },
    ],
  },
  {
    ...quality('prauc', 'PR-AUC-24h'),
    lines: ({ series }) => [{ name: 'PR-AUC-24h', parts: series.pr_auc }],
  },
  { ...quality('f1', 'F1-24h'), lines: ({ series }) => [{ name: 'F1-24h', parts: series.f1 }] },
  {
    id: 'latency',
    metric: 'ModelLatency',
    unit: 'Milliseconds',
    period: SERVING_PERIOD,
    scale: 1000,
    lines: ({ series }) => [{ name: 'ModelLatency p95', parts: series.latency }],
  },
  {
    id: 'errors_5xx',
    metric: 'Invocation5XXErrors',
    unit: 'Count',
    period: SERVING_PERIOD,
    lines: ({ series }) => [{ name: 'Invocation5XXErrors Sum', parts: series.errors }],
  },
  {
    id: 'invocations',
    metric: 'Invocations',
    unit: 'Count',
    period: SERVING_PERIOD,
    lines: ({ series }) => [{ name: 'Invocations Sum', parts: series.invocations }],
  },
  {
    id: 'psi',
    metric: 'PSI',
    unit: 'None',
    period: HOUR_SECONDS,
    lines: ({ series }) => [{ name: 'PSI Maximum', parts: whole(series.psi) }],
  },
  {
    id: 'heartbeat',
    metric: 'PredictionHeartbeat',
    unit: 'Count',
    period: BATCH_SECONDS,
    lines: ({ series }) => [{ name: 'PredictionHeartbeat Minimum', parts: whole(series.heartbeat) }],
  },
]

function quality(id: string, metric: string) {
  return { id, metric, unit: 'None', period: BATCH_SECONDS } as const
}

async function chartsOf(
  source: CitySource,
  endpoints: readonly EndpointFacts[],
  span: Span,
  at: number,
): Promise<Chart[]> {
  const set = (await alarmRecords(source)).described
  const bounds = await Promise.all(endpoints.map(({ endpoint }) => endpointAlarms(source, set, endpoint, at)))
  const samples = endpoints[0]?.series.samples.at(-1)?.v
  const requests = newestRequests(endpoints)
  return CHARTS.flatMap((drawn) => {
    const series = endpoints.flatMap((facts) => seriesOf(drawn, facts, span, endpoints.length > 1))
    const held = endpoints.flatMap(({ endpoint }, i) =>
      boundsOf(bounds[i] ?? [], {
        endpoint,
        metric: drawn.metric,
        period: drawn.period,
        ...(drawn.scale && { scale: drawn.scale }),
      }),
    )
    const rows = drawn.metric.endsWith('-24h')
      ? samples
      : drawn.period === SERVING_PERIOD
        ? requests
        : undefined
    return chartOf(drawn.id, span, series, { bounds: held, samples: rows ?? null }) ?? []
  })
}

function seriesOf(drawn: Drawn, facts: EndpointFacts, span: Span, several: boolean): Series[] {
  return drawn.lines(facts).flatMap(({ name, parts }) =>
    parts.map(({ variant, points }): Series => ({
      name,
      unit: drawn.unit,
      period: drawn.period,
      points: pointsOf(points, span, drawn),
      of: several ? [facts.endpoint, variant].filter((part) => part !== null).join(' ') : variant,
    })),
  )
}

function pointsOf(points: readonly Datapoint[], span: Span, { period, scale }: Drawn): Point[] {
  const known = new Map(points.map(({ t, v }) => [t, v]))
  return gridOf({ period, atBegin: false }, span, (t) => known.get(t), scale)
}

/** Requests of the newest five minutes that had any, of all endpoints and variants. */
function newestRequests(endpoints: readonly EndpointFacts[]): number | null {
  const points = endpoints.flatMap(({ series }) => series.invocations.flatMap((part) => part.points))
  const newest = points.reduce((last, { t }) => Math.max(last, t), -1)
  return newest < 0 ? null : points.reduce((sum, { t, v }) => (t === newest ? sum + v : sum), 0)
}
