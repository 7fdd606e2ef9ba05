import type { Metric, Statistic } from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import { BATCH_SECONDS, DAY_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
import { SAGEMAKER_NAMESPACE } from '../../../core/contracts/metrics.ts'
import { knownMetric, namespaceOf, usualStatistic } from '../../../operations/metrics/known-metrics.ts'
import { metricSeries } from '../../../operations/metrics/series.ts'
import type { MetricStore } from '../../../platform/ports.ts'
import type { CommandContext, CommandModule, CommandResult } from '../command.ts'
import { addExamples, durationOption, numberOption, timeOption } from '../options.ts'
import { textTable } from '../table.ts'

interface Names {
  readonly namespace?: string
  readonly name?: string
  readonly endpoint?: string
}

interface Get extends Names {
  readonly name: string
  readonly variant?: string
  readonly stat?: Statistic
  readonly period: number
  readonly from?: number
  readonly to?: number
}

interface Put extends Names {
  readonly name: string
  readonly value: number
  readonly timestamp?: number
}

/** `bikeshare metrics`. */
export const command: CommandModule = {
  build(command, act) {
    const list = command
      .command('list')
      .description('metrics with data of the last two weeks')
      .option('--namespace <name>', 'only of this namespace')
      .option('--name <metric>', 'only this metric')
      .option('--endpoint <name>', 'only of this endpoint')
    addExamples(list, [['metrics list --endpoint bikeshare-prod', 'everything there is of one endpoint']])
    list.action(act<Names>(listMetrics))

    const get = command
      .command('get')
      .description('datapoints of a metric')
      .requiredOption('--name <metric>', 'the metric')
      .option('--endpoint <name>', 'its endpoint (default: sm_endpoint)')
      .option(
        '--variant <name>',
        'its variant (default: AllTraffic for SageMaker’s, else the endpoint as a whole)',
      )
      .option('--namespace <name>', 'its namespace (default: by its name)')
      .option(
        '--stat <statistic>',
        'Sum, Average, Minimum, Maximum, SampleCount or p0 to p100 (default: by metric)',
      )
      .addOption(durationOption('--period <span>', 'length of a period').default(BATCH_SECONDS, '10m'))
      .addOption(timeOption('--from <time>', 'first period (default: 24 h before --to)'))
      .addOption(timeOption('--to <time>', 'up to this time (default: now)'))
    addExamples(get, [
      ['metrics get --name PR-AUC-24h --endpoint bikeshare-prod', 'the last 24 h, a figure a batch'],
      [
        'metrics get --name ModelLatency --stat p99 --period 1h --json',
        'its 99th percentile by hour, for a machine',
      ],
    ])
    get.action(act<Get>(getMetric))

    const put = command
      .command('put')
      .description('put a datum of your own')
      .requiredOption('--name <metric>', 'the metric')
      .addOption(numberOption('--value <x>', 'the value', -1e100, 1e100).makeOptionMandatory())
      .option('--endpoint <name>', 'its endpoint (default: sm_endpoint)')
      .option('--namespace <name>', 'its namespace (default: cw_custom_ns)')
      .addOption(timeOption('--timestamp <time>', 'its time (default: now)'))
    addExamples(put, [['metrics put --name TrucksOut --value 3', 'kept beside ours, of this moment']])
    put.action(act<Put>(putMetric))
  },
}

async function listMetrics(context: CommandContext, options: Names): Promise<CommandResult> {
  const { platform } = await context.openLake()
  const { namespace, name, endpoint } = options
  const metrics = await platform.metrics.listMetrics({
    ...(namespace !== undefined && { Namespace: namespace }),
    ...(name !== undefined && { MetricName: name }),
    ...(endpoint !== undefined && { Dimensions: { EndpointName: endpoint } }),
  })
  const rows = metrics.map(({ Namespace, MetricName, Dimensions }) => [
    Namespace,
    MetricName,
    Object.entries(Dimensions)
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
  ])
  return {
    human:
      rows.length === 0
        ? 'No metric has data of the last two weeks.'
        : textTable(['namespace', 'metric', 'dimensions'], rows),
    json: { metrics },
  }
}

async function getMetric(context: CommandContext, options: Get): Promise<CommandResult> {
  const { platform, info, now } = await context.openLake()
  const { period } = options
  const stat = options.stat ?? usualStatistic(options.name)
  const to = options.to ?? now + 1
  // A batch of 24 h ago is the next one's period.
  const from = options.from ?? to - DAY_SECONDS
  const metric = metricOf(context, options, info.city)
  const datapoints = await metricSeries(platform.metrics, { metric, stat, period, from, to })
  const query = { ...metric, Stat: stat, Period: period, StartTime: from, EndTime: to }
  const head = `${metric.MetricName} ${stat}, ${metric.Namespace}, ${Object.values(metric.Dimensions).join(', ')}`
  return {
    human:
      datapoints.length === 0
        ? `${head}\nNo datapoint from ${isoOf(from)} to ${isoOf(to)}.${await alike(platform.metrics, metric)}`
        : `${head}\n${textTable(
            ['period', 'value'],
            datapoints.map(({ t, v }) => [isoOf(t), Number(v.toPrecision(6))]),
          )}`,
    json: { query, datapoints },
  }
}

function metricOf(context: CommandContext, options: Get, city: string): Metric {
  const Namespace = options.namespace ?? namespaceOf(options.name, context.config.cw_custom_ns)
  const EndpointName = options.endpoint ?? context.config.sm_endpoint
  const Dimensions =
    Namespace === SAGEMAKER_NAMESPACE
      ? { EndpointName, VariantName: options.variant ?? 'AllTraffic' }
      : {
          EndpointName,
          City: city,
          ...(options.variant !== undefined && { VariantName: options.variant }),
        }
  return { Namespace, MetricName: options.name, Dimensions }
}

/** A line on where the metric does have data, if anywhere. */
async function alike(metrics: MetricStore, { MetricName, Dimensions }: Metric): Promise<string> {
  const others = (await metrics.listMetrics({ MetricName })).map((metric) =>
    Object.values(metric.Dimensions).join(', '),
  )
  const wanted = Object.values(Dimensions).join(', ')
  if (others.length === 0) return `\nThere is no data of ${MetricName} of the last two weeks.`
  if (others.includes(wanted)) return '\nThere is data at other times.'
  return `\nThere is data of: ${others.slice(0, 10).join('; ')}.`
}

async function putMetric(context: CommandContext, options: Put): Promise<CommandResult> {
  const Namespace = options.namespace ?? context.config.cw_custom_ns
  if (/^AWS\//i.test(Namespace))
    throw new OperatorError(
      'USAGE',
      `${Namespace} is a namespace of AWS's own`,
      'Put your data in one of your own; default is cw_custom_ns.',
    )
  const { platform, info, now } = await context.openLake()
  const Timestamp: EpochSeconds = options.timestamp ?? now
  const datum = {
    MetricName: options.name,
    Dimensions: { EndpointName: options.endpoint ?? context.config.sm_endpoint, City: info.city },
    Timestamp,
    Value: options.value,
    Unit: knownMetric(options.name)?.unit ?? 'None',
  }
  await platform.metrics.putMetricData(Namespace, [datum])
  return {
    human: `Put ${options.name} = ${options.value} at ${isoOf(Timestamp)} in ${Namespace}.`,
    json: { namespace: Namespace, datum },
  }
}
