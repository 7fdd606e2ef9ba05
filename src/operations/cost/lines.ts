import { MONTH_DAYS, MONTH_HOURS } from './lake-size.ts'
import { hostingPrice, PRICES, trainingPrice, type Price } from './prices.ts'
import { BATCHES_PER_DAY, POLLS_PER_DAY, scans, type Usage } from './usage.ts'

/** One line of a month's bill. */
export interface CostLine {
  readonly service: string
  readonly item: string
  /** In `price.unit`; null when it cannot be told. */
  readonly quantity: number | null
  readonly price: Price
  /** Null when the quantity or the price is not known. */
  readonly usd: number | null
  /** How the quantity came about. */
  readonly basis: string
}

/** Minutes that a training job is billed for: a guess, since none has run there. */
const TRAINING_MINUTES = 15
/** Metrics that one daily report reads. */
const REPORT_METRICS = 12
/** Objects written for a snapshot: raw, its manifest, curated. */
const PUTS_PER_SNAPSHOT = 3

/** What the same would cost on AWS a month, line by line. */
export function costLines(usage: Usage): CostLine[] {
  const bytes = (captured: boolean): number =>
    usage.datasets
      .filter(({ dataset }) => (dataset === 'datacapture') === captured)
      .reduce((sum, size) => sum + size.bytes, 0)
  const captured = usage.datasets.find(({ dataset }) => dataset === 'datacapture')
  const endpoints = usage.endpoints.length
  const batches = endpoints * BATCHES_PER_DAY * MONTH_DAYS
  return [
    line('S3', 'storage', bytes(false) / 1e9, PRICES.s3_storage, 'bytes here now, without captured requests'),
    line(
      'S3',
      'storage of captured requests',
      bytes(true) / 1e9,
      PRICES.s3_storage,
      'datacapture/ as it is now',
    ),
    line('S3', 'PUT and LIST requests', puts(usage), PRICES.s3_put, 'files of a day, and three a snapshot'),
    line('S3', 'GET requests', gets(usage), PRICES.s3_get, 'the files that each batch and its quality read'),
    line(
      'Athena',
      'scans of the jobs',
      scans(usage, MONTH_DAYS).reduce((sum, scan) => sum + scan.runs_per_month * scan.bytes_per_run, 0) /
        1e12,
      PRICES.athena_scan,
      'each job by its schedule, 10 MB at least a query',
    ),
    ...instanceLines(usage),
    line(
      'SageMaker',
      'requests and answers',
      captured?.bytes_per_day == null ? null : (captured.bytes_per_day * MONTH_DAYS) / 1e9,
      PRICES.sagemaker_data,
      'captured bytes of a day',
    ),
    line(
      'SageMaker',
      'training jobs',
      (usage.trainings * TRAINING_MINUTES) / 60,
      trainingPrice('ml.m5.large'),
      `${usage.trainings.toFixed(1)} a month, ${TRAINING_MINUTES} min each (assumed)`,
    ),
    line('CloudWatch', 'custom metrics', usage.metrics, PRICES.cloudwatch_metric, 'series of our namespace'),
    ...alarmLines(usage),
    line('CloudWatch', 'dashboard', 1, PRICES.cloudwatch_dashboard, 'one'),
    line(
      'CloudWatch',
      'PutMetricData',
      (2 * batches) / 1000,
      PRICES.cloudwatch_put,
      'one call a batch and endpoint for the heartbeat, one for quality and the rest',
    ),
    line(
      'CloudWatch',
      'GetMetricData',
      (batches + endpoints * MONTH_DAYS * REPORT_METRICS) / 1000,
      PRICES.cloudwatch_get,
      'the heartbeat looked at before each batch, and the daily report; no dashboard left open',
    ),
    line(
      'EventBridge Scheduler',
      'invocations',
      ((POLLS_PER_DAY + 2 * BATCHES_PER_DAY + 3 * 24 + 4) * MONTH_DAYS) / 1e6,
      PRICES.scheduler,
      'a poll a minute, two jobs a batch, three an hour, four a day',
    ),
    line(
      'SNS',
      'e-mail notifications',
      usage.notifications === null ? null : usage.notifications / 1e5,
      PRICES.sns_email,
      'alarms sent in the last 30 days',
    ),
    line('compute', 'what runs the jobs', null, PRICES.job_compute, 'not decided here'),
  ]
}

function instanceLines({ endpoints }: Usage): CostLine[] {
  return endpoints.flatMap(({ endpoint, instances }) =>
    instances.map(({ type, count, variant }) =>
      line(
        'SageMaker',
        `${endpoint} ${variant}`,
        count * MONTH_HOURS,
        hostingPrice(type),
        `${count} × ${type}`,
      ),
    ),
  )
}

function alarmLines({ alarms }: Usage): CostLine[] {
  const metric = alarms.filter((alarm) => 'Metrics' in alarm)
  const anomaly = metric.filter((alarm) => alarm.ThresholdMetricId !== undefined)
  const listed = metric
    .filter((alarm) => alarm.ThresholdMetricId === undefined)
    .reduce(
      (sum, alarm) => sum + alarm.Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length,
      0,
    )
  return [
    line('CloudWatch', 'alarms', listed, PRICES.cloudwatch_alarm, 'metrics that the alarms list'),
    line('CloudWatch', 'anomaly alarms', anomaly.length, PRICES.cloudwatch_anomaly, 'alarms with a band'),
    line(
      'CloudWatch',
      'composite alarms',
      alarms.length - metric.length,
      PRICES.cloudwatch_composite,
      'alarms over alarms',
    ),
  ]
}

/** Live files that were compacted since are gone from the lake, but were written: hence the snapshots. */
function puts(usage: Usage): number | null {
  if (usage.snapshots_per_day === null) return null
  const others = usage.datasets
    .filter(({ dataset }) => dataset !== 'raw/station_status' && dataset !== 'curated/station_status_live')
    .reduce((sum, size) => sum + (size.files_per_day ?? 0), 0)
  return ((others + PUTS_PER_SNAPSHOT * usage.snapshots_per_day) * MONTH_DAYS) / 1000
}

/** A batch reads the snapshots of 75 minutes; its quality a day of predictions and of snapshots. */
function gets(usage: Usage): number | null {
  if (usage.snapshots_per_day === null) return null
  const day = usage.endpoints.length * BATCHES_PER_DAY + usage.snapshots_per_day
  const window = (usage.snapshots_per_day * 75) / 1440
  return (BATCHES_PER_DAY * (window + day) * MONTH_DAYS) / 1000
}

function line(service: string, item: string, quantity: number | null, price: Price, basis: string): CostLine {
  const billed = quantity === null ? null : Math.max(0, quantity - (price.free ?? 0))
  return {
    service,
    item,
    quantity,
    price,
    usd: billed === null ? null : billed === 0 ? 0 : price.usd === null ? null : billed * price.usd,
    basis,
  }
}
