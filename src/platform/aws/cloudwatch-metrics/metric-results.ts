import type { MetricDataResult as AwsResult } from '@aws-sdk/client-cloudwatch'
import type { MetricDataQuery, MetricDataResult } from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import { secondsOf } from '../cloudwatch-shapes.ts'

/** Series of one id; a band has two. */
interface Collected {
  readonly Label: string
  readonly Timestamps: number[]
  readonly Values: number[]
}

/** Puts pages of GetMetricData together: a series may go on on the next page. */
export function collectResults(queries: readonly MetricDataQuery[]) {
  const byId = new Map<string, Collected[]>()
  return {
    add(page: readonly AwsResult[]): void {
      const nth = new Map<string, number>()
      for (const { Id = '', Label = '', Timestamps = [], Values = [], StatusCode } of page) {
        if (StatusCode === 'InternalError' || StatusCode === 'Forbidden') throw unanswered(Id, StatusCode)
        const n = nth.get(Id) ?? 0
        nth.set(Id, n + 1)
        const series = byId.get(Id) ?? []
        byId.set(Id, series)
        const known = (series[n] ??= { Label, Timestamps: [], Values: [] })
        known.Timestamps.push(...Timestamps.map(secondsOf))
        known.Values.push(...Values)
      }
    },
    /** One result for every query that returns data, in their order; two, the upper first, for a band. */
    results(): MetricDataResult[] {
      return queries
        .filter(({ ReturnData }) => ReturnData !== false)
        .flatMap((query) => resultsOf(query, byId.get(query.Id) ?? []))
    },
  }
}

function resultsOf({ Id, Label }: MetricDataQuery, found: readonly Collected[]): MetricDataResult[] {
  const [first, second] = found
  if (second && first)
    return (sumOf(first) >= sumOf(second) ? [first, second] : [second, first]).map((series) => ({
      Id,
      ...ascending(series),
    }))
  // What has no datum may be left out.
  return [{ Id, ...ascending(first ?? { Label: Label ?? Id, Timestamps: [], Values: [] }) }]
}

function ascending({ Label, Timestamps, Values }: Collected): Collected {
  const order = Timestamps.map((_, i) => i).sort((a, b) => (Timestamps[a] ?? 0) - (Timestamps[b] ?? 0))
  return {
    Label,
    Timestamps: order.map((i) => Timestamps[i] ?? Number.NaN),
    Values: order.map((i) => Values[i] ?? Number.NaN),
  }
}

const sumOf = ({ Values }: Collected): number => Values.reduce((sum, value) => sum + value, 0)

function unanswered(id: string, status: string): OperatorError {
  return status === 'Forbidden'
    ? new OperatorError(
        'CONFIG',
        `cloudwatch:GetMetricData: the series ${id} may not be read`,
        'Allow cloudwatch:GetMetricData in the policy of the role that this ran as.',
      )
    : new OperatorError(
        'UNAVAILABLE',
        `cloudwatch:GetMetricData: CloudWatch failed to compute the series ${id}`,
        'Try again later.',
      )
}
