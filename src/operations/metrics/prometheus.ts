import type { Metric, MetricDataQuery, Statistic } from '../../core/contracts/cloudwatch.ts'
import { MODEL_NAMESPACE, SAGEMAKER_NAMESPACE } from '../../core/contracts/metrics.ts'
import { BATCH_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { knownMetric, usualStatistic } from './known-metrics.ts'

/** An older figure is not shown: Prometheus would take it for the present one. Some of ours come once an hour. */
const MODEL_LOOK_BACK_SECONDS = 2 * 3600
const SERVICE_LOOK_BACK_SECONDS = 900
const MAX_QUERIES = 500
const LATENCY_STATISTICS: readonly Statistic[] = ['p50', 'p95', 'p99']

/** A gauge: one name in the exposition, and the series it has. */
interface Gauge {
  readonly name: string
  readonly help: string
  readonly lines: string[]
}

interface Wanted {
  readonly metric: Metric
  readonly stat: Statistic
  /** Name and help of its gauge. */
  readonly name: string
  readonly help: string
}

/**
 * The newest value of every metric of the service and of `namespace`, in Prometheus' text format 0.0.4. A metric without a
 * datapoint of late has no line.
 */
export async function prometheusText(
  platform: Pick<Platform, 'metrics'>,
  options: { readonly now: EpochSeconds; readonly namespace?: string },
): Promise<string> {
  const { now, namespace = MODEL_NAMESPACE } = options
  const gauges = new Map<string, Gauge>()
  const sources = [
    { Namespace: namespace, prefix: 'bikeshare', period: BATCH_SECONDS, lookBack: MODEL_LOOK_BACK_SECONDS },
    { Namespace: SAGEMAKER_NAMESPACE, prefix: 'sagemaker', period: 60, lookBack: SERVICE_LOOK_BACK_SECONDS },
  ]
  for (const { Namespace, prefix, period, lookBack } of sources) {
    const metrics = await platform.metrics.listMetrics({ Namespace })
    const wanted = metrics.flatMap((metric) => wantedOf(metric, prefix))
    for (let at = 0; at < wanted.length; at += MAX_QUERIES)
      await addNewest(platform, wanted.slice(at, at + MAX_QUERIES), gauges, {
        period,
        from: now - lookBack + 1,
        to: now + 1,
      })
  }
  return [...gauges.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, help, lines }) => [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines.sort()])
    .map((line) => `${line}\n`)
    .join('')
}

function wantedOf(metric: Metric, prefix: string): Wanted[] {
  const { MetricName } = metric
  const name = `${prefix}_${snakeCase(MetricName)}`
  const known = knownMetric(MetricName)
  const help = escapeHelp(known ? `${known.meaning} (${known.unit})` : `metric ${MetricName}`)
  if (known?.unit !== 'Microseconds') return [{ metric, stat: usualStatistic(MetricName), name, help }]
  return LATENCY_STATISTICS.map((stat) => ({
    metric,
    stat,
    name: `${name}_${stat}`,
    help: `${stat} of a minute: ${help}`,
  }))
}

async function addNewest(
  { metrics }: Pick<Platform, 'metrics'>,
  wanted: readonly Wanted[],
  gauges: Map<string, Gauge>,
  { period, from, to }: { period: number; from: EpochSeconds; to: EpochSeconds },
): Promise<void> {
  const queries = wanted.map(({ metric, stat }, i): MetricDataQuery => ({
    Id: `m${i}`,
    MetricStat: { Metric: metric, Period: period, Stat: stat },
  }))
  const results = await metrics.getMetricData({ MetricDataQueries: queries, StartTime: from, EndTime: to })
  for (const [i, { metric, name, help }] of wanted.entries()) {
    const value = results[i]?.Values.at(-1)
    if (value === undefined) continue
    const gauge = gauges.get(name) ?? { name, help, lines: [] }
    gauges.set(name, gauge)
    gauge.lines.push(`${name}${labelsOf(metric)} ${value}`)
  }
}

const LABELS: Readonly<Record<string, string>> = {
  EndpointName: 'endpoint',
  VariantName: 'variant',
  City: 'city',
}

function labelsOf({ Dimensions }: Metric): string {
  const labels = Object.entries(Dimensions)
    .map(([name, value]) => `${LABELS[name] ?? snakeCase(name)}="${escapeLabel(value)}"`)
    .sort()
  return labels.length === 0 ? '' : `{${labels.join(',')}}`
}

/** `PR-AUC-24h` as `pr_auc_24h`, `Invocation4XXErrors` as `invocation_4xx_errors`. */
function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z])([A-Z\d])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/\W+/g, '_')
    .replace(/^(?=\d)/, '_')
    .toLowerCase()
}

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"')
