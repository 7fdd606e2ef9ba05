import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { MetricDataQuery, MetricDatum } from '../../src/core/contracts/cloudwatch.ts'
import { MODEL_METRICS, MODEL_NAMESPACE, SAGEMAKER_NAMESPACE } from '../../src/core/contracts/metrics.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { BATCH_SECONDS, DAY_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { openMetricStore, type LocalMetricStore } from '../../src/platform/local/metric-store/metric-store.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { latencies, sum } from '../harness/percentile.ts'

const DAYS = 60
const END: EpochSeconds = Date.UTC(2026, 2, 2) / 1000
const ENDPOINTS = ['bikeshare-staging', 'bikeshare-prod', 'bikeshare-staging-docks', 'bikeshare-prod-docks']
/** A query opens the store anew so often: a process that has just started, with nothing in memory. */
const COLD = 5
const WARM = 40

/**
 * Queries over 24 h (a sum, a p95, metric math over two, a band learnt from two weeks) with 60 days of four endpoints
 * stored: metrics of the service every minute, of the model every batch; what is older than 15 days is aggregated, as it
 * would be. Against DuckDB reading the same 24 h, and them alone, from a file of JSON lines.
 */
export async function benchMetrics({ folder }: BenchContext): Promise<Measurement> {
  const store = openDirectoryStore(join(folder, 'lake'))
  const plain = join(folder, 'last-day.jsonl')
  const time = { now: END }
  const filling = openMetricStore({ store, clock: () => time.now })
  let stored = 0
  let maintained = 0
  for (let day = END - DAYS * DAY_SECONDS; day < END; day += DAY_SECONDS) {
    time.now = day + DAY_SECONDS
    const data = { [SAGEMAKER_NAMESPACE]: serviceOf(day), [MODEL_NAMESPACE]: modelOf(day) }
    for (const [namespace, all] of Object.entries(data)) {
      stored += all.length
      await putByHour(filling, namespace, all)
    }
    maintained = (await timed(() => filling.maintain(time.now))).seconds
  }
  await writeFile(
    plain,
    serviceOf(END - DAY_SECONDS)
      .map((datum) => JSON.stringify(datum))
      .join('\n'),
  )
  const open = (): LocalMetricStore => openMetricStore({ store, clock: () => END })
  const ask = (metrics: LocalMetricStore, name: keyof typeof QUERIES): Promise<unknown> =>
    metrics.getMetricData({
      MetricDataQueries: QUERIES[name],
      StartTime: END - DAY_SECONDS,
      EndTime: END,
    })
  const cold: number[] = []
  const warm: Record<string, number[]> = {}
  for (const name of Object.keys(QUERIES) as (keyof typeof QUERIES)[]) {
    if (name !== 'band')
      for (let i = 0; i < COLD; i++) cold.push((await timed(() => ask(open(), name))).seconds)
    const metrics = open()
    await ask(metrics, name)
    const seconds: number[] = []
    for (let i = 0; i < WARM; i++) seconds.push((await timed(() => ask(metrics, name))).seconds)
    warm[name] = seconds
  }
  const coldBand = (await timed(() => ask(open(), 'band'))).seconds
  const listing = await timed(() => open().listMetrics())
  const peak_rss_mb = peakRssMb()
  const measured = [...cold, ...(warm['sum'] ?? []), ...(warm['p95'] ?? []), ...(warm['math'] ?? [])]
  return {
    rows: 1440,
    row_unit: 'minutes of one series, a query',
    seconds: sum(measured) / measured.length,
    peak_rss_mb,
    baseline: 'DuckDB over the same day as JSON lines',
    baseline_seconds: await duckdbSeconds(plain),
    figures: {
      stored_data: stored,
      ...latencies(measured),
      ...latencies(cold, '_cold'),
      ...latencies(warm['math'] ?? [], '_math'),
      ...latencies(warm['band'] ?? [], '_band'),
      band_cold_ms: coldBand * 1000,
      list_metrics_cold_ms: listing.seconds * 1000,
      maintain_a_day_ms: maintained * 1000,
    },
  }
}

const Dimensions = { EndpointName: 'bikeshare-prod', VariantName: 'AllTraffic' }
const query = (Id: string, MetricName: string, Stat: 'Sum' | 'p95', Period = 60): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: SAGEMAKER_NAMESPACE, MetricName, Dimensions }, Period, Stat },
})
const QUERIES = {
  sum: [query('m', 'Invocations', 'Sum')],
  p95: [query('m', 'ModelLatency', 'p95', 300)],
  math: [
    query('e', 'Invocation4XXErrors', 'Sum', 300),
    query('i', 'Invocations', 'Sum', 300),
    { Id: 'rate', Expression: '100 * e / FILL(i, 0)' },
  ],
  band: [query('m', 'ModelLatency', 'p95', 300), { Id: 'b', Expression: 'ANOMALY_DETECTION_BAND(m, 2.5)' }],
} satisfies Record<string, MetricDataQuery[]>

/** A day of SageMaker's metrics, a minute a datum, with the latencies of ten requests each. */
function serviceOf(day: EpochSeconds): MetricDatum[] {
  const next = seededRandom(day)
  const data: MetricDatum[] = []
  for (let at = day; at < day + DAY_SECONDS; at += 60)
    for (const EndpointName of ENDPOINTS) {
      const put = (MetricName: string, Unit: string, Values: number[], Counts?: number[]): void =>
        void data.push({
          MetricName,
          Dimensions: {
            EndpointName,
            VariantName: 'AllTraffic',
          },
          Timestamp: at,
          Unit,
          Values,
          ...(Counts && { Counts }),
        })
      const some = (about: number): number[] =>
        Array.from({ length: 10 }, () => Math.round(about * (0.7 + next())))
      put('Invocations', 'None', [1], [10])
      put('Invocation4XXErrors', 'None', [0], [10])
      put('Invocation5XXErrors', 'None', [0], [10])
      put('ModelLatency', 'Microseconds', some(2000))
      put('OverheadLatency', 'Microseconds', some(200))
    }
  return data
}

function modelOf(day: EpochSeconds): MetricDatum[] {
  const next = seededRandom(day + 1)
  const data: MetricDatum[] = []
  for (let at = day; at < day + DAY_SECONDS; at += BATCH_SECONDS)
    for (const EndpointName of ENDPOINTS)
      for (const [MetricName, { unit }] of Object.entries(MODEL_METRICS))
        data.push({
          MetricName,
          Dimensions: { EndpointName, City: 'nyc' },
          Timestamp: at,
          Value: next(),
          Unit: unit,
        })
  return data
}

/** As parts, as an endpoint host puts them, though of an hour and not of a minute. */
async function putByHour(
  metrics: LocalMetricStore,
  namespace: string,
  data: readonly MetricDatum[],
): Promise<void> {
  const hours = new Map<number, MetricDatum[]>()
  for (const datum of data) {
    const hour = Math.floor(datum.Timestamp / 3600)
    const there = hours.get(hour)
    if (there) there.push(datum)
    else hours.set(hour, [datum])
  }
  for (const [hour, all] of hours)
    if (namespace === SAGEMAKER_NAMESPACE) await metrics.putPart(namespace, all, `hour-${hour}`)
    else await metrics.putMetricData(namespace, all)
}

/** Mean seconds of a sum over 24 h by minute. */
async function duckdbSeconds(file: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  const sql = `select "Timestamp" t, sum(list_sum(list_transform(range(1, len("Values") + 1), i -> "Values"[i] * coalesce("Counts"[i], 1)))) v
    from read_json('${file}', format = 'newline_delimited',
      columns = {MetricName: 'VARCHAR', Dimensions: 'MAP(VARCHAR, VARCHAR)', "Timestamp": 'BIGINT', "Values": 'DOUBLE[]', "Counts": 'DOUBLE[]'})
    where MetricName = 'Invocations' and Dimensions['EndpointName'] = 'bikeshare-prod'
      and "Timestamp" >= ${END - DAY_SECONDS} and "Timestamp" < ${END}
    group by 1 order by 1`
  const seconds: number[] = []
  for (let i = 0; i < 3; i++) {
    const { result, seconds: each } = await timed(
      async () => (await connection.runAndReadAll(sql)).currentRowCount,
    )
    if (result !== 1440) throw new Error(`the baseline found ${result} minutes`)
    seconds.push(each)
  }
  connection.closeSync()
  instance.closeSync()
  return sum(seconds) / seconds.length
}
