import { openMetricStore } from '../../src/platform/local/metric-store/metric-store.ts'
import { openLocalPlatform } from '../support/local-platform.ts'
import { metricStoreSuite } from './metric-store.ts'

metricStoreSuite('objects', async (now) => {
  const platform = await openLocalPlatform()
  return {
    metrics: openMetricStore({ store: platform.store, clock: () => now }),
    close: () => platform.close(),
  }
})
