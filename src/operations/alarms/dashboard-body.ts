import type { Statistic } from '../../core/contracts/cloudwatch.ts'
import {
  SAGEMAKER_NAMESPACE,
  type MetricName,
  type SageMakerMetricName,
} from '../../core/contracts/metrics.ts'
import { BATCH_SECONDS, HOUR_SECONDS } from '../../core/time.ts'
import { ALARM_TABLE } from './alarm-table.ts'
import type { MetricRow } from './alarm-row.ts'

/** What a CloudWatch dashboard shows. */
export interface DashboardSubject {
  readonly region: string
  /** Of our own metrics. */
  readonly namespace: string
  readonly endpoints: readonly { readonly endpoint: string; readonly city: string }[]
}

/** Twenty-four columns wide; CloudWatch's own grid. */
const WIDTH = 24
const HEIGHT = 6
const FIVE_MINUTES = 300

/** What is drawn of a metric: one of ours, or one of SageMaker's for every variant that there is. */
interface Line {
  readonly metric: MetricName | SageMakerMetricName
  readonly stat: Statistic
  /** An entry of a widget's `metrics`. */
  readonly drawn: readonly unknown[]
}

/**
 * `DashboardBody` of CloudWatch's PutDashboard: one row an endpoint, with its quality beside persistence, its drift, its
 * latency and its requests. Bounds are those of the alarm table.
 */
export function dashboardBody(subject: DashboardSubject): { readonly widgets: readonly object[] } {
  return { widgets: subject.endpoints.flatMap((of, row) => rowOf(subject, of, row * (HEIGHT + 1))) }
}

function rowOf(
  { region, namespace }: DashboardSubject,
  { endpoint, city }: DashboardSubject['endpoints'][number],
  y: number,
): object[] {
  const ours = (metric: MetricName, stat: Statistic = 'Average'): Line => ({
    metric,
    stat,
    drawn: [namespace, metric, 'EndpointName', endpoint, 'City', city, { stat }],
  })
  const theirs = (metric: SageMakerMetricName, stat: Statistic): Line => ({
    metric,
    stat,
    drawn: [{ expression: variantsOf(endpoint, metric, stat), label: `${metric} ${stat}` }],
  })
  const widgets: [title: string, period: number, lines: Line[]][] = [
    [
      'Quality on onset rows, 24 h',
      BATCH_SECONDS,
      [ours('Onset-PR-AUC-24h'), ours('Persistence-Onset-PR-AUC-24h')],
    ],
    ['Quality, 24 h', BATCH_SECONDS, [ours('PR-AUC-24h'), ours('Persistence-PR-AUC-24h'), ours('F1-24h')]],
    ['Drift', HOUR_SECONDS, [ours('PSI', 'Maximum'), ours('FeatureSkew', 'Maximum')]],
    [
      'Latency',
      FIVE_MINUTES,
      [theirs('ModelLatency', 'p50'), theirs('ModelLatency', 'p95'), theirs('ModelLatency', 'p99')],
    ],
    [
      'Requests',
      FIVE_MINUTES,
      [
        theirs('Invocations', 'Sum'),
        theirs('Invocation4XXErrors', 'Sum'),
        theirs('Invocation5XXErrors', 'Sum'),
      ],
    ],
    ['Batches', BATCH_SECONDS, [ours('PredictionHeartbeat', 'Sum'), ours('FeedAge', 'Maximum')]],
  ]
  const width = WIDTH / widgets.length
  return [
    { type: 'text', x: 0, y, width: WIDTH, height: 1, properties: { markdown: `## ${endpoint} (${city})` } },
    ...widgets.map(([title, period, lines], i) => ({
      type: 'metric',
      x: i * width,
      y: y + 1,
      width,
      height: HEIGHT,
      properties: {
        title,
        region,
        view: 'timeSeries',
        period,
        metrics: lines.map(({ drawn }) => drawn),
        annotations: { horizontal: boundsOf(lines) },
      },
    })),
  ]
}

/** A search, since a release brings variants of other names and takes them away again. Quoted values are matched whole. */
const variantsOf = (endpoint: string, metric: SageMakerMetricName, stat: Statistic): string =>
  `SEARCH('{${SAGEMAKER_NAMESPACE},EndpointName,VariantName} EndpointName="${endpoint}" MetricName="${metric}"', '${stat}', ${FIVE_MINUTES})`

/** The fixed bounds of the alarms on what is drawn. */
function boundsOf(lines: readonly Line[]): object[] {
  return ALARM_TABLE.filter((row): row is MetricRow => row.kind === 'metric').flatMap(
    ({ watched, statistic, threshold, severity, suffix }) =>
      threshold.kind === 'number' &&
      watched.of !== 'percentage' &&
      lines.some(({ metric, stat }) => metric === watched.metric && stat === statistic)
        ? [{ label: suffix, value: threshold.value, color: severity === 'crit' ? '#d62728' : '#ff7f0e' }]
        : [],
  )
}
