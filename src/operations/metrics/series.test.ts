import { expect, it } from 'vitest'
import { tempDir } from '../../../test/support/temp-dir.ts'
import { openDirectoryStore } from '../../platform/local/directory-store.ts'
import { openMetricStore } from '../../platform/local/metric-store/metric-store.ts'
import { latestValue, metricSeries } from './series.ts'

const AT = 1_715_688_000
const metric = {
  Namespace: 'Bikeshare/Model',
  MetricName: 'PSI',
  Dimensions: { EndpointName: 'bikeshare-prod', City: 'nyc' },
}

it('reads a metric by periods, and its newest value within a look back', async () => {
  const metrics = openMetricStore({ store: openDirectoryStore(await tempDir()) })
  const { Namespace, ...name } = metric
  await metrics.putMetricData(
    Namespace,
    [0, 600, 1200].map((s) => ({ ...name, Timestamp: AT + s, Value: s / 600, Unit: 'None' })),
  )
  const query = { metric, stat: 'Average', period: 600 } as const
  expect(await metricSeries(metrics, { ...query, from: AT, to: AT + 1200 })).toEqual([
    { t: AT, v: 0 },
    { t: AT + 600, v: 1 },
  ])
  const newest = (now: number, lookBack: number) =>
    latestValue(metrics, metric, 'Average', 600, now, lookBack)
  expect(await newest(AT + 1199, 3600)).toEqual({ t: AT + 600, v: 1 })
  expect(await newest(AT + 1200, 3600)).toEqual({ t: AT + 1200, v: 2 })
  expect(await newest(AT + 4799, 3600)).toEqual({ t: AT + 1200, v: 2 })
  expect(await newest(AT + 4800, 3600)).toBeUndefined()
  expect(await newest(AT - 1, 3600)).toBeUndefined()
})
