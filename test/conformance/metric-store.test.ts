import { openLocalPlatform } from '../support/local-platform.ts'
import { metricStoreSuite } from './metric-store.ts'

metricStoreSuite('files', async () => {
  const platform = await openLocalPlatform()
  return { metrics: platform.metrics, close: () => platform.close() }
})
