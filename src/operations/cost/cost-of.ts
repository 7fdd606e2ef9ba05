import { DAY_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { Retention } from '../../data/lake/lifecycle.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import type { Platform } from '../../platform/ports.ts'
import { countRows } from './count-rows.ts'
import { costHints, type CostHint } from './hints.ts'
import { measureLake, type DatasetSize } from './lake-size.ts'
import { costLines, type CostLine } from './lines.ts'
import { CURRENCY, PRICES_AS_OF } from './prices.ts'
import { WEEKS_PER_MONTH, type EndpointUsage, type Usage } from './usage.ts'

/** What a lake takes here, and what the same would cost on AWS in a month of 730 hours. */
export interface Cost {
  readonly city: string
  readonly now: EpochSeconds
  readonly here: {
    readonly datasets: readonly (DatasetSize & { readonly rows: number | null })[]
    readonly bytes: number
    readonly files: number
    /** Of all datasets together. */
    readonly bytes_per_day: number
  }
  readonly aws: {
    readonly region: string
    readonly currency: string
    readonly prices_as_of: string
    readonly lines: readonly CostLine[]
    /** Of the lines whose cost is known: so much at least is what running it here saves. */
    readonly known_usd: number
    /** Lines without a known cost. */
    readonly unknown: readonly string[]
  }
  readonly hints: readonly CostHint[]
}

/** Weighs a lake. Nothing is asked of AWS: the prices are those of the table in `prices.ts`. */
export async function costOf(
  platform: Pick<Platform, 'store' | 'warehouse' | 'endpoints' | 'metrics' | 'alarms'>,
  o: {
    readonly city: string
    readonly now: EpochSeconds
    readonly namespace: string
    readonly region: string
    readonly retention: Retention
    readonly retrain: 'weekly' | 'never'
  },
): Promise<Cost> {
  const datasets = await measureLake(platform.store, o.now, o.retention)
  const rows = await countRows(platform, o.city)
  const usage: Usage = {
    datasets,
    endpoints: await endpointUsage(platform, o.city),
    metrics: (await platform.metrics.listMetrics({ Namespace: o.namespace })).length,
    alarms: (await platform.alarms.describeAlarms()).map(({ alarm }) => alarm),
    snapshots_per_day: snapshotsPerDay(datasets),
    trainings: o.retrain === 'weekly' ? 2 * WEEKS_PER_MONTH : 0,
    notifications: await notifications(platform, o.now),
  }
  const lines = costLines(usage)
  const known = lines.filter(({ usd }) => usd !== null)
  const sum = (of: (size: DatasetSize) => number): number =>
    datasets.reduce((total, size) => total + of(size), 0)
  return {
    city: o.city,
    now: o.now,
    here: {
      datasets: datasets.map((size) => ({ ...size, rows: rows.get(size.dataset) ?? null })),
      bytes: sum(({ bytes }) => bytes),
      files: sum(({ files }) => files),
      bytes_per_day: sum(({ bytes_per_day }) => bytes_per_day ?? 0),
    },
    aws: {
      region: o.region,
      currency: CURRENCY,
      prices_as_of: PRICES_AS_OF,
      lines,
      known_usd: known.reduce((total, { usd }) => total + (usd ?? 0), 0),
      unknown: lines.filter(({ usd }) => usd === null).map(({ service, item }) => `${service}: ${item}`),
    },
    hints: costHints(usage, lines),
  }
}

async function endpointUsage(
  { store, endpoints }: Pick<Platform, 'store' | 'endpoints'>,
  city: string,
): Promise<EndpointUsage[]> {
  const found: EndpointUsage[] = []
  for (const { EndpointName, EndpointConfigName, ProductionVariants } of await endpoints.listEndpoints()) {
    const deployment = await readDeployment(store, EndpointName)
    if (deployment?.city !== city) continue
    const config = await endpoints.describeEndpointConfig(EndpointConfigName)
    found.push({
      endpoint: EndpointName,
      stage: /-staging\b/.test(EndpointName) ? 'staging' : /-prod\b/.test(EndpointName) ? 'prod' : 'other',
      instances: ProductionVariants.map(({ VariantName, CurrentInstanceCount }) => ({
        variant: VariantName,
        count: CurrentInstanceCount,
        type:
          config?.ProductionVariants.find((variant) => variant.VariantName === VariantName)?.InstanceType ??
          'unknown',
      })),
    })
  }
  return found
}

/** Two files a snapshot in raw: the document and its manifest. */
function snapshotsPerDay(datasets: readonly DatasetSize[]): number | null {
  const files = datasets.find(({ dataset }) => dataset === 'raw/station_status')?.files_per_day
  return files === undefined || files === null ? null : files / 2
}

async function notifications(
  { alarms }: Pick<Platform, 'alarms'>,
  now: EpochSeconds,
): Promise<number | null> {
  const history = await alarms.describeAlarmHistory({ from: now - 30 * DAY_SECONDS, to: now })
  if (history.length === 0) return null
  return history.filter(({ HistoryItemType }) => HistoryItemType === 'Action').length
}
