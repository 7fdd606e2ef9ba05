import { join } from 'node:path'
import type { CompositeAlarm, MetricAlarm, MetricDatum } from '../../src/core/contracts/cloudwatch.ts'
import { MODEL_METRICS, MODEL_NAMESPACE, SAGEMAKER_NAMESPACE } from '../../src/core/contracts/metrics.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { BATCH_SECONDS, DAY_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { alarmsFor } from '../../src/operations/alarms/alarms-for.ts'
import { openBands } from '../../src/platform/local/alarm-store/bands.ts'
import { openAlarmStore } from '../../src/platform/local/alarm-store/alarm-store.ts'
import { fetchDatapoints } from '../../src/platform/local/alarm-store/fetch-datapoints.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { openMetricStore } from '../../src/platform/local/metric-store/metric-store.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { latencies, sum } from '../harness/percentile.ts'

const DAYS = 60
const END: EpochSeconds = Date.UTC(2026, 2, 2) / 1000
const ENDPOINTS = ['bikeshare-prod', 'bikeshare-prod-docks', 'bikeshare-oslo-prod']
const ALARMS = 50
const MINUTES = 60
/** A process that has just started, with nothing in memory. */
const COLD = 3

/**
 * 50 alarms evaluated minute by minute for an hour, while metrics come in, with 60 days of them stored for three endpoints.
 * Against the same queries without evaluation, from a metric store of its own.
 */
export async function benchAlarms({ folder }: BenchContext): Promise<Measurement> {
  const store = openDirectoryStore(join(folder, 'lake'))
  const time = { now: END }
  const clock = (): EpochSeconds => time.now
  for (let day = END - DAYS * DAY_SECONDS; day < END; day += DAY_SECONDS) {
    time.now = day + DAY_SECONDS
    // One that has seen the other days would keep their big puts in memory, which nobody else makes.
    const filling = openMetricStore({ store, clock })
    await filling.putMetricData(SAGEMAKER_NAMESPACE, serviceOf(day, time.now))
    await filling.putMetricData(MODEL_NAMESPACE, modelOf(day, time.now))
    await filling.maintain(time.now)
  }
  const metrics = openMetricStore({ store, clock })
  const alarms = openAlarmStore({ store, metrics, clock })
  const all = fiftyAlarms()
  for (const alarm of all)
    await ('AlarmRule' in alarm ? alarms.putCompositeAlarm(alarm) : alarms.putMetricAlarm(alarm))
  const queried = all.flatMap((alarm) => ('AlarmRule' in alarm ? [] : [alarm]))
  const apart = openMetricStore({ store, clock })
  const others = { metrics: apart, bands: openBands(apart) }
  await fetchDatapoints(others, queried, time.now)

  const seconds: number[] = []
  const baseline: number[] = []
  for (let minute = 1; minute <= MINUTES; minute++) {
    const before = time.now
    time.now = END + minute * 60
    await metrics.putMetricData(SAGEMAKER_NAMESPACE, serviceOf(before, time.now))
    if (before % BATCH_SECONDS === 0)
      await metrics.putMetricData(MODEL_NAMESPACE, modelOf(before, before + BATCH_SECONDS))
    seconds.push((await timed(() => alarms.evaluateAlarms(time.now))).seconds)
    baseline.push((await timed(() => fetchDatapoints(others, queried, time.now))).seconds)
  }
  const peak_rss_mb = peakRssMb()
  const cold: number[] = []
  for (let i = 0; i < COLD; i++) {
    const fresh = openAlarmStore({ store, metrics: openMetricStore({ store, clock }), clock })
    cold.push((await timed(() => fresh.evaluateAlarms(time.now))).seconds)
  }
  const changes = await alarms.describeAlarmHistory({ from: END, to: time.now })
  return {
    rows: ALARMS,
    row_unit: 'alarms, an evaluation',
    seconds: sum(seconds) / MINUTES,
    peak_rss_mb,
    baseline: 'the same queries without evaluation',
    baseline_seconds: sum(baseline) / MINUTES,
    figures: {
      evaluations: MINUTES,
      changes: changes.filter(({ HistoryItemType }) => HistoryItemType === 'StateUpdate').length,
      ...latencies(seconds),
      ...latencies(cold, '_cold'),
    },
  }
}

/** Those of three endpoints, and two more like them. */
function fiftyAlarms(): (MetricAlarm | CompositeAlarm)[] {
  const all = ENDPOINTS.flatMap((endpoint) =>
    alarmsFor({
      endpoint,
      city: 'nyc',
      namespace: MODEL_NAMESPACE,
      variants: ['AllTraffic'],
      stations: 2200,
      floors: undefined,
    }),
  )
  const more = all
    .slice(0, ALARMS - all.length)
    .map((alarm) => ({ ...alarm, AlarmName: `more-${alarm.AlarmName}` }))
  return [...all, ...more]
}

/** SageMaker's metrics of `[from, to)`: a datum a minute, with the latencies of ten requests. */
function serviceOf(from: EpochSeconds, to: EpochSeconds): MetricDatum[] {
  const next = seededRandom(from)
  const data: MetricDatum[] = []
  for (let Timestamp = from; Timestamp < to; Timestamp += 60)
    for (const EndpointName of ENDPOINTS) {
      const one = (MetricName: string, Unit: string, Values: number[], Counts?: number[]): void =>
        void data.push({
          MetricName,
          Dimensions: { EndpointName, VariantName: 'AllTraffic' },
          Timestamp,
          Unit,
          Values,
          ...(Counts && { Counts }),
        })
      one('Invocations', 'None', [1], [10])
      one('Invocation4XXErrors', 'None', [0], [10])
      one('Invocation5XXErrors', 'None', [0], [10])
      one(
        'ModelLatency',
        'Microseconds',
        Array.from({ length: 10 }, () => Math.round(2000 * (0.7 + next()))),
      )
    }
  return data
}

/** Our own metrics of the batches in `[from, to)`. */
function modelOf(from: EpochSeconds, to: EpochSeconds): MetricDatum[] {
  const next = seededRandom(from + 1)
  const data: MetricDatum[] = []
  for (let Timestamp = from; Timestamp < to; Timestamp += BATCH_SECONDS)
    for (const EndpointName of ENDPOINTS)
      for (const [MetricName, { unit }] of Object.entries(MODEL_METRICS))
        data.push({
          MetricName,
          Dimensions: { EndpointName, City: 'nyc' },
          Timestamp,
          Value: next(),
          Unit: unit,
        })
  return data
}
