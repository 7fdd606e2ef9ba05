import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  Metric,
  MetricDataQuery,
  MetricDataResult,
  MetricDatum,
  Statistic,
} from '../../src/core/contracts/cloudwatch.ts'
import { isOperatorError } from '../../src/core/errors.ts'
import type { MetricStore } from '../../src/platform/ports.ts'
import { datapoints } from '../support/metric-datapoints.ts'

/** A time of the day of the suite's clock. */
const NOON = Date.parse('2024-03-12T12:00:00Z') / 1000
const PROD = { EndpointName: 'bikeshare-prod', City: 'nyc' }
const NAMESPACE = 'Bikeshare/Model'
const HEARTBEAT: Metric = { Namespace: NAMESPACE, MetricName: 'PredictionHeartbeat', Dimensions: PROD }
const LATENCY: Metric = { Namespace: NAMESPACE, MetricName: 'Latency', Dimensions: PROD }

const datum = (more: Partial<MetricDatum> = {}): MetricDatum => ({
  MetricName: 'PredictionHeartbeat',
  Dimensions: PROD,
  Timestamp: NOON,
  Unit: 'None',
  ...(more.Values ? {} : { Value: 1 }),
  ...more,
})
const latency = (at: number, Values: number[], Counts?: number[]): MetricDatum =>
  datum({ MetricName: 'Latency', Timestamp: at, Unit: 'Microseconds', Values, ...(Counts && { Counts }) })

/** What every MetricStore must do. `open` gives a new, empty one whose clock stands at `now`. */
export function metricStoreSuite(
  name: string,
  open: (now: number) => Promise<{ metrics: MetricStore; close: () => Promise<void> }>,
): void {
  describe(`a metric store: ${name}`, () => {
    let metrics: MetricStore
    let close: () => Promise<void>
    beforeEach(async () => {
      const opened = await open(NOON)
      metrics = opened.metrics
      close = opened.close
    })
    afterEach(() => close())

    const put = (data: MetricDatum[], namespace = NAMESPACE): Promise<void> =>
      metrics.putMetricData(namespace, data)
    const read = (
      metric: Metric = HEARTBEAT,
      more: { from?: number; to?: number; period?: number; stat?: Statistic; unit?: string } = {},
    ): Promise<[number, number][]> =>
      datapoints(metrics, metric, { from: NOON - 86_400, to: NOON + 86_400, ...more })
    const query = (queries: MetricDataQuery[], from = NOON, to = NOON + 300): Promise<MetricDataResult[]> =>
      metrics.getMetricData({ MetricDataQueries: queries, StartTime: from, EndTime: to })
    const stat = (
      Id: string,
      metric: Metric,
      Stat: Statistic = 'Sum',
      ReturnData = false,
    ): MetricDataQuery => ({
      Id,
      MetricStat: { Metric: metric, Period: 60, Stat },
      ReturnData,
    })
    /** Value by minute after noon of an expression over the heartbeats `a` and latencies `b`. */
    const calculate = async (Expression: string): Promise<Record<number, number | undefined>> => {
      const [found] = await query([
        { Id: 'e', Expression },
        stat('a', HEARTBEAT),
        stat('b', LATENCY, 'Maximum'),
      ])
      return Object.fromEntries((found?.Timestamps ?? []).map((t, i) => [(t - NOON) / 60, found?.Values[i]]))
    }

    describe('takes data', () => {
      it('and knows nothing before the first put', async () => {
        expect(await read()).toEqual([])
        await put([])
        expect(await read()).toEqual([])
        expect(await metrics.listMetrics()).toEqual([])
      })

      it('by namespace, name and dimensions, oldest first whatever the order they came in', async () => {
        await put([datum({ Timestamp: NOON + 600, Value: 0 })])
        await put([datum(), datum({ MetricName: 'PSI', Value: 0.25 })])
        await put([
          datum({ Dimensions: { ...PROD, City: 'paris' } }),
          datum({ Dimensions: { EndpointName: 'bikeshare-prod' } }),
        ])
        await put([datum()], 'Bikeshare')
        expect(await read()).toEqual([
          [NOON, 1],
          [NOON + 600, 0],
        ])
        const turned = { City: 'nyc', EndpointName: 'bikeshare-prod' }
        expect(await read({ ...HEARTBEAT, Dimensions: turned })).toHaveLength(2)
        expect(await read({ ...HEARTBEAT, MetricName: 'PSI' })).toEqual([[NOON, 0.25]])
        expect(await read({ ...HEARTBEAT, Namespace: 'Bikeshare' })).toEqual([[NOON, 1]])
      })

      it('once, however often and in whatever company the same datum comes', async () => {
        const later = datum({ Timestamp: NOON + 20 })
        await put([datum()])
        await put([datum(), later])
        await put([later, latency(NOON, [3, 1, 3]), datum()])
        await put([latency(NOON, [1, 3], [1, 2])])
        expect(await read(HEARTBEAT, { stat: 'SampleCount' })).toEqual([[NOON, 2]])
        expect(await read(LATENCY, { stat: 'SampleCount' })).toEqual([[NOON, 3]])
      })

      it('of another value, or another unit, beside what is there', async () => {
        await put([datum(), datum({ Value: 3 }), datum({ Unit: 'Count' })])
        expect(await read(HEARTBEAT, { stat: 'Sum' })).toEqual([[NOON, 5]])
        expect(await read(HEARTBEAT, { stat: 'Sum', unit: 'Count' })).toEqual([[NOON, 1]])
        expect(await read(HEARTBEAT, { stat: 'Sum', unit: 'Seconds' })).toEqual([])
      })

      const many = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`dimension${i}`, 'x']))
      it.each<[string, Partial<MetricDatum>]>([
        ['a value that is no number', { Value: Number.NaN }],
        ['an endless value', { Value: Number.POSITIVE_INFINITY }],
        ['a value beyond CloudWatch’s range', { Value: -1e300 }],
        ['one among several values', { Values: [1, Number.NaN] }],
        ['no values', { Values: [] }],
        ['more than 150 values', { Values: Array.from({ length: 151 }, (_, i) => i) }],
        ['counts of other values', { Values: [1, 2], Counts: [1] }],
        ['a count of nothing', { Values: [1], Counts: [0] }],
        ['both a value and values', { Value: 1, Values: [1] }],
        ['a name of nothing', { MetricName: ' ' }],
        ['a name too long', { MetricName: 'x'.repeat(256) }],
        ['a name beyond ASCII', { MetricName: 'Übung' }],
        ['a dimension of nothing', { Dimensions: { City: '' } }],
        ['31 dimensions', { Dimensions: many(31) }],
        ['a unit that is none', { Unit: 'Bikes' }],
        ['a time between seconds', { Timestamp: NOON + 0.5 }],
        ['a time over two weeks ago', { Timestamp: NOON - 14 * 86_400 - 1 }],
        ['a time over two hours ahead', { Timestamp: NOON + 7201 }],
      ])('but not with %s, nor anything that came with it', async (_what, more) => {
        await expect(put([datum(), datum(more)])).rejects.toSatisfy((error) =>
          isOperatorError(error, 'BAD_INPUT'),
        )
        expect(await read()).toEqual([])
        expect(await metrics.listMetrics()).toEqual([])
      })

      it('up to every limit', async () => {
        const times = [NOON - 14 * 86_400, NOON + 7200]
        await put(times.map((Timestamp) => datum({ Timestamp, Dimensions: many(30) })))
        await put([
          latency(
            NOON,
            Array.from({ length: 150 }, (_, i) => i),
          ),
        ])
        const metric = { ...HEARTBEAT, Dimensions: many(30) }
        expect((await read(metric, { from: NOON - 15 * 86_400 })).map(([t]) => t)).toEqual(times)
        expect(await read(LATENCY, { stat: 'SampleCount' })).toEqual([[NOON, 150]])
      })

      it('not in a namespace that is none', async () => {
        for (const namespace of ['', ':x', 'x'.repeat(256)])
          await expect(put([datum()], namespace)).rejects.toMatchObject({ code: 'BAD_INPUT' })
      })
    })

    describe('gives statistics', () => {
      it('of every value in a period, which begins at a multiple of its length', async () => {
        await put([latency(NOON - 1, [100]), latency(NOON, [5, 1], [1, 3])])
        await put([latency(NOON + 299, [2]), latency(NOON + 300, [50])])
        const at = (Stat: Statistic) => read(LATENCY, { from: NOON, to: NOON + 300, period: 300, stat: Stat })
        expect(await at('Sum')).toEqual([[NOON, 10]])
        expect(await at('SampleCount')).toEqual([[NOON, 5]])
        expect(await at('Average')).toEqual([[NOON, 2]])
        expect(await at('Minimum')).toEqual([[NOON, 1]])
        expect(await at('Maximum')).toEqual([[NOON, 5]])
      })

      it('of the periods that begin within the window, whole', async () => {
        await put([
          datum({ Timestamp: NOON }),
          datum({ Timestamp: NOON + 240 }),
          datum({ Timestamp: NOON + 400 }),
        ])
        expect(await read(HEARTBEAT, { from: NOON + 1, to: NOON + 301, period: 300 })).toEqual([
          [NOON + 300, 1],
        ])
        expect(await read(HEARTBEAT, { from: NOON, to: NOON + 1, period: 300 })).toEqual([[NOON, 2]])
      })

      it('with percentiles between two values in proportion', async () => {
        await put([latency(NOON, [10]), latency(NOON + 60, [10, 20]), latency(NOON + 120, [4, 1], [1, 3])])
        await put([
          latency(
            NOON + 180,
            Array.from({ length: 101 }, (_, i) => i),
          ),
        ])
        const p = async (percentile: Statistic) =>
          (await read(LATENCY, { from: NOON, to: NOON + 240, stat: percentile })).map(([, v]) => v)
        expect(await p('p50')).toEqual([10, 15, 1, 50])
        expect(await p('p95')).toEqual([10, 19.5, expect.closeTo(3.55), 95])
        expect(await p('p99.9')).toEqual([10, 19.99, 3.991, 99.9].map((v) => expect.closeTo(v, 9)))
        expect(await p('p0')).toEqual([10, 10, 1, 0])
        expect(await p('p100')).toEqual([10, 20, 4, 100])
      })

      it('as arithmetic over the values themselves would, in any split of them into data and puts', async () => {
        let run = 0
        const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 6 })
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.tuple(fc.integer({ min: 0, max: 299 }), values), { minLength: 1, maxLength: 5 }),
            async (data) => {
              run += 1
              const metric = { ...LATENCY, Dimensions: { run: String(run) } }
              const seen = new Map<string, number[]>()
              for (const [offset, Values] of data) {
                await put([{ ...latency(NOON + offset, Values), Dimensions: metric.Dimensions }])
                seen.set(`${offset} ${[...Values].sort((a, b) => a - b).join()}`, Values)
              }
              const all = [...seen.values()].flat().sort((a, b) => a - b)
              const sum = all.reduce((a, b) => a + b, 0)
              const position = 0.9 * (all.length - 1)
              const [low = 0, high = low] = all.slice(Math.floor(position))
              const expected: [Statistic, number][] = [
                ['Sum', sum],
                ['SampleCount', all.length],
                ['Average', sum / all.length],
                ['Minimum', all[0] ?? 0],
                ['Maximum', all.at(-1) ?? 0],
                ['p90', low + (position % 1) * (high - low)],
              ]
              for (const [Stat, value] of expected)
                expect(await read(metric, { from: NOON, to: NOON + 300, period: 300, stat: Stat })).toEqual([
                  [NOON, expect.closeTo(value, 9)],
                ])
            },
          ),
          { numRuns: 15 },
        )
      })
    })

    describe('calculates', () => {
      beforeEach(() =>
        put([
          ...[2, 4, 0, Number.NaN, 8].flatMap((Value, i) =>
            Number.isNaN(Value) ? [] : [datum({ Timestamp: NOON + 60 * i, Value })],
          ),
          ...[10, 20, 30].map((value, i) => latency(NOON + 60 * (i + 1), [value])),
        ]),
      )

      it.each<[string, Record<number, number>]>([
        ['a', { 0: 2, 1: 4, 2: 0, 4: 8 }],
        ['a + b', { 1: 14, 2: 20 }],
        ['b - a', { 1: 6, 2: 20 }],
        ['2 + 3 * a', { 0: 8, 1: 14, 2: 2, 4: 26 }],
        ['(2 + 3) * a', { 0: 10, 1: 20, 2: 0, 4: 40 }],
        ['a - 1 - 1', { 0: 0, 1: 2, 2: -2, 4: 6 }],
        ['-a + --1', { 0: -1, 1: -3, 2: 1, 4: -7 }],
        ['100 * b / a', { 1: 250 }],
        ['1.5e1/.5*a/a', { 0: 30, 1: 30, 4: 30 }],
        ['FILL(a, 0)', { 0: 2, 1: 4, 2: 0, 3: 0, 4: 8 }],
        ['FILL(b, -1)', { 0: -1, 1: 10, 2: 20, 3: 30, 4: -1 }],
        ['FILL(a, REPEAT)', { 0: 2, 1: 4, 2: 0, 3: 0, 4: 8 }],
        ['FILL(b, REPEAT)', { 1: 10, 2: 20, 3: 30, 4: 30 }],
        ['FILL(a, LINEAR)', { 0: 2, 1: 4, 2: 0, 3: 4, 4: 8 }],
        ['FILL(b, LINEAR)', { 1: 10, 2: 20, 3: 30 }],
        ['FILL(a, 0) + FILL(b, 0)', { 0: 2, 1: 14, 2: 20, 3: 30, 4: 8 }],
        ['MAX([a, b])', { 0: 2, 1: 10, 2: 20, 3: 30, 4: 8 }],
        ['MIN([a, b, 5])', { 0: 2, 1: 4, 2: 0, 3: 5, 4: 5 }],
        ['SUM([a, b])', { 0: 2, 1: 14, 2: 20, 3: 30, 4: 8 }],
      ])('%s', async (expression, expected) => {
        expect(await calculate(expression)).toEqual(expected)
      })

      it('over other expressions, in whatever order they stand', async () => {
        const found = await query([
          { Id: 'rate', Expression: 'twice / b', Label: 'Rate' },
          { Id: 'twice', Expression: 'a * 2' },
          stat('a', HEARTBEAT),
          stat('b', LATENCY),
        ])
        expect(found).toEqual([
          { Id: 'rate', Label: 'Rate', Timestamps: [NOON + 60, NOON + 120], Values: [0.8, 0] },
          {
            Id: 'twice',
            Label: 'twice',
            Timestamps: [0, 60, 120, 240].map((s) => NOON + s),
            Values: [4, 8, 0, 16],
          },
        ])
      })

      it('a filled series where no datum ever was', async () => {
        const absent = { ...HEARTBEAT, MetricName: 'Absent' }
        const [found] = await query([{ Id: 'e', Expression: 'FILL(m, 0)' }, stat('m', absent)])
        expect(found?.Values).toEqual([0, 0, 0, 0, 0])
      })

      it.each([
        ['', /is wanted where the end stands/],
        ['a +', /where the end stands/],
        ['a b', /"b" at character 3/],
        ['a ** 2', /"\*" at character 4/],
        ['a % 2', /"%" at character 3 is not known/],
        ['a > 1', /">" at character 3 is not known/],
        ['(a', /"\)" is wanted/],
        ['[a, b]', /a list stands only in/],
        ['c + 1', /there is no query "c"/],
        ['1 + 1', /comes to a number/],
        ['STDDEV(a)', /STDDEV is not known/],
        ['FILL(a)', /FILL takes a series and a number/],
        ['FILL(a, b)', /fills with a number/],
        ['FILL(1, 0)', /FILL takes a series/],
        ['MAX(a)', /MAX takes a list/],
        ['SUM([])', /SUM takes a list/],
        ['ANOMALY_DETECTION_BAND(a)+1', /an expression of its own/],
        ['ANOMALY_DETECTION_BAND(a, b)', /takes an id and a width/],
        [`${'('.repeat(500)}a${')'.repeat(500)}`, /nested too deeply/],
        ['e', /refers to itself/],
      ])('not "%s"', async (expression, message) => {
        await expect(calculate(expression)).rejects.toMatchObject({
          code: 'BAD_INPUT',
          message: expect.stringMatching(message),
        })
      })
    })

    describe('refuses', () => {
      const good = stat('m', HEARTBEAT, 'Sum', true)
      const of = (more: object): MetricDataQuery => ({
        Id: 'm',
        MetricStat: { Metric: HEARTBEAT, Period: 60, Stat: 'Sum', ...more },
      })
      it.each<[string, MetricDataQuery[], number?]>([
        ['an empty window', [good], NOON],
        ['nothing to return', [stat('m', HEARTBEAT)]],
        ['an id that begins with a capital', [{ ...good, Id: 'M' }]],
        ['the same id twice', [good, good]],
        ['a query of nothing', [{ Id: 'm' }]],
        ['a query of two things', [{ ...good, Expression: '1' }]],
        ['a period of part of a minute', [of({ Period: 90 })]],
        ['a period of nothing', [of({ Period: 0 })]],
        ['a statistic that is none', [of({ Stat: 'Median' })]],
        ['a percentile beyond all', [of({ Stat: 'p101' })]],
        [
          'expressions in a circle',
          [
            { Id: 'a', Expression: 'b' },
            { Id: 'b', Expression: 'a' },
          ],
        ],
      ])('%s', async (_what, queries, to) => {
        await expect(query(queries, NOON, to)).rejects.toMatchObject({ code: 'BAD_INPUT' })
      })
    })

    describe('draws a band', () => {
      const band = async (k: number, from: number): Promise<MetricDataResult[]> =>
        query(
          [
            { Id: 'band', Expression: `ANOMALY_DETECTION_BAND(m, ${k})` },
            {
              ...stat('m', LATENCY, 'Average'),
              MetricStat: { Metric: LATENCY, Period: 3600, Stat: 'Average' },
            },
          ],
          from,
          from + 7200,
        )

      it('around what is usual at the hour, as wide as the data spread', async () => {
        const from = NOON - 12 * 3600
        const hours = Array.from({ length: 10 * 24 }, (_, i) => from - 3600 * (i + 1))
        // 1000 by night, 2000 by day, give or take 100.
        await put(
          hours.map((at, i) =>
            latency(at, [(at % 86_400 < 43_200 ? 1000 : 2000) + (Math.floor(i / 24) % 2 === 0 ? 100 : -100)]),
          ),
        )
        const [upper, lower, ...others] = await band(2, NOON - 3600)
        expect(others).toEqual([])
        expect(upper).toMatchObject({ Id: 'band', Timestamps: [NOON - 3600, NOON] })
        expect(lower).toMatchObject({ Id: 'band', Timestamps: [NOON - 3600, NOON] })
        const middle = upper?.Values.map((value, i) => (value + (lower?.Values[i] ?? 0)) / 2)
        expect(middle?.[0]).toBeCloseTo(1000, -2.5)
        expect(middle?.[1]).toBeCloseTo(2000, -2.5)
        expect((upper?.Values[0] ?? 0) - 1000).toBeGreaterThan(100)
        expect((upper?.Values[0] ?? 0) - 1000).toBeLessThan(500)
        const [wider] = await band(4, NOON - 3600)
        expect(wider?.Values[0]).toBeGreaterThan(upper?.Values[0] ?? Number.NaN)
      })

      it('not without a day of data before the window', async () => {
        const hours = Array.from({ length: 23 }, (_, i) => NOON - 3600 * (i + 1))
        await put(hours.map((at) => latency(at, [1000])))
        expect((await band(2, NOON)).map(({ Values }) => Values)).toEqual([[], []])
        await put([latency(NOON - 24 * 3600, [1000])])
        expect((await band(2, NOON)).map(({ Values }) => Values.length)).toEqual([2, 2])
      })
    })

    it('lists metrics with data of the last two weeks, and of these what matches', async () => {
      await put([datum(), datum({ MetricName: 'PSI' }), datum({ Dimensions: { City: 'oslo' } })])
      await put([datum({ Timestamp: NOON - 14 * 86_400 })], 'Else')
      const listed = await metrics.listMetrics()
      expect(listed).toEqual(
        expect.arrayContaining([
          HEARTBEAT,
          { ...HEARTBEAT, MetricName: 'PSI' },
          { ...HEARTBEAT, Namespace: 'Else' },
        ]),
      )
      expect(listed).toHaveLength(4)
      expect(await metrics.listMetrics({ Namespace: NAMESPACE, MetricName: 'PSI' })).toEqual([
        { ...HEARTBEAT, MetricName: 'PSI' },
      ])
      expect(await metrics.listMetrics({ Dimensions: { EndpointName: 'bikeshare-prod' } })).toHaveLength(3)
      expect(await metrics.listMetrics({ Namespace: 'Nowhere' })).toEqual([])
    })
  })
}
