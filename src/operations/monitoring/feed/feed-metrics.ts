import { MODEL_METRICS } from '../../../core/contracts/metrics.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'
import { endpointsOf } from '../drift/served.ts'

/** Puts a figure of the feed for every endpoint of the city, at `at`. */
export async function putFeedMetric(
  { store, metrics }: Pick<Platform, 'store' | 'metrics'>,
  { city, at, namespace }: { readonly city: string; readonly at: EpochSeconds; readonly namespace: string },
  name: 'FeedAge' | 'FrozenStations',
  value: number,
): Promise<void> {
  const data = (await endpointsOf(store, city)).map((endpoint) => ({
    MetricName: name,
    Dimensions: { EndpointName: endpoint, City: city },
    Timestamp: at,
    Unit: MODEL_METRICS[name].unit,
    Value: value,
  }))
  if (data.length > 0) await metrics.putMetricData(namespace, data)
}
