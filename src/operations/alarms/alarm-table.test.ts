import { describe, expect, it } from 'vitest'
import { openAlarmPlatform } from '../../../test/support/alarm-platform.ts'
import type { CompositeAlarm, MetricAlarm } from '../../core/contracts/cloudwatch.ts'
import { MODEL_METRICS, SAGEMAKER_METRICS } from '../../core/contracts/metrics.ts'
import { ALARM_TABLE, rowOf } from './alarm-table.ts'
import {
  alarmInWords,
  alarmTableMarkdown,
  conditionText,
  datapointsText,
  watchedText,
} from './alarm-words.ts'
import { alarmsFor, type AlarmSubject } from './alarms-for.ts'

const SUBJECT: AlarmSubject = {
  endpoint: 'bikeshare-prod',
  city: 'nyc',
  namespace: 'Bikeshare/Model',
  variants: ['AllTraffic'],
  stations: 2200,
  floors: undefined,
}

/** The alarm of a subject with a suffix. */
function alarm(suffix: string, more: Partial<AlarmSubject> = {}): MetricAlarm & CompositeAlarm {
  const found = alarmsFor({ ...SUBJECT, ...more }).find(({ AlarmName }) => AlarmName.endsWith(suffix))
  if (!found) throw new Error(`no alarm ${suffix}`)
  return found as MetricAlarm & CompositeAlarm
}

// The twelve as specified, latency and drift each with two levels.
const SPECIFIED = [
  ['prod-endpoint-latency-p95-warn', 'ModelLatency', 'p95', '>', 200_000, 300, 3, 3, 'ignore'],
  ['prod-endpoint-latency-p95-crit', 'ModelLatency', 'p95', '>', 300_000, 300, 5, 5, 'ignore'],
  ['prod-endpoint-5xx-crit', 'Invocation5XXErrors', 'Sum', '>', 0, 300, 1, 1, 'notBreaching'],
  ['prod-endpoint-4xx-warn', 'Invocation4XXErrors', 'Sum', '>', 1, 300, 2, 2, 'notBreaching'],
  ['prod-latency-anomaly', 'ModelLatency', 'p95', 'band', undefined, 300, 3, 3, 'ignore'],
  ['prod-low-traffic-24h', 'Invocations', 'Sum', '<', 66, 3600, 24, 24, 'breaching'],
  ['prod-20m-zero', 'Invocations', 'Sum', '<=', 0, 300, 4, 4, 'breaching'],
  ['prod-quality-prauc-24h-warn', 'PR-AUC-24h', 'Average', '<', 0.851, 1800, 3, 3, 'missing'],
  ['prod-quality-f1-24h-warn', 'F1-24h', 'Average', '<', 0.753, 1800, 3, 3, 'missing'],
  ['prod-feature-drift-warn', 'PSI', 'Maximum', '>=', 0.2, 3600, 1, 1, 'missing'],
  ['prod-feature-drift-crit', 'PSI', 'Maximum', '>=', 0.3, 3600, 1, 1, 'missing'],
] as const
const OPERATORS = {
  '>': 'GreaterThanThreshold',
  '>=': 'GreaterThanOrEqualToThreshold',
  '<': 'LessThanThreshold',
  '<=': 'LessThanOrEqualToThreshold',
  band: 'LessThanLowerOrGreaterThanUpperThreshold',
}

describe('the alarms of an endpoint', () => {
  it.each(SPECIFIED)('has %s', (name, metric, stat, operator, threshold, period, m, n, missing) => {
    const { Metrics, ...rest } = alarm(name)
    expect(Metrics[0]?.MetricStat).toMatchObject({
      Period: period,
      Stat: stat,
      Metric: { MetricName: metric },
    })
    expect(rest).toMatchObject({
      AlarmName: name,
      ComparisonOperator: OPERATORS[operator],
      DatapointsToAlarm: m,
      EvaluationPeriods: n,
      TreatMissingData: missing,
    })
    expect(rest.Threshold).toBe(threshold)
  })

  it('are those twelve and four of ours', () => {
    const names = (beyond: boolean): string[] =>
      ALARM_TABLE.filter((row) => row.beyond === beyond).map(({ suffix }) => `prod-${suffix}`)
    expect(names(false).toSorted()).toEqual(
      [...SPECIFIED.map(([name]) => name), 'prod-endpoint-invoke-zero'].toSorted(),
    )
    expect(names(true)).toEqual([
      'prod-feature-skew-warn',
      'prod-weather-range-warn',
      'prod-frozen-stations-warn',
      'prod-feed-stale-crit',
    ])
  })

  it('are named for their endpoint, and find their row by the name', () => {
    for (const [endpoint, prefix] of [
      ['bikeshare-prod', 'prod'],
      ['bikeshare-prod-docks', 'prod-docks'],
      ['bikeshare-paris-prod', 'paris-prod'],
    ] as const)
      for (const [i, { AlarmName }] of alarmsFor({ ...SUBJECT, endpoint }).entries()) {
        expect(AlarmName).toBe(`${prefix}-${ALARM_TABLE[i]?.suffix}`)
        expect(rowOf(AlarmName)).toBe(ALARM_TABLE[i])
      }
  })

  it('watch the metrics of the endpoint, and of its one variant', () => {
    expect(alarm('endpoint-5xx-crit').Metrics).toEqual([
      {
        Id: 'm',
        MetricStat: {
          Metric: {
            Namespace: 'AWS/SageMaker',
            MetricName: 'Invocation5XXErrors',
            Dimensions: { EndpointName: 'bikeshare-prod', VariantName: 'AllTraffic' },
          },
          Period: 300,
          Stat: 'Sum',
        },
      },
    ])
    expect(alarm('feature-drift-warn').Metrics[0]?.MetricStat?.Metric).toEqual({
      Namespace: 'Bikeshare/Model',
      MetricName: 'PSI',
      Dimensions: { EndpointName: 'bikeshare-prod', City: 'nyc' },
    })
  })

  it('take several variants together: sums added, latency by the slowest', () => {
    const variants = ['Baseline', 'Candidate']
    const expressions = (suffix: string): string[] =>
      alarm(suffix, { variants }).Metrics.flatMap(({ Expression }) => Expression ?? [])
    expect(expressions('endpoint-5xx-crit')).toEqual(['SUM([m1, m2])'])
    expect(expressions('endpoint-latency-p95-warn')).toEqual(['MAX([m1, m2])'])
    expect(expressions('latency-anomaly')).toEqual(['MAX([m1, m2])', 'ANOMALY_DETECTION_BAND(m, 2.5)'])
    expect(expressions('20m-zero')).toEqual(['SUM([m1, m2])', 'FILL(m, 0)'])
    expect(expressions('endpoint-4xx-warn')).toEqual([
      'SUM([part1, part2])',
      'SUM([whole1, whole2])',
      '100 * part / whole',
    ])
  })

  it('expect half of the requests that are due, and at least half of one a batch', () => {
    const threshold = (stations: number): number | undefined =>
      alarm('low-traffic-24h', { stations }).Threshold
    expect([0, 1, 100, 101, 2200].map(threshold)).toEqual([3, 3, 3, 6, 66])
  })

  it("take the model's own bound where it is the stricter one", () => {
    const floors = { pr_auc: 0.9, f1: 0.5 }
    expect(alarm('quality-prauc-24h-warn', { floors }).Threshold).toBe(0.9)
    expect(alarm('quality-f1-24h-warn', { floors }).Threshold).toBe(0.753)
  })

  it('join both alarms on traffic in one', () => {
    expect(alarm('endpoint-invoke-zero', { endpoint: 'bikeshare-prod-docks' }).AlarmRule).toBe(
      'ALARM("prod-docks-low-traffic-24h") AND ALARM("prod-docks-20m-zero")',
    )
  })

  it.each([
    ['one variant', ['AllTraffic']],
    ['three', ['A', 'B', 'C']],
  ])('are all taken by the alarm store, in their order, with %s', async (_, variants) => {
    const platform = await openAlarmPlatform()
    try {
      for (const a of alarmsFor({ ...SUBJECT, variants }))
        await ('AlarmRule' in a ? platform.alarms.putCompositeAlarm(a) : platform.alarms.putMetricAlarm(a))
      expect(await platform.alarms.describeAlarms()).toHaveLength(ALARM_TABLE.length)
    } finally {
      await platform.close()
    }
  })
})

describe('the table', () => {
  it('names only metrics that there are', () => {
    const known = new Set([...Object.keys(MODEL_METRICS), ...Object.keys(SAGEMAKER_METRICS)])
    const watched = ALARM_TABLE.flatMap((row) =>
      row.kind === 'composite'
        ? []
        : [row.watched.metric, ...(row.watched.of === 'percentage' ? [row.watched.over] : [])],
    )
    expect(watched.filter((metric) => !known.has(metric))).toEqual([])
  })

  it('is told in words', () => {
    const told = (suffix: string): string => {
      const row = ALARM_TABLE.find((r) => r.suffix === suffix)
      if (!row) throw new Error(suffix)
      return [watchedText(row), conditionText(row), row.kind === 'metric' ? datapointsText(row) : ''].join(
        ' | ',
      )
    }
    expect(told('endpoint-latency-p95-warn')).toBe(
      'AWS/SageMaker ModelLatency p95, Microseconds | > 200,000 | 5 min, 3 of 3',
    )
    expect(told('20m-zero')).toBe('FILL(AWS/SageMaker Invocations Sum, 0), Count | = 0 | 5 min, 4 of 4')
    expect(told('endpoint-invoke-zero')).toBe('composite | all of prod-low-traffic-24h, prod-20m-zero | ')
    expect(told('feature-drift-warn')).toBe('PSI Maximum, None | >= 0.2 | 1 h, 1 of 1')
    expect(alarmInWords(alarm('feature-drift-warn'))).toBe(
      'm >= 0.2 in 1 of 1 periods of 60 min, with m = Maximum of Bikeshare/Model PSI ' +
        '(EndpointName bikeshare-prod, City nyc); missing data: missing',
    )
  })

  it('is a line of Markdown for every alarm, as wide as its head', () => {
    const lines = alarmTableMarkdown()
      .split('\n')
      .filter((line) => line.startsWith('|'))
    expect(lines).toHaveLength(ALARM_TABLE.length + 2)
    expect(new Set(lines.map((line) => line.split('|').length)).size).toBe(1)
  })
})
