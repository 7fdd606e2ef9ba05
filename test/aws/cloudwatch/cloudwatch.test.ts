import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { MetricDatum } from '../../../src/core/contracts/cloudwatch.ts'
import { alarmsFor } from '../../../src/operations/alarms/alarms-for.ts'
import { alarmOf, datum, NAMESPACE, NOON, PROD } from '../../conformance/alarm-store.ts'
import { datapoints } from '../../support/metric-datapoints.ts'
import { checkByBotocore } from '../servers/botocore.ts'
import { openCloudWatchSubject, type CloudWatchSubject } from '../servers/cloudwatch/subject.ts'
import { denied, THROTTLED } from '../servers/faults.ts'
import { openRecorder, type RecordedCall } from '../servers/recorder.ts'

const TOPIC = 'arn:aws:sns:ca-central-1:000000000000:bikeshare-alarms'
const recorder = openRecorder()
const served: RecordedCall[] = []
let subject: CloudWatchSubject
const open = async (more: Partial<Parameters<typeof openCloudWatchSubject>[0]> = {}): Promise<void> => {
  subject = await openCloudWatchSubject({
    now: NOON,
    access: { maxAttempts: 3, onClient: recorder.onClient },
    ...more,
  })
}
afterEach(async () => {
  served.push(...subject.server.log.calls)
  await subject.close()
})
const puts = (): number => subject.server.faults.calls('PutMetricData')
const METRIC = { Namespace: NAMESPACE, MetricName: 'PSI', Dimensions: PROD }

describe('metrics in CloudWatch', () => {
  const many = (count: number, more: Partial<MetricDatum> = {}): MetricDatum[] =>
    Array.from({ length: count }, (_, i) => datum(NOON - i, i, more))

  it('go in one request a batch, and in as few as its limits allow', async () => {
    await open()
    await subject.metrics.putMetricData(NAMESPACE, many(1000))
    expect(puts()).toBe(1)
    await subject.metrics.putMetricData(NAMESPACE, many(2001))
    expect(puts()).toBe(4)
    // 900 data of 150 values are over a megabyte.
    const { Value: _, ...wide } = datum(NOON, 0)
    const Values = Array.from({ length: 150 }, (__, i) => 1_000_000 + i)
    await subject.metrics.putMetricData(
      NAMESPACE,
      Array.from({ length: 900 }, (__, i) => ({ ...wide, Timestamp: NOON - i, Values })),
    )
    expect(puts()).toBe(6)
    await subject.metrics.putMetricData(NAMESPACE, [])
    expect(puts()).toBe(6)
  })

  it('are not sent twice by a job that runs again, killed or not', async () => {
    await open({ remembers: true })
    await subject.metrics.putMetricData(NAMESPACE, many(1500))
    await subject.metrics.putMetricData(NAMESPACE, many(1500))
    expect(puts()).toBe(2)
    subject.server.faults.next('PutMetricData', denied('cloudwatch:PutMetricData', '*'))
    await expect(subject.metrics.putMetricData(NAMESPACE, many(3))).rejects.toMatchObject({ code: 'CONFIG' })
    await subject.metrics.putMetricData(NAMESPACE, many(3))
    expect(puts()).toBe(4)
    await subject.metrics.putMetricData('Else', many(3))
    expect(puts()).toBe(5)
  })

  it('are none of them sent when one is refused', async () => {
    await open()
    const bad = [...many(1000), datum(NOON, Number.NaN)]
    await expect(subject.metrics.putMetricData(NAMESPACE, bad)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(puts()).toBe(0)
  })

  it('come whole when they are asked for in pages, for 500 queries at most', async () => {
    await open({ pageSize: 90 })
    const data = many(200).map((each, i) => ({ ...each, Timestamp: NOON - 60 * i }))
    await subject.metrics.putMetricData(NAMESPACE, data)
    const window = { StartTime: NOON - 86_400, EndTime: NOON + 60 }
    const query = (Id: string) => ({ Id, MetricStat: { Metric: METRIC, Period: 60, Stat: 'Sum' as const } })
    const queries = Array.from({ length: 3 }, (_, i) => query(`m${i}`))
    const found = await subject.metrics.getMetricData({ MetricDataQueries: queries, ...window })
    expect(found.map(({ Values }) => Values)).toEqual(
      Array.from({ length: 3 }, () => Array.from({ length: 200 }, (_, i) => 199 - i)),
    )
    expect(subject.server.faults.calls('GetMetricData')).toBe(7)
    const tooMany = Array.from({ length: 501 }, (_, i) => query(`m${i}`))
    await expect(
      subject.metrics.getMetricData({ MetricDataQueries: tooMany, ...window }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('are put and read once more when CloudWatch throttles', async () => {
    await open()
    subject.server.faults.next('PutMetricData', THROTTLED, 2)
    await subject.metrics.putMetricData(NAMESPACE, many(1))
    subject.server.faults.next('GetMetricData', THROTTLED, 1)
    expect(
      await datapoints(subject.metrics, METRIC, { from: NOON - 60, to: NOON + 60, stat: 'Sum' }),
    ).toEqual([[NOON, 0]])
    subject.server.faults.next('PutMetricData', THROTTLED, 3)
    await expect(subject.metrics.putMetricData(NAMESPACE, many(2))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('throttles cloudwatch:PutMetricData on namespace'),
    })
  })
})

describe('alarms in CloudWatch', () => {
  const table = alarmsFor({
    endpoint: 'bikeshare-prod',
    city: 'nyc',
    namespace: NAMESPACE,
    variants: ['AllTraffic', 'Challenger'],
    stations: 2000,
    floors: { pr_auc: 0.9, f1: 0.8 },
  })
  const putTable = async (): Promise<void> => {
    for (const alarm of table)
      await ('AlarmRule' in alarm
        ? subject.alarms.putCompositeAlarm(alarm)
        : subject.alarms.putMetricAlarm(alarm))
  }

  it('are those of the table, with their topic, and are put again without a change', async () => {
    await open({ actions: (name) => (name.endsWith('-crit') ? [TOPIC] : []) })
    await putTable()
    const described = await subject.alarms.describeAlarms()
    expect(described.map(({ alarm }) => alarm)).toEqual(
      [...table].sort((a, b) => (a.AlarmName < b.AlarmName ? -1 : 1)),
    )
    const count = () =>
      subject.server.faults.calls('PutMetricAlarm') + subject.server.faults.calls('PutCompositeAlarm')
    expect(count()).toBe(table.length)
    await putTable()
    expect(count()).toBe(table.length)
    const answers = subject.server.log.calls.filter(({ operation }) => operation === 'PutMetricAlarm')
    const told = answers.flatMap(({ params }) => {
      const { AlarmName, AlarmActions } = params as { AlarmName: string; AlarmActions?: string[] }
      return AlarmActions ? [AlarmName] : []
    })
    expect(told.length).toBeGreaterThan(2)
    expect(told.every((name) => name.endsWith('-crit'))).toBe(true)
    // The band of two variants is about the greater of both: a model of an expression.
    const [model] = subject.server.log.calls.filter(({ operation }) => operation === 'PutAnomalyDetector')
    expect(model?.params).toEqual({
      MetricMathAnomalyDetector: { MetricDataQueries: expect.any(Array) },
    })
    await subject.alarms.deleteAlarms(table.map(({ AlarmName }) => AlarmName))
    expect(await subject.alarms.describeAlarms()).toEqual([])
    expect(subject.server.faults.calls('DeleteAnomalyDetector')).toBe(1)
  })

  it('of others are neither shown nor told of', async () => {
    await open({ owns: (name) => name.startsWith('prod-') })
    await subject.alarms.putMetricAlarm(alarmOf({ AlarmName: 'prod-mine' }))
    await subject.alarms.putMetricAlarm(alarmOf({ AlarmName: 'elsewhere' }))
    expect((await subject.alarms.describeAlarms()).map(({ alarm }) => alarm.AlarmName)).toEqual(['prod-mine'])
    const history = await subject.alarms.describeAlarmHistory({ from: 0, to: NOON })
    expect(history.map(({ AlarmName }) => AlarmName)).toEqual(['prod-mine'])
  })

  it('do not change their kind under a name', async () => {
    await open()
    await subject.alarms.putMetricAlarm(alarmOf({ AlarmName: 'a' }))
    await expect(
      subject.alarms.putCompositeAlarm({ AlarmName: 'a', AlarmDescription: '', AlarmRule: 'TRUE' }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('other kind') })
  })

  it('tell of the datapoints that were looked at', async () => {
    await open()
    await subject.alarms.putMetricAlarm(alarmOf({ EvaluationPeriods: 1, DatapointsToAlarm: 1 }))
    await subject.metrics.putMetricData(NAMESPACE, [datum(NOON - 300, 0.5)])
    await subject.evaluator.evaluateAlarms(NOON)
    const history = await subject.alarms.describeAlarmHistory({
      AlarmName: 'drift',
      from: NOON - 1,
      to: NOON,
    })
    expect(history.at(-1)).toMatchObject({
      HistoryItemType: 'StateUpdate',
      HistoryData: {
        from: 'INSUFFICIENT_DATA',
        to: 'ALARM',
        reason: expect.stringContaining('0.5'),
        threshold: 0.2,
        datapoints: expect.arrayContaining([{ t: NOON - 300, value: 0.5 }]),
      },
    })
  })
})

describe('botocore’s model of CloudWatch', () => {
  beforeEach(() => open())

  it.skipIf(inject('awsPython') === undefined)('has all that was asked and answered', async () => {
    const python = inject('awsPython') ?? ''
    const asked = await checkByBotocore(python, recorder.calls)
    expect(asked.deviations).toEqual([])
    const answered = await checkByBotocore(python, served)
    expect(answered.deviations).toEqual([])
    expect(answered.operations).toEqual([
      'cloudwatch.DeleteAlarms',
      'cloudwatch.DeleteAnomalyDetector',
      'cloudwatch.DescribeAlarmHistory',
      'cloudwatch.DescribeAlarms',
      'cloudwatch.GetMetricData',
      'cloudwatch.PutAnomalyDetector',
      'cloudwatch.PutCompositeAlarm',
      'cloudwatch.PutMetricAlarm',
      'cloudwatch.PutMetricData',
    ])
  })
})
