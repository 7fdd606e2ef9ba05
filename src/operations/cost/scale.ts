import { ATHENA_MIN_BYTES, BATCHES_PER_DAY } from './usage.ts'
import { MONTH_DAYS, MONTH_HOURS } from './lake-size.ts'
import { hostingPrice, PRICES, type Price } from './prices.ts'

/** Many systems at once. */
export interface ScaleInput {
  readonly systems: number
  /** Mean stations of a system. */
  readonly stations: number
  /** Seconds between two snapshots of a feed. */
  readonly snapshot_seconds: number
  /** Endpoints of a system: bikes and docks, in staging and production, are four. */
  readonly endpoints: number
  /** Systems that share an endpoint's instance; 1 is an instance a system. */
  readonly systems_an_instance: number
  /** Share of the requests that are captured, 0..1. */
  readonly captured: number
  /** Metrics of our namespace, and alarm metrics, for one endpoint. */
  readonly metrics: number
  readonly alarm_metrics: number
}

/** One line of the plan: how much a month, what it costs, and where it stops. */
export interface ScaleLine {
  readonly item: string
  readonly a_month: number
  readonly unit: string
  /** Null where no price is known. */
  readonly usd: number | null
  /** Which limit is met first, and what to do about it. */
  readonly limit: string
}

/**
 * Bytes of a station and day by what writes them, with the retention of the settings: measured on the demo's lake
 * (docs/cost.md) and by the bench `cities`. What an endpoint writes is for one endpoint.
 */
export const STATION_DAY = {
  raw: { bytes: 4000, kept_days: 90 },
  curated: { bytes: 810, kept_days: 365 },
  features: { bytes: 2160, kept_days: 365 },
  predictions: { bytes: 5200, kept_days: 400 },
  captured: { bytes: 21_800, kept_days: 30 },
} as const

/** Feature rows a second of one process on two cores, over 20 cities of 20 to 2,200 stations (bench `cities`, a busy machine). */
const FEATURE_ROWS_PER_SECOND = 45_000
const SLOTS_PER_DAY = 288
const STATIONS_A_REQUEST = 100
const PUTS_PER_SNAPSHOT = 3
/** Statements of a batch: the online features, and quality. */
const QUERIES_A_BATCH = 2

/** What running so many systems comes to in a month, item by item. */
export function scaleLines(o: ScaleInput): ScaleLine[] {
  const stations = o.systems * o.stations
  const snapshots = (86_400 / o.snapshot_seconds) * o.systems
  const batches = BATCHES_PER_DAY * o.systems
  const stored =
    stations *
    (STATION_DAY.raw.bytes * STATION_DAY.raw.kept_days +
      STATION_DAY.curated.bytes * STATION_DAY.curated.kept_days +
      STATION_DAY.features.bytes * STATION_DAY.features.kept_days +
      o.endpoints *
        (STATION_DAY.predictions.bytes * STATION_DAY.predictions.kept_days +
          o.captured * STATION_DAY.captured.bytes * STATION_DAY.captured.kept_days))
  const queries = QUERIES_A_BATCH * batches * MONTH_DAYS
  const instances = (o.systems * o.endpoints) / o.systems_an_instance
  const featureHours = ((stations * SLOTS_PER_DAY) / FEATURE_ROWS_PER_SECOND / 3600) * MONTH_DAYS
  return [
    line(
      'requests to feeds',
      (86_400 / 60) * o.systems * MONTH_DAYS,
      'requests',
      null,
      'One process asks some hundreds of feeds a minute; an operator that answers 429 is asked less often.',
    ),
    line(
      'S3 storage, once full',
      stored / 1e9,
      'GB',
      PRICES.s3_storage,
      'None. Predictions are the largest part: keep them shorter.',
    ),
    line(
      'S3 writes',
      (PUTS_PER_SNAPSHOT * snapshots * MONTH_DAYS) / 1000,
      '1,000 requests',
      PRICES.s3_put,
      '3,500 writes a second below a prefix; a lake a city has its own. The bill comes first: keep a snapshot every five minutes.',
    ),
    line(
      'Athena statements',
      (queries * ATHENA_MIN_BYTES) / 1e12,
      'TB scanned',
      PRICES.athena_scan,
      `${(queries / MONTH_DAYS / 86_400).toFixed(1)} a second on average, all due in the same minute: the quota of statements at once (20 at first) is met at about ${Math.floor((20 * 60) / (3 * QUERIES_A_BATCH))} systems. Spread the batches over their ten minutes, or read the day's files by the embedded engine.`,
    ),
    line(
      'instances behind endpoints',
      instances * MONTH_HOURS,
      'instance-hours',
      hostingPrice('ml.m5.large'),
      `${Math.ceil(instances)} instances: the account's quota of instances and endpoints is met within tens of systems. Above that, systems must share endpoints.`,
    ),
    line(
      'InvokeEndpoint',
      batches * o.endpoints * Math.ceil(o.stations / STATIONS_A_REQUEST) * MONTH_DAYS,
      'requests',
      null,
      'One request of 100 stations takes 3 ms: an instance answers for hundreds of systems.',
    ),
    line(
      'custom metrics',
      o.systems * o.endpoints * o.metrics,
      'metrics',
      PRICES.cloudwatch_metric,
      'None (the price falls above 10,000). Keep them in the lake for systems that nobody is called for.',
    ),
    line(
      'alarm metrics',
      (o.systems * o.endpoints * o.alarm_metrics) / 2,
      'alarm metrics',
      PRICES.cloudwatch_alarm,
      '5,000 alarms a region at first: 160 systems with two endpoints in production. Watch the rest by one alarm on the worst.',
    ),
    line(
      'features of closed days',
      featureHours,
      'hours of two cores',
      null,
      `A process does ${FEATURE_ROWS_PER_SECOND.toLocaleString('en')} rows a second; cities and days are apart, so processes can be added.`,
    ),
  ]
}

function line(item: string, quantity: number, unit: string, price: Price | null, limit: string): ScaleLine {
  const usd = price?.usd === null || price === null ? null : quantity * price.usd
  return { item, a_month: quantity, unit, usd, limit }
}
