import { MODEL_METRICS } from '../../../core/contracts/metrics.ts'
import type { MetricDatum } from '../../../core/contracts/cloudwatch.ts'
import { DAY_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { MetricStore } from '../../../platform/ports.ts'
import type { DriftRecord } from './drift-file.ts'

/** True while the metric store still takes data of `at`: it refuses what is over two weeks old. */
export const isRecent = ({ at, now }: { readonly at: EpochSeconds; readonly now: EpochSeconds }): boolean =>
  now - at < 14 * DAY_SECONDS

/** Puts PSI, FeatureSkew and WeatherFaults of each endpoint, at the record's time. What is missing puts no datapoint. */
export async function putDriftMetrics(
  metrics: Pick<MetricStore, 'putMetricData'>,
  namespace: string,
  records: readonly DriftRecord[],
): Promise<void> {
  const data = records.flatMap((record): MetricDatum[] => {
    const figures = {
      PSI: record.psi,
      FeatureSkew: record.skew?.share,
      WeatherFaults: record.weather?.faults,
    } as const
    return Object.entries(figures).flatMap(([name, value]) =>
      value === null || value === undefined
        ? []
        : [
            {
              MetricName: name,
              Dimensions: { EndpointName: record.endpoint, City: record.city },
              Timestamp: record.at,
              Unit: MODEL_METRICS[name as keyof typeof figures].unit,
              Value: value,
            },
          ],
    )
  })
  if (data.length > 0) await metrics.putMetricData(namespace, data)
}
