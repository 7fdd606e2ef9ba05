import type { CompositeAlarm, MetricAlarm, MetricDataQuery } from '../../core/contracts/cloudwatch.ts'
import { SAGEMAKER_NAMESPACE, type SageMakerMetricName } from '../../core/contracts/metrics.ts'
import { BATCH_SECONDS, HOUR_SECONDS } from '../../core/time.ts'
import { ALARM_TABLE } from './alarm-table.ts'
import type { AlarmRow, AlarmStatistic, CompositeRow, MetricRow, Threshold } from './alarm-row.ts'

/** The least quality that a model should have live. */
export interface QualityFloors {
  readonly pr_auc: number
  readonly f1: number
}

/** An endpoint that alarms are made for. */
export interface AlarmSubject {
  readonly endpoint: string
  readonly city: string
  /** Of our own metrics. */
  readonly namespace: string
  /** The variants that serve, at least one. */
  readonly variants: readonly string[]
  /** Stations of the city. */
  readonly stations: number
  /** The model's own bounds, where there are any. */
  readonly floors: QualityFloors | undefined
}

/** Stations that one request carries. */
const STATIONS_A_REQUEST = 100
const BATCHES_AN_HOUR = HOUR_SECONDS / BATCH_SECONDS

/** `prod-docks-endpoint-5xx-crit`: the endpoint without a leading `bikeshare-`, then the row's suffix. */
export function alarmName(endpoint: string, suffix: string): string {
  return `${endpoint.replace(/^bikeshare-/, '')}-${suffix}`
}

/** Every alarm of an endpoint, composite ones after those they look at. */
export function alarmsFor(subject: AlarmSubject): (MetricAlarm | CompositeAlarm)[] {
  return ALARM_TABLE.map((row) =>
    row.kind === 'metric' ? metricAlarm(row, subject) : compositeAlarm(row, subject),
  )
}

function metricAlarm(row: MetricRow, subject: AlarmSubject): MetricAlarm {
  const [DatapointsToAlarm, EvaluationPeriods] = row.datapoints
  const threshold = thresholdOf(row.threshold, subject)
  return {
    ...described(row, subject),
    Metrics: queriesOf(row, subject),
    ComparisonOperator: row.operator,
    ...(threshold === undefined ? { ThresholdMetricId: 'band' } : { Threshold: threshold }),
    EvaluationPeriods,
    DatapointsToAlarm,
    TreatMissingData: row.missing,
  }
}

function compositeAlarm(row: CompositeRow, subject: AlarmSubject): CompositeAlarm {
  return {
    ...described(row, subject),
    AlarmRule: row.all.map((suffix) => `ALARM("${alarmName(subject.endpoint, suffix)}")`).join(' AND '),
  }
}

function described(row: AlarmRow, { endpoint }: AlarmSubject) {
  return {
    AlarmName: alarmName(endpoint, row.suffix),
    AlarmDescription: `${row.what} See docs/runbook.md#${row.runbook}.`,
  }
}

/** The threshold for an endpoint; undefined where it is a band. */
function thresholdOf(threshold: Threshold, { stations, floors }: AlarmSubject): number | undefined {
  switch (threshold.kind) {
    case 'number':
      return threshold.value
    case 'half-of-due':
      return (BATCHES_AN_HOUR * Math.max(1, Math.ceil(stations / STATIONS_A_REQUEST))) / 2
    case 'quality-floor':
      return Math.max(threshold.value, floors?.[threshold.figure] ?? threshold.value)
    default:
      return undefined
  }
}

function queriesOf(row: MetricRow, subject: AlarmSubject): MetricDataQuery[] {
  const { watched, statistic, period, threshold } = row
  const band =
    threshold.kind === 'band' ? [expression('band', `ANOMALY_DETECTION_BAND(m, ${threshold.width})`)] : []
  switch (watched.of) {
    case 'endpoint': {
      const { endpoint, city, namespace } = subject
      const Metric = {
        Namespace: namespace,
        MetricName: watched.metric,
        Dimensions: { EndpointName: endpoint, City: city },
      }
      return [{ Id: 'm', MetricStat: { Metric, Period: period, Stat: statistic } }, ...band]
    }
    case 'variants': {
      const measured = overVariants('m', watched.metric, statistic, period, subject)
      return watched.filled
        ? [...measured.map(hidden), expression('filled', 'FILL(m, 0)')]
        : [...measured, ...band]
    }
    default:
      return [
        ...overVariants('part', watched.metric, statistic, period, subject).map(hidden),
        ...overVariants('whole', watched.over, statistic, period, subject).map(hidden),
        expression('percentage', '100 * part / whole'),
      ]
  }
}

/** A metric over all variants under one id: the plain metric of one, the sum or the greatest of several. */
function overVariants(
  id: string,
  metric: SageMakerMetricName,
  stat: AlarmStatistic,
  period: number,
  { endpoint, variants }: AlarmSubject,
): MetricDataQuery[] {
  const queryOf = (VariantName: string, Id: string): MetricDataQuery => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: SAGEMAKER_NAMESPACE,
        MetricName: metric,
        Dimensions: { EndpointName: endpoint, VariantName },
      },
      Period: period,
      Stat: stat,
    },
  })
  const [only] = variants
  if (variants.length === 1 && only !== undefined) return [queryOf(only, id)]
  const parts = variants.map((variant, i) => hidden(queryOf(variant, `${id}${i + 1}`)))
  const fold = stat === 'Sum' ? 'SUM' : 'MAX'
  return [...parts, expression(id, `${fold}([${parts.map(({ Id }) => Id).join(', ')}])`)]
}

const hidden = (query: MetricDataQuery): MetricDataQuery => ({ ...query, ReturnData: false })

const expression = (Id: string, Expression: string): MetricDataQuery => ({ Id, Expression })
