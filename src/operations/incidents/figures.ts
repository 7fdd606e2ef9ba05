import type { Incident } from '../../core/contracts/incident.ts'
import { BATCH_SECONDS, HOUR_SECONDS, isoOf } from '../../core/time.ts'
import type { Colour } from '../../model/evaluation/report/palette.ts'
import { countText } from '../../model/evaluation/report/text.ts'
import { ALARM_TABLE } from '../alarms/alarm-table.ts'
import type { Datapoint } from '../metrics/series.ts'
import type { Figure } from '../reports/charts.ts'
import type { EndpointFacts } from './facts.ts'
import { SERVING_PERIOD, type VariantPoints } from './series.ts'
import { timeFigure, type TimeChart, type TimeSeries } from './time-chart.ts'

/** A figure, and the name of its file under graphs/. */
export interface NamedFigure extends Figure {
  readonly file: string
}

const COLOURS = ['model', 'third', 'quiet'] as const
/** What the alarm of this suffix is held to, divided by `divisor`. */
function boundOf(name: string, suffix: string, divisor = 1): { name: string; value: number }[] {
  const row = ALARM_TABLE.find((one) => one.suffix === suffix)
  return row?.kind === 'metric' && 'value' in row.threshold
    ? [{ name: `${name} ${row.threshold.value / divisor}`, value: row.threshold.value / divisor }]
    : []
}

const LATENCY_BOUNDS = [
  ...boundOf('Warning', 'endpoint-latency-p95-warn', 1000),
  ...boundOf('Critical', 'endpoint-latency-p95-crit', 1000),
]
const PSI_BOUNDS = [...boundOf('Warning', 'feature-drift-warn'), ...boundOf('Critical', 'feature-drift-crit')]
const PR_AUC_BOUND = boundOf('Least in production', 'quality-prauc-24h-warn')
const F1_BOUND = boundOf('Least in production', 'quality-f1-24h-warn')

/** The graphs of one endpoint around an incident. */
export function endpointFigures(incident: Incident, { endpoint, series }: EndpointFacts): NamedFigure[] {
  const { span } = series
  const window = `${isoOf(span.from)} to ${isoOf(span.to)}`
  const marks = [incident.began, incident.opened_at, ...(incident.closed ? [incident.closed.at] : [])]
  const requests = countText(sum(series.invocations.flatMap(({ points }) => points)))
  const batches = (span.to - span.from) / BATCH_SECONDS
  const rows = series.samples.map(({ v }) => Math.round(v))
  const each =
    rows.length === 0
      ? 'how many predictions a point is of is not known'
      : `each of the ${countText(Math.min(...rows))} to ${countText(Math.max(...rows))} predictions whose outcome came in the 24 h before it`
  const draw = (
    file: string,
    title: string,
    caption: string,
    more: Pick<TimeChart, 'unit' | 'period' | 'kind' | 'series'> & Partial<Pick<TimeChart, 'bounds' | 'max'>>,
  ): NamedFigure => {
    const id = `${endpoint}-${file}`
    return {
      file: `${id}.svg`,
      ...timeFigure({
        id,
        title: `${title}, ${endpoint}`,
        caption: `${window}: ${caption}`,
        span,
        marks,
        ...more,
      }),
    }
  }
  const quality = (
    file: string,
    title: string,
    points: readonly VariantPoints[],
    more: readonly TimeSeries[] = [],
    bounds: TimeChart['bounds'] = [],
  ): NamedFigure =>
    draw(
      file,
      title,
      `${countText(points[0]?.points.length ?? 0)} of ${countText(batches)} batches, ${each}.`,
      {
        unit: '',
        period: BATCH_SECONDS,
        kind: 'line',
        max: 1,
        series: [...linesOf(points), ...more],
        bounds,
      },
    )
  return [
    draw('model-latency', 'ModelLatency p95', `p95 of five minutes, over ${requests} requests.`, {
      unit: 'milliseconds',
      period: SERVING_PERIOD,
      kind: 'line',
      series: linesOf(series.latency, 1000),
      bounds: LATENCY_BOUNDS,
    }),
    draw('errors-5xx', 'Invocation5XXErrors', `failed requests in five minutes, of ${requests}.`, {
      unit: 'failed requests',
      period: SERVING_PERIOD,
      kind: 'bar',
      series: linesOf(series.errors),
    }),
    quality('pr-auc', 'PR-AUC-24h', series.pr_auc, [], PR_AUC_BOUND),
    quality('f1', 'F1-24h', series.f1, [], F1_BOUND),
    quality('onset-pr-auc', 'Onset-PR-AUC-24h', series.onset, [
      { name: 'Persistence', colour: 'persistence', points: series.persistence_onset, dashed: true },
    ]),
    draw(
      'psi',
      'PSI',
      `${countText(series.psi.length)} hourly values, each the greatest of the features over 24 h, of 500 samples or more.`,
      {
        unit: '',
        period: HOUR_SECONDS,
        kind: 'line',
        series: [{ name: 'PSI', colour: 'model', points: series.psi }],
        bounds: PSI_BOUNDS,
      },
    ),
    draw(
      'heartbeat',
      'PredictionHeartbeat',
      `${countText(sum(series.heartbeat))} of ${countText(batches)} batches were whole and in time; ${countText(series.heartbeat.length)} say so or not.`,
      {
        unit: '',
        period: BATCH_SECONDS,
        kind: 'bar',
        max: 1,
        series: [{ name: 'PredictionHeartbeat', colour: 'model', points: series.heartbeat }],
      },
    ),
  ]
}

/** A line a variant; the endpoint as a whole comes first. */
function linesOf(all: readonly VariantPoints[], divisor = 1): TimeSeries[] {
  return all.map(({ variant, points }, i) => ({
    name: variant ?? 'Endpoint',
    colour: (COLOURS[i % COLOURS.length] satisfies Colour | undefined) ?? 'model',
    points: divisor === 1 ? points : points.map(({ t, v }) => ({ t, v: v / divisor })),
    dashed: i >= COLOURS.length,
  }))
}

const sum = (points: readonly Datapoint[]): number => points.reduce((total, { v }) => total + v, 0)
