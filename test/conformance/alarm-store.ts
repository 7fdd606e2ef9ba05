import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  AlarmDescription,
  AlarmHistoryItem,
  MetricAlarm,
  MetricDatum,
  StateValue,
} from '../../src/core/contracts/cloudwatch.ts'
import { isOperatorError } from '../../src/core/errors.ts'
import type { AlarmStore, MetricStore } from '../../src/platform/ports.ts'

/** 2024-03-12T12:00:00Z */
export const NOON = 1_710_244_800
export const NAMESPACE = 'Bikeshare/Model'
export const PROD = { EndpointName: 'bikeshare-prod', City: 'nyc' }

/** Two of three five-minute maxima of PSI above 0.2. */
export const alarmOf = (more: Partial<MetricAlarm> = {}): MetricAlarm => ({
  AlarmName: 'drift',
  AlarmDescription: 'features moved',
  Metrics: [
    {
      Id: 'm',
      MetricStat: {
        Metric: { Namespace: NAMESPACE, MetricName: 'PSI', Dimensions: PROD },
        Period: 300,
        Stat: 'Maximum',
      },
    },
  ],
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 0.2,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  TreatMissingData: 'missing',
  ...more,
})

/** A value of PSI. */
export const datum = (Timestamp: number, Value: number, more: Partial<MetricDatum> = {}): MetricDatum => ({
  MetricName: 'PSI',
  Dimensions: PROD,
  Timestamp,
  Value,
  Unit: 'None',
  ...more,
})

/** What an AlarmStore is tried over. */
export interface AlarmSubject {
  readonly alarms: AlarmStore
  readonly metrics: MetricStore
  readonly close: () => Promise<void>
}

/** What every AlarmStore must do that can be asked to evaluate. `open` gives a new, empty one, made at NOON. */
export function alarmStoreSuite(name: string, open: () => Promise<AlarmSubject>): void {
  describe(`an alarm store: ${name}`, () => {
    let alarms: AlarmStore
    let metrics: MetricStore
    let close: () => Promise<void>
    beforeEach(async () => {
      ;({ alarms, metrics, close } = await open())
    })
    afterEach(() => close())

    const put = (...values: [at: number, value: number][]): Promise<void> =>
      metrics.putMetricData(
        NAMESPACE,
        values.map(([at, value]) => datum(at, value)),
      )
    const described = async (which = 'drift'): Promise<AlarmDescription> => {
      const found = (await alarms.describeAlarms()).find(({ alarm }) => alarm.AlarmName === which)
      if (!found) throw new Error(`no alarm ${which}`)
      return found
    }
    const state = async (which = 'drift'): Promise<StateValue> => (await described(which)).StateValue
    const history = (
      more: { AlarmName?: string; from?: number; to?: number } = {},
    ): Promise<AlarmHistoryItem[]> =>
      alarms.describeAlarmHistory({ from: NOON - 86_400, to: NOON + 8 * 86_400, ...more })
    const updates = async (): Promise<string[]> =>
      (await history())
        .filter(({ HistoryItemType }) => HistoryItemType === 'StateUpdate')
        .map(
          ({ AlarmName, Timestamp, HistoryData }) =>
            `${AlarmName} ${Timestamp - NOON} ${String(HistoryData['from'])} ${String(HistoryData['to'])}`,
        )

    it('knows nothing at first', async () => {
      expect(await alarms.describeAlarms()).toEqual([])
      expect(await history()).toEqual([])
      await alarms.evaluateAlarms(NOON)
      await alarms.deleteAlarms(['nobody'])
      expect(await history()).toEqual([])
    })

    it('has an alarm in INSUFFICIENT_DATA until it was evaluated', async () => {
      const alarm = alarmOf()
      await alarms.putMetricAlarm(alarm)
      expect(await alarms.describeAlarms()).toEqual([
        {
          alarm,
          StateValue: 'INSUFFICIENT_DATA',
          StateReason: expect.any(String),
          StateUpdatedTimestamp: NOON,
        },
      ])
      expect((await history()).map((item) => item.HistoryItemType)).toEqual(['ConfigurationUpdate'])
    })

    it('goes into ALARM when M of N breach, and back, and says so in its history', async () => {
      await alarms.putMetricAlarm(alarmOf())
      await put([NOON - 900, 0.1], [NOON - 600, 0.1], [NOON - 300, 0.3])
      await alarms.evaluateAlarms(NOON)
      expect(await state()).toBe('OK')
      await put([NOON, 0.3])
      await alarms.evaluateAlarms(NOON + 300)
      expect(await described()).toMatchObject({ StateValue: 'ALARM', StateUpdatedTimestamp: NOON + 300 })
      await put([NOON + 300, 0.1])
      await alarms.evaluateAlarms(NOON + 600)
      expect(await state()).toBe('ALARM')
      await put([NOON + 600, 0.1])
      await alarms.evaluateAlarms(NOON + 900)
      expect(await state()).toBe('OK')
      expect(await updates()).toEqual([
        'drift 0 INSUFFICIENT_DATA OK',
        'drift 300 OK ALARM',
        'drift 900 ALARM OK',
      ])
    })

    it('looks at periods that are over, and at no datum of the one under way', async () => {
      await alarms.putMetricAlarm(alarmOf({ EvaluationPeriods: 1, DatapointsToAlarm: 1 }))
      await put([NOON - 300, 0.1], [NOON, 0.9])
      for (const at of [0, 1, 299]) {
        await alarms.evaluateAlarms(NOON + at)
        expect(await state()).toBe('OK')
      }
      await alarms.evaluateAlarms(NOON + 300)
      expect(await state()).toBe('ALARM')
    })

    it('takes a datum that came late for what it is', async () => {
      await alarms.putMetricAlarm(alarmOf({ EvaluationPeriods: 1, DatapointsToAlarm: 1 }))
      await put([NOON - 600, 0.1])
      await alarms.evaluateAlarms(NOON)
      await put([NOON - 300, 0.9])
      await alarms.evaluateAlarms(NOON + 60)
      expect(await state()).toBe('ALARM')
    })

    it.each([
      ['missing', 'INSUFFICIENT_DATA'],
      ['ignore', 'ALARM'],
      ['breaching', 'ALARM'],
      ['notBreaching', 'OK'],
    ] as const)('with TreatMissingData %s and no datum left is in %s', async (TreatMissingData, expected) => {
      await alarms.putMetricAlarm(alarmOf({ TreatMissingData }))
      await put([NOON - 900, 0.3], [NOON - 600, 0.3], [NOON - 300, 0.3])
      await alarms.evaluateAlarms(NOON)
      expect(await state()).toBe('ALARM')
      await alarms.evaluateAlarms(NOON + 86_400)
      expect(await state()).toBe(expected)
    })

    it('does the same once when it is evaluated twice for the same moment', async () => {
      await alarms.putMetricAlarm(alarmOf())
      await put([NOON - 600, 0.3], [NOON - 300, 0.3])
      await alarms.evaluateAlarms(NOON)
      const before = [await alarms.describeAlarms(), await history()]
      await alarms.evaluateAlarms(NOON)
      expect([await alarms.describeAlarms(), await history()]).toEqual(before)
    })

    it('does not undo what is newer when the clock is set back, and goes on when it has caught up', async () => {
      await alarms.putMetricAlarm(alarmOf())
      await put(
        [NOON - 4500, 0.1],
        [NOON - 4200, 0.1],
        [NOON - 3900, 0.1],
        [NOON - 600, 0.3],
        [NOON - 300, 0.3],
      )
      await alarms.evaluateAlarms(NOON)
      const before = await history()
      await alarms.evaluateAlarms(NOON - 3600)
      expect(await state()).toBe('ALARM')
      expect(await history()).toEqual(before)
      await put([NOON, 0.1], [NOON + 300, 0.1])
      await alarms.evaluateAlarms(NOON + 600)
      expect(await state()).toBe('OK')
    })

    it('says what is so a day later when the clock is set forward', async () => {
      await alarms.putMetricAlarm(alarmOf())
      await put([NOON - 600, 0.3], [NOON - 300, 0.3])
      await alarms.evaluateAlarms(NOON)
      await alarms.evaluateAlarms(NOON + 86_400)
      expect(await updates()).toEqual([
        'drift 0 INSUFFICIENT_DATA ALARM',
        'drift 86400 ALARM INSUFFICIENT_DATA',
      ])
    })

    it('compares a metric math expression', async () => {
      const stat = (MetricName: string) =>
        ({
          Metric: { Namespace: NAMESPACE, MetricName, Dimensions: PROD },
          Period: 300,
          Stat: 'Sum',
        }) as const
      await alarms.putMetricAlarm(
        alarmOf({
          Metrics: [
            { Id: 'errors', MetricStat: stat('Errors'), ReturnData: false },
            { Id: 'requests', MetricStat: stat('Requests'), ReturnData: false },
            { Id: 'share', Expression: '100 * errors / requests' },
          ],
          Threshold: 1,
          EvaluationPeriods: 1,
          DatapointsToAlarm: 1,
        }),
      )
      const both = (at: number, errors: number): Promise<void> =>
        metrics.putMetricData(NAMESPACE, [
          datum(at, errors, { MetricName: 'Errors' }),
          datum(at, 200, { MetricName: 'Requests' }),
        ])
      await both(NOON - 300, 2)
      await alarms.evaluateAlarms(NOON)
      expect(await state()).toBe('OK')
      await both(NOON, 3)
      await alarms.evaluateAlarms(NOON + 300)
      expect(await state()).toBe('ALARM')
    })

    it('compares with a band once there is one, and says nothing before', async () => {
      const [m] = alarmOf().Metrics
      const { Threshold: _, ...rest } = alarmOf({
        Metrics: [...(m ? [m] : []), { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m, 2.5)' }],
        ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
        ThresholdMetricId: 'band',
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        TreatMissingData: 'ignore',
      })
      await alarms.putMetricAlarm(rest)
      await put([NOON - 300, 50])
      await alarms.evaluateAlarms(NOON)
      expect(await state()).toBe('INSUFFICIENT_DATA')
      const from = NOON - 3 * 86_400
      const days = Array.from({ length: 72 * 12 }, (__, i): [number, number] => [
        from + i * 300,
        10 + (i % 3),
      ])
      await put(...days.filter(([t]) => t < NOON - 300))
      await put([NOON, 11])
      await alarms.evaluateAlarms(NOON + 300)
      expect(await state()).toBe('OK')
      await put([NOON + 300, 50])
      await alarms.evaluateAlarms(NOON + 600)
      expect(await state()).toBe('ALARM')
      await put([NOON + 600, 1])
      await alarms.evaluateAlarms(NOON + 900)
      expect(await state()).toBe('ALARM')
    })

    describe('a composite alarm', () => {
      const composite = (AlarmName: string, AlarmRule: string): Promise<void> =>
        alarms.putCompositeAlarm({ AlarmName, AlarmDescription: '', AlarmRule })

      it('follows its children in the same evaluation, through other composite ones', async () => {
        await alarms.putMetricAlarm(alarmOf({ AlarmName: 'a', TreatMissingData: 'breaching' }))
        await alarms.putMetricAlarm(alarmOf({ AlarmName: 'b', Threshold: 0.9 }))
        await composite('y', 'ALARM("a") AND NOT ALARM("b")')
        await composite('x', 'ALARM(y) OR INSUFFICIENT_DATA(a)')
        await put([NOON - 600, 0.3], [NOON - 300, 0.3])
        await alarms.evaluateAlarms(NOON)
        expect([await state('a'), await state('b'), await state('y'), await state('x')]).toEqual([
          'ALARM',
          'OK',
          'ALARM',
          'ALARM',
        ])
        await put([NOON, 0.95], [NOON + 300, 0.95])
        await alarms.evaluateAlarms(NOON + 600)
        expect([await state('a'), await state('b'), await state('y'), await state('x')]).toEqual([
          'ALARM',
          'ALARM',
          'OK',
          'OK',
        ])
      })

      it.each([
        ['a child that is not there', 'ALARM("nobody")'],
        ['itself as a child', 'ALARM("c")'],
        ['no rule', ''],
        ['a rule with a hole', 'ALARM("a") AND'],
        ['a rule that is too long', `ALARM("a")${' '.repeat(10_240)}`],
      ])('is refused with %s', async (_, rule) => {
        await alarms.putMetricAlarm(alarmOf({ AlarmName: 'a' }))
        await expect(composite('c', rule)).rejects.toSatisfy((error) => isOperatorError(error, 'BAD_INPUT'))
        expect(await alarms.describeAlarms()).toHaveLength(1)
      })

      it('is refused when it would come back to itself through others', async () => {
        await composite('c', 'TRUE')
        await composite('d', 'ALARM("c")')
        await composite('e', 'ALARM("d")')
        await expect(composite('c', 'NOT OK("e")')).rejects.toThrow('comes back to itself')
      })

      it('keeps its children from being deleted without it', async () => {
        await alarms.putMetricAlarm(alarmOf({ AlarmName: 'a' }))
        await composite('c', 'ALARM(a)')
        await expect(alarms.deleteAlarms(['a'])).rejects.toThrow('looks at it')
        await alarms.deleteAlarms(['a', 'c'])
        expect(await alarms.describeAlarms()).toEqual([])
      })
    })

    describe('a state set by hand', () => {
      it('holds until the next evaluation', async () => {
        await alarms.putMetricAlarm(alarmOf())
        await put([NOON - 900, 0.1], [NOON - 600, 0.1], [NOON - 300, 0.1])
        await alarms.evaluateAlarms(NOON)
        await alarms.setAlarmState({
          AlarmName: 'drift',
          StateValue: 'ALARM',
          StateReason: 'a trial',
          now: NOON + 10,
        })
        expect(await described()).toMatchObject({
          StateValue: 'ALARM',
          StateReason: 'a trial',
          StateUpdatedTimestamp: NOON + 10,
        })
        await alarms.evaluateAlarms(NOON + 10)
        expect(await state()).toBe('ALARM')
        await alarms.evaluateAlarms(NOON + 60)
        expect(await state()).toBe('OK')
        expect(await updates()).toEqual([
          'drift 0 INSUFFICIENT_DATA OK',
          'drift 10 OK ALARM',
          'drift 60 ALARM OK',
        ])
      })

      it('is NOT_FOUND for an alarm that is not there', async () => {
        await expect(
          alarms.setAlarmState({ AlarmName: 'nobody', StateValue: 'OK', StateReason: '', now: NOON }),
        ).rejects.toSatisfy((error) => isOperatorError(error, 'NOT_FOUND'))
      })
    })

    describe('a definition', () => {
      it('that is put again as it was changes nothing', async () => {
        await alarms.putMetricAlarm(alarmOf())
        const before = await history()
        await alarms.putMetricAlarm({ ...alarmOf(), AlarmDescription: 'features moved' })
        expect(await history()).toEqual(before)
      })

      it('that is replaced keeps the state', async () => {
        await alarms.putMetricAlarm(alarmOf())
        await put([NOON - 600, 0.3], [NOON - 300, 0.3])
        await alarms.evaluateAlarms(NOON)
        await alarms.putMetricAlarm(alarmOf({ Threshold: 0.5 }))
        expect(await state()).toBe('ALARM')
        await alarms.evaluateAlarms(NOON + 60)
        expect(await state()).toBe('OK')
      })

      const [query] = alarmOf().Metrics
      const period = (Period: number, EvaluationPeriods: number): Partial<MetricAlarm> => ({
        Metrics: query?.MetricStat ? [{ ...query, MetricStat: { ...query.MetricStat, Period } }] : [],
        EvaluationPeriods,
        DatapointsToAlarm: 1,
      })

      it.each<[string, Partial<MetricAlarm>]>([
        ['a period of 30 s', period(30, 1)],
        ['a period of 90 s', period(90, 1)],
        ['a range beyond a day', period(300, 289)],
        ['a range beyond a week of hours', period(3600, 169)],
        ['no periods', { EvaluationPeriods: 0 }],
        ['more datapoints than periods', { DatapointsToAlarm: 4 }],
        ['no datapoints', { DatapointsToAlarm: 0 }],
        ['no name', { AlarmName: '' }],
        ['an endless name', { AlarmName: 'x'.repeat(256) }],
        ['a line break in its name', { AlarmName: 'a\nb' }],
        ['an endless description', { AlarmDescription: 'x'.repeat(1025) }],
        ['no threshold', { Threshold: Number.NaN }],
        ['no queries', { Metrics: [] }],
        ['two queries of one id', { Metrics: query ? [query, { ...query, ReturnData: false }] : [] }],
        ['two queries that return data', { Metrics: query ? [query, { ...query, Id: 'n' }] : [] }],
        ['none that returns data', { Metrics: query ? [{ ...query, ReturnData: false }] : [] }],
        ['an expression over nothing', { Metrics: [{ Id: 'e', Expression: '1 + 1' }] }],
        [
          'an expression that cannot be computed',
          {
            Metrics: query
              ? [
                  { ...query, ReturnData: false },
                  { Id: 'e', Expression: 'WHAT(m)' },
                ]
              : [],
          },
        ],
        [
          'a threshold where a band belongs',
          { ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold' },
        ],
        ['a band that is none', { ThresholdMetricId: 'm' }],
        ['another treatment of missing data', { TreatMissingData: 'perhaps' as 'missing' }],
        ['another comparison', { ComparisonOperator: 'EqualToThreshold' as 'GreaterThanThreshold' }],
      ])('is refused with %s', async (_, more) => {
        await expect(alarms.putMetricAlarm(alarmOf(more))).rejects.toSatisfy((error) =>
          isOperatorError(error, 'BAD_INPUT'),
        )
        expect(await alarms.describeAlarms()).toEqual([])
      })

      it.each([
        ['a day of five minutes', period(300, 288)],
        ['a week of hours', period(3600, 168)],
      ])('may look back %s', async (_, more) => {
        await alarms.putMetricAlarm(alarmOf(more))
        expect(await alarms.describeAlarms()).toHaveLength(1)
      })
    })

    it('gives the history of one alarm, and of a span that begins after its start', async () => {
      for (const name of ['a', 'b'])
        await alarms.putMetricAlarm(alarmOf({ AlarmName: name, TreatMissingData: 'breaching' }))
      await alarms.evaluateAlarms(NOON + 60)
      expect(new Set((await history({ AlarmName: 'a' })).map((item) => item.AlarmName))).toEqual(
        new Set(['a']),
      )
      expect(await history({ from: NOON, to: NOON + 60 })).toHaveLength(2)
      expect(await history({ from: NOON + 60, to: NOON + 120 })).toEqual([])
      expect(await history({ from: NOON - 1, to: NOON })).toHaveLength(2)
      expect(await history({ from: 0, to: 4_000_000_000 })).toHaveLength(4)
    })
  })
}
