import { alarmPeriod } from '../../core/alarm-window.ts'
import type { ComparisonOperator, CompositeAlarm, MetricAlarm } from '../../core/contracts/cloudwatch.ts'
import { SAGEMAKER_NAMESPACE } from '../../core/contracts/metrics.ts'
import { ALARM_TABLE } from './alarm-table.ts'
import type { AlarmRow, MetricRow, Threshold } from './alarm-row.ts'

const SIGNS: Readonly<Record<ComparisonOperator, string>> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '>=',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
  LessThanLowerOrGreaterThanUpperThreshold: 'outside',
}

/** `AWS/SageMaker ModelLatency p95, Microseconds`: what a row watches. */
export function watchedText(row: AlarmRow): string {
  if (row.kind === 'composite') return 'composite'
  const { watched, statistic, unit } = row
  switch (watched.of) {
    case 'endpoint':
      return `${watched.metric} ${statistic}, ${unit}`
    case 'percentage':
      return `100 × ${watched.metric} ${statistic} / ${watched.over} ${statistic}, ${unit}`
    default: {
      const name = `${SAGEMAKER_NAMESPACE} ${watched.metric} ${statistic}`
      return `${watched.filled ? `FILL(${name}, 0)` : name}, ${unit}`
    }
  }
}

/** `> 200,000`: when a datapoint of a row breaches. */
export function conditionText(row: AlarmRow): string {
  if (row.kind === 'composite') return `all of ${row.all.map((suffix) => `prod-${suffix}`).join(', ')}`
  if (
    row.threshold.kind === 'number' &&
    row.threshold.value === 0 &&
    row.operator.startsWith('LessThanOrEqual')
  )
    return '= 0'
  return `${SIGNS[row.operator]} ${thresholdText(row.threshold)}`
}

function thresholdText(threshold: Threshold): string {
  switch (threshold.kind) {
    case 'number':
      return threshold.value.toLocaleString('en-GB', { maximumFractionDigits: 3 })
    case 'band':
      return `ANOMALY_DETECTION_BAND(m, ${threshold.width})`
    case 'half-of-due':
      return 'half of the requests due: 3 × ceil(stations / 100)'
    default:
      return `max(${threshold.value}, the model’s own bound)`
  }
}

/** `5 min, 3 of 3`. */
export function datapointsText({
  period,
  datapoints: [m, n],
}: Pick<MetricRow, 'period' | 'datapoints'>): string {
  return `${period % 3600 === 0 ? `${period / 3600} h` : `${period / 60} min`}, ${m} of ${n}`
}

/** An alarm as it is set, in words: `AWS/SageMaker ModelLatency p95 > 200,000 in 3 of 3 periods of 5 min; …`. */
export function alarmInWords(alarm: MetricAlarm | CompositeAlarm): string {
  if ('AlarmRule' in alarm) return alarm.AlarmRule
  const parts = alarm.Metrics.map(({ Id, MetricStat, Expression }) => {
    if (!MetricStat) return `${Id} = ${Expression ?? ''}`
    const { Metric, Stat } = MetricStat
    const where = Object.entries(Metric.Dimensions).map(([name, value]) => `${name} ${value}`)
    return `${Id} = ${Stat} of ${Metric.Namespace} ${Metric.MetricName} (${where.join(', ')})`
  })
  const compared = alarm.Metrics.find(
    ({ Id, ReturnData }) => ReturnData !== false && Id !== alarm.ThresholdMetricId,
  )
  const threshold = alarm.Threshold?.toLocaleString('en-GB', { maximumFractionDigits: 6 }) ?? 'the band'
  const period = (alarmPeriod(alarm) ?? 0) / 60
  return (
    `${compared?.Id ?? ''} ${SIGNS[alarm.ComparisonOperator]} ${threshold} in ${alarm.DatapointsToAlarm} of ` +
    `${alarm.EvaluationPeriods} periods of ${period} min, with ${parts.join(', ')}; ` +
    `missing data: ${alarm.TreatMissingData}`
  )
}

/** When a row is in ALARM, in one line: `AWS/SageMaker ModelLatency p95, Microseconds > 200,000; 5 min, 3 of 3`. */
export function rowInWords(row: AlarmRow): string {
  if (row.kind === 'composite') return conditionText(row)
  return `${watchedText(row)} ${conditionText(row)}; ${datapointsText(row)}`
}

/** The alarm table as Markdown, names as of the endpoint `bikeshare-prod`. */
export function alarmTableMarkdown(): string {
  const head = [
    'alarm',
    'severity',
    'metric, statistic, unit',
    'in ALARM when',
    'period, datapoints',
    'missing data',
  ]
  const lines = ALARM_TABLE.map((row) => [
    `[prod-${row.suffix}](runbook.md#${row.runbook})${row.beyond ? ' †' : ''}`,
    row.severity,
    watchedText(row),
    conditionText(row),
    row.kind === 'metric' ? datapointsText(row) : '–',
    row.kind === 'metric' ? row.missing : '–',
  ])
  const text = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`)
  return `${text.join('\n')}\n\n† Ours, beyond the twelve that the system is specified with.\n`
}
