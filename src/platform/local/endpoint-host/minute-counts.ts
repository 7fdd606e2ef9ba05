import type { MetricDatum } from '../../../core/contracts/cloudwatch.ts'
import { SAGEMAKER_METRICS, type SageMakerMetricName } from '../../../core/contracts/metrics.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { DistributionBuilder, eachValue, type Distribution } from '../metric-store/distribution.ts'
import type { CallEnding } from './call-ending.ts'

/** One request; times in microseconds. */
export interface CountedCall {
  readonly endpoint: string
  readonly variant: string
  readonly ending: CallEnding
  /** In the model; undefined for a request that no model saw. */
  readonly modelMicros: number | undefined
  /** Around the model; undefined with it. */
  readonly overheadMicros: number | undefined
}

/** CloudWatch takes so many values a datum. */
const VALUES_A_DATUM = 150

/** Counts of one minute of one variant, in bounded memory. */
interface VariantCounts {
  readonly endpoint: string
  readonly variant: string
  requests: number
  refused: number
  failed: number
  readonly model: DistributionBuilder
  readonly overhead: DistributionBuilder
}

/** What happened within one minute, by endpoint and variant. */
export class MinuteCounts {
  /** The beginning of the minute. */
  readonly minute: EpochSeconds
  readonly #variants = new Map<string, Map<string, VariantCounts>>()

  constructor(minute: EpochSeconds) {
    this.minute = minute
  }

  add(call: CountedCall): void {
    const counts = this.#countsOf(call.endpoint, call.variant)
    counts.requests++
    if (call.ending === 'refused') counts.refused++
    if (call.ending === 'failed') counts.failed++
    if (call.modelMicros !== undefined) counts.model.add(Math.round(call.modelMicros))
    if (call.overheadMicros !== undefined) counts.overhead.add(Math.max(0, Math.round(call.overheadMicros)))
  }

  /** SageMaker's metrics of the minute, as CloudWatch takes them. */
  data(): MetricDatum[] {
    const data: MetricDatum[] = []
    for (const variants of this.#variants.values())
      for (const counts of variants.values()) {
        const put = (MetricName: SageMakerMetricName, distribution: Distribution): void => {
          for (const part of inParts(distribution))
            data.push({
              MetricName,
              Dimensions: { EndpointName: counts.endpoint, VariantName: counts.variant },
              Timestamp: this.minute,
              Unit: SAGEMAKER_METRICS[MetricName].unit,
              ...part,
            })
        }
        const { requests, refused, failed, model, overhead } = counts
        put('Invocations', [[1], [requests]])
        put('Invocation4XXErrors', zerosAndOnes(requests, refused))
        put('Invocation5XXErrors', zerosAndOnes(requests, failed))
        if (!model.isEmpty) put('ModelLatency', model.build())
        if (!overhead.isEmpty) put('OverheadLatency', overhead.build())
      }
    return data
  }

  #countsOf(endpoint: string, variant: string): VariantCounts {
    let variants = this.#variants.get(endpoint)
    if (!variants) {
      variants = new Map()
      this.#variants.set(endpoint, variants)
    }
    let counts = variants.get(variant)
    if (!counts) {
      counts = {
        endpoint,
        variant,
        requests: 0,
        refused: 0,
        failed: 0,
        model: new DistributionBuilder(VALUES_A_DATUM),
        overhead: new DistributionBuilder(VALUES_A_DATUM),
      }
      variants.set(variant, counts)
    }
    return counts
  }
}

function zerosAndOnes(requests: number, ones: number): Distribution {
  const pairs = [
    [0, requests - ones],
    [1, ones],
  ].filter(([, count]) => count !== 0)
  return [pairs.map(([value = 0]) => value), pairs.map(([, count = 0]) => count)]
}

function inParts(distribution: Distribution): { Values: number[]; Counts: number[] }[] {
  const parts: { Values: number[]; Counts: number[] }[] = []
  eachValue(distribution, (value, count) => {
    let part = parts.at(-1)
    if (!part || part.Values.length === VALUES_A_DATUM) {
      part = { Values: [], Counts: [] }
      parts.push(part)
    }
    part.Values.push(value)
    part.Counts.push(count)
  })
  return parts
}
