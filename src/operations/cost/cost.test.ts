import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CITY,
  MIDNIGHT,
  NAMESPACE,
  openOperationsPlatform,
  publishBatch,
  writeStates,
  type OperationsPlatform,
} from '../../../test/support/operations-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import { configSchema } from '../../core/config/schema.ts'
import { DAY_SECONDS, dsOf } from '../../core/time.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import { costOf } from './cost-of.ts'
import { costHints } from './hints.ts'
import { datasetOf, dayOfKey, measureLake } from './lake-size.ts'
import { costLines } from './lines.ts'
import { hostingPrice, PRICES, type Price } from './prices.ts'
import type { Usage } from './usage.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())
const RETENTION = configSchema.parse({}).retention

const USAGE: Usage = {
  datasets: [
    {
      dataset: 'inference',
      files: 144,
      bytes: 4e9,
      bytes_per_day: 1e7,
      files_per_day: 288,
      kept_days: 400,
      bytes_at_rest: 4.01e9,
    },
  ],
  endpoints: (['staging', 'prod'] as const).map((stage) => ({
    endpoint: `bikeshare-${stage}`,
    stage,
    instances: [{ type: 'ml.m5.large', count: 1, variant: 'AllTraffic' }],
  })),
  metrics: 10,
  alarms: [],
  snapshots_per_day: 288,
  trainings: 8,
  notifications: 0,
}
const lineOf = (usage: Usage, item: string) => costLines(usage).find((line) => line.item === item)

describe('a bill', () => {
  it('multiplies quantity and price, line by line', () => {
    expect(lineOf(USAGE, 'storage')?.usd).toBeCloseTo(4 * 0.025, 9)
    expect(lineOf(USAGE, 'bikeshare-prod AllTraffic')?.usd).toBeCloseTo(730 * 0.115, 9)
    expect(lineOf(USAGE, 'custom metrics')?.usd).toBeCloseTo(3, 9)
    expect(lineOf(USAGE, 'PutMetricData')?.quantity).toBeCloseTo((2 * 2 * 144 * 730) / 24 / 1000, 9)
  })

  it('has no cost where the price or the quantity is not known, and no invented one', () => {
    expect(lineOf(USAGE, 'training jobs')).toMatchObject({ usd: null, price: { usd: null } })
    const other = {
      ...USAGE,
      endpoints: [
        {
          endpoint: 'bikeshare-staging',
          stage: 'staging' as const,
          instances: [{ type: 'ml.x9', count: 2, variant: 'V' }],
        },
      ],
    }
    expect(lineOf(other, 'bikeshare-staging V')).toMatchObject({ quantity: 1460, usd: null })
    expect(lineOf({ ...USAGE, notifications: null }, 'e-mail notifications')).toMatchObject({
      quantity: null,
      usd: null,
    })
    expect(lineOf({ ...USAGE, snapshots_per_day: null }, 'GET requests')?.usd).toBeNull()
  })

  it('costs nothing within what is free for good', () => {
    expect(lineOf(USAGE, 'invocations')).toMatchObject({ usd: 0 })
    expect(lineOf(USAGE, 'invocations')?.quantity).toBeGreaterThan(0)
  })

  it('bills every metric that an alarm lists, and composites apart', () => {
    const stat = (Id: string) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: 'n', MetricName: 'm', Dimensions: {} },
        Period: 300,
        Stat: 'Sum' as const,
      },
    })
    const common = {
      AlarmDescription: '',
      ComparisonOperator: 'GreaterThanThreshold' as const,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      TreatMissingData: 'missing' as const,
    }
    const alarms = [
      { ...common, AlarmName: 'one', Metrics: [stat('a')], Threshold: 1 },
      {
        ...common,
        AlarmName: 'two',
        Metrics: [stat('a'), stat('b'), { Id: 'e', Expression: 'a/b' }],
        Threshold: 1,
      },
      { ...common, AlarmName: 'band', Metrics: [stat('a')], ThresholdMetricId: 'band' },
      { AlarmName: 'all', AlarmDescription: '', AlarmRule: 'ALARM("one")' },
    ]
    const usage = { ...USAGE, alarms }
    expect(lineOf(usage, 'alarms')?.quantity).toBe(3)
    expect(lineOf(usage, 'anomaly alarms')).toMatchObject({ quantity: 1, usd: null })
    expect(lineOf(usage, 'composite alarms')).toMatchObject({ quantity: 1, usd: 0.5 })
  })

  it('says first what could still be saved: staging, at the price of its instances', () => {
    const [first] = costHints(USAGE, costLines(USAGE))
    expect(first).toMatchObject({ done: false })
    expect(first?.what).toContain('Stop staging')
    expect(first?.saves_usd).toBeCloseTo(730 * 0.115, 9)
    const without = { ...USAGE, endpoints: USAGE.endpoints.slice(1) }
    expect(costHints(without, costLines(without)).some(({ what }) => what.includes('Stop staging'))).toBe(
      false,
    )
  })
})

describe('the price table', () => {
  it.each(Object.entries({ ...PRICES, hosting: hostingPrice('ml.m5.large'), none: hostingPrice('ml.none') }))(
    '%s is known with its region and source, or not at all',
    (_name, price: Price) => {
      expect(price.region === null).toBe(price.usd === null)
      expect(price.source).not.toBe('')
      expect(price.date ?? '2000-01').toMatch(/^\d{4}-\d{2}(-\d{2})?$/)
    },
  )
})

describe('the keys of a lake', () => {
  it('tell their dataset and day', () => {
    expect(datasetOf('raw/station_status/city=c/dt=2024-05-14-00-00-00/data.json.gz')).toBe(
      'raw/station_status',
    )
    expect(datasetOf('inference/endpoint=e/city=c/ds=2024-05-14/x')).toBe('inference')
    expect(datasetOf('lake.json')).toBe('lake.json')
    expect(dayOfKey('raw/station_status/city=c/dt=2024-05-14-00-00-00/data.json.gz')).toBe('2024-05-14')
    expect(dayOfKey('datacapture/e/v/2024/05/14/03/a.jsonl')).toBe('2024-05-14')
    expect(dayOfKey('models/g/v/manifest.json')).toBeUndefined()
  })
})

describe('a lake’s cost', () => {
  let platform: OperationsPlatform
  beforeEach(async () => {
    platform = await openOperationsPlatform(scorer)
  })
  afterEach(() => platform.close())

  it('grows by the mean of its whole days, but for the first, which may have begun late', async () => {
    for (const [days, size] of [
      [4, 999],
      [3, 10],
      [2, 20],
      [1, 30],
      [0, 500],
    ] as const)
      await platform.store.put(
        `monitoring/feed/city=${CITY}/ds=${dsOf(MIDNIGHT - days * DAY_SECONDS)}/a.json`,
        'x'.repeat(size),
      )
    const feed = (await measureLake(platform.store, MIDNIGHT, RETENTION)).find(
      ({ dataset }) => dataset === 'monitoring/feed',
    )
    expect(feed).toMatchObject({ files: 5, bytes: 1559, bytes_per_day: 20, files_per_day: 1, kept_days: 400 })
    expect(feed?.bytes_at_rest).toBe(20 * 401)
  })

  it('has rows of what is Parquet, and the instances of its endpoints', async () => {
    await writeStates(platform, [
      { at: MIDNIGHT, bikes: { a: 1, b: 2 } },
      { at: MIDNIGHT + 600, bikes: { a: 1, b: 3 } },
    ])
    await publishBatch(platform, MIDNIGHT, { a: [1, true], b: [2, false] })
    const { here, aws } = await costOf(platform, {
      city: CITY,
      now: MIDNIGHT + DAY_SECONDS,
      namespace: NAMESPACE,
      region: 'ca-central-1',
      retention: RETENTION,
      retrain: 'weekly',
    })
    const rows = Object.fromEntries(here.datasets.map(({ dataset, rows: n }) => [dataset, n]))
    expect(rows).toMatchObject({ 'curated/station_status': 4, inference: 2, models: null })
    expect(here.bytes).toBe(here.datasets.reduce((sum, { bytes }) => sum + bytes, 0))
    expect(aws.lines.find(({ item }) => item === 'bikeshare-prod AllTraffic')?.usd).toBeCloseTo(83.95, 2)
    expect(aws.known_usd).toBeGreaterThan(83)
    expect(aws.unknown).toContain('SageMaker: training jobs')
  })
})
