import type { MetricDatum as AwsDatum, StandardUnit } from '@aws-sdk/client-cloudwatch'
import type { MetricDatum } from '../../../core/contracts/cloudwatch.ts'
import { awsDimensions, dateOf } from '../cloudwatch-shapes.ts'

/** Limits of one PutMetricData; the size is that of its JSON, with room for what stands around the data. */
const MOST_DATA = 1000
const MOST_BYTES = 1_000_000

/** Data in as few requests as CloudWatch's limits allow, in their order. */
export function putBatches(data: readonly MetricDatum[]): AwsDatum[][] {
  const batches: AwsDatum[][] = []
  let batch: AwsDatum[] = []
  let bytes = 0
  for (const datum of data) {
    const next = awsDatum(datum)
    const size = JSON.stringify(next).length + 1
    if (batch.length === MOST_DATA || (batch.length > 0 && bytes + size > MOST_BYTES)) {
      batches.push(batch)
      batch = []
      bytes = 0
    }
    batch.push(next)
    bytes += size
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}

function awsDatum({ MetricName, Dimensions, Timestamp, Unit, Value, Values, Counts }: MetricDatum): AwsDatum {
  return {
    MetricName,
    Dimensions: awsDimensions(Dimensions),
    Timestamp: dateOf(Timestamp),
    Unit: Unit as StandardUnit,
    ...(Value !== undefined && { Value }),
    ...(Values && { Values: [...Values] }),
    ...(Counts && { Counts: [...Counts] }),
  }
}
