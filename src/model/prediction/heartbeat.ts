import type { MetricName } from '../../core/contracts/metrics.ts'
import { BATCH_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { MetricStore } from '../../platform/ports.ts'

const METRIC: MetricName = 'PredictionHeartbeat'
/** Share of the stations that must have got a prediction. */
const MIN_SHARE = 0.9

/** 1 when at least 90 % of the `stations` that were due got a prediction in time, else 0. Without any station it is 0. */
export function heartbeatOf(inTime: number, stations: number): 0 | 1 {
  return stations > 0 && inTime >= MIN_SHARE * stations ? 1 : 0
}

/** Where a heartbeat goes. */
export interface HeartbeatSeries {
  readonly namespace: string
  readonly endpoint: string
  readonly city: string
}

/** Puts the heartbeat of a batch, at its slot. */
export async function putHeartbeat(
  metrics: MetricStore,
  { namespace, endpoint, city }: HeartbeatSeries,
  slot: EpochSeconds,
  value: 0 | 1,
): Promise<void> {
  await metrics.putMetricData(namespace, [
    {
      MetricName: METRIC,
      Dimensions: { EndpointName: endpoint, City: city },
      Timestamp: slot,
      Value: value,
      Unit: 'Count',
    },
  ])
}

/** True when the batch of a slot has its heartbeat: there is one datapoint a batch. */
export async function hasHeartbeat(
  metrics: MetricStore,
  { namespace, endpoint, city }: HeartbeatSeries,
  slot: EpochSeconds,
): Promise<boolean> {
  const [found] = await metrics.getMetricData({
    MetricDataQueries: [
      {
        Id: 'heartbeat',
        MetricStat: {
          Metric: {
            Namespace: namespace,
            MetricName: METRIC,
            Dimensions: { EndpointName: endpoint, City: city },
          },
          Period: BATCH_SECONDS,
          Stat: 'SampleCount',
        },
      },
    ],
    StartTime: slot,
    EndTime: slot + BATCH_SECONDS,
  })
  return (found?.Timestamps.length ?? 0) > 0
}
